import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, ProbeLine } from './manualClock.ts';
import { Uart16550 } from './uart16550.ts';

const BASE = 0x3f8;
let clock: ManualClock;
let irq: ProbeLine;
let sent: number[];
let uart: Uart16550;
const read = (register: number) => uart.readPort(BASE + register, 1);
const write = (register: number, value: number) => uart.writePort(BASE + register, 1, value);
const receive = (...bytes: number[]) => {
  for (const byte of bytes) uart.receive(byte);
};

beforeEach(() => {
  clock = new ManualClock();
  irq = new ProbeLine();
  sent = [];
  uart = new Uart16550({ name: 'com1', base: BASE, clock, irq, transmit: (byte) => sent.push(byte) });
});

describe('16550 (National PC16550D data sheet)', () => {
  it('has the reset values of table III', () => {
    expect([1, 2, 3, 4, 5].map(read)).toEqual([0, 1, 0, 0, 0x60]);
    expect(read(6)).toBe(0xb0);
  });

  it('sends at once', () => {
    write(0, 0x41);
    expect(sent).toEqual([0x41]);
    expect(read(5)).toBe(0x60);
  });

  it('keeps the scratch register and the divisor latch behind DLAB', () => {
    write(7, 0x5a);
    write(3, 0x83);
    write(0, 0x01);
    write(1, 0x02);
    expect([read(0), read(1)]).toEqual([1, 2]);
    write(3, 3);
    expect([read(0), read(1), read(7)]).toEqual([0, 0, 0x5a]);
    expect(sent).toEqual([]);
  });

  it('raises the transmitter interrupt when it is enabled, at every write, and clears it by reading IIR', () => {
    write(4, 8);
    write(1, 2);
    expect(irq.level).toBe(true);
    expect(read(2)).toBe(2);
    expect(irq.level).toBe(false);
    expect(read(2)).toBe(1);
    write(0, 0x42);
    expect(irq.level).toBe(true);
    write(1, 0);
    expect(irq.level).toBe(false);
  });

  it('asks for an interrupt only while OUT2 is set', () => {
    write(1, 1);
    receive(0x61);
    expect(irq.level).toBe(false);
    write(4, 8);
    expect(irq.level).toBe(true);
    expect(read(2)).toBe(4);
    expect(read(0)).toBe(0x61);
    expect(irq.level).toBe(false);
  });

  it('loses nothing: bytes wait on the line for room', () => {
    receive(1, 2, 3);
    expect([read(0), read(0), read(0)]).toEqual([1, 2, 3]);
    expect(read(5) & 3).toBe(0);
    write(2, 1);
    receive(...Array.from({ length: 40 }, (_, i) => i));
    expect(Array.from({ length: 40 }, () => read(0))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(read(5) & 3).toBe(0);
  });

  it('gets bytes sent before its set-up whole, whatever the set-up clears', () => {
    receive(...[...'hello'].map((letter) => letter.charCodeAt(0)));
    write(1, 0);
    write(3, 0x80);
    write(0, 1);
    write(3, 3);
    write(2, 0xc7);
    write(4, 0x0b);
    expect(read(5) & 1).toBe(1);
    expect(String.fromCharCode(read(0), read(0), read(0), read(0), read(0))).toBe('hello');
  });

  it.each([
    [0x01, 1],
    [0x41, 4],
    [0x81, 8],
    [0xc1, 14],
  ])('with FCR %i interrupts at %i bytes', (fcr, level) => {
    write(4, 8);
    write(2, fcr);
    write(1, 1);
    receive(...new Array<number>(level - 1).fill(7));
    expect(irq.level).toBe(false);
    receive(7);
    expect(irq.level).toBe(true);
    expect(read(2)).toBe(0xc4);
    read(0);
    expect(irq.level).toBe(false);
  });

  it('tells of bytes below the trigger level after four character times', () => {
    write(3, 0x83);
    write(0, 1);
    write(1, 0);
    write(3, 3);
    write(4, 8);
    write(2, 0xc1);
    write(1, 1);
    receive(0x31);
    // 40 bits at 115200 baud are 347.2 us.
    clock.advance(347_222);
    expect(irq.level).toBe(false);
    clock.advance(1);
    expect(irq.level).toBe(true);
    expect(read(2)).toBe(0xcc);
    expect(read(0)).toBe(0x31);
    expect(read(2)).toBe(0xc1);
  });

  it('loops back bytes and modem lines', () => {
    write(4, 0x10);
    write(0, 0x99);
    expect(sent).toEqual([]);
    expect(read(5)).toBe(0x61);
    expect(read(0)).toBe(0x99);
    read(6);
    write(4, 0x1f);
    expect(read(6)).toBe(0xfb);
    write(4, 0x1b);
    // Only the trailing edge of RI is reported.
    expect(read(6)).toBe(0xb4);
  });

  it('overruns in loopback: without FIFO the new byte stays, with FIFO the old ones', () => {
    write(4, 0x10);
    write(0, 1);
    write(0, 2);
    expect(read(5)).toBe(0x63);
    expect(read(5)).toBe(0x61);
    expect(read(0)).toBe(2);
    write(2, 1);
    for (let i = 0; i < 17; i++) write(0, i);
    expect(read(5) & 2).toBe(2);
    expect(Array.from({ length: 16 }, () => read(0))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(read(5) & 1).toBe(0);
  });

  it('reports line status first, then data, then transmitter, then modem', () => {
    write(4, 0x18);
    write(0, 1);
    write(0, 2);
    write(4, 0x19);
    write(1, 0xf);
    expect(read(2)).toBe(6);
    read(5);
    expect(read(2)).toBe(4);
    read(0);
    expect(read(2)).toBe(2);
    expect(read(2)).toBe(0);
    read(6);
    expect(read(2)).toBe(1);
  });

  it('clears the receive FIFO on request and when FIFO mode changes', () => {
    write(2, 1);
    receive(1, 2);
    write(2, 3);
    expect(read(5) & 1).toBe(0);
    receive(3);
    write(2, 0);
    expect(read(5) & 1).toBe(0);
    expect(read(2)).toBe(1);
  });

  it('saves and restores, the timeout included', () => {
    write(4, 8);
    write(2, 0xc1);
    write(1, 1);
    receive(0x55);
    const state = uart.save();
    const other = new Uart16550({ name: 'com1', base: BASE, clock, irq, transmit: () => {} });
    uart.reset();
    other.restore(state);
    expect(other.save()).toEqual(state);
    clock.advance(10_000_000);
    expect(other.readPort(BASE + 2, 1)).toBe(0xcc);
    expect(() => other.restore({ ...(state as object), lcr: 256 })).toThrow('lcr');
  });
});
