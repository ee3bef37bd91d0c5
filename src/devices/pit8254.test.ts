import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, ProbeLine } from './manualClock.ts';
import { Pit8254 } from './pit8254.ts';

let clock: ManualClock;
let irq: ProbeLine;
let pit: Pit8254;
const write = (port: number, ...values: number[]) => {
  for (const value of values) pit.writePort(port, 1, value);
};
const read = (port: number) => pit.readPort(port, 1);

beforeEach(() => {
  clock = new ManualClock();
  irq = new ProbeLine();
  pit = new Pit8254(clock, irq);
  pit.reset();
  irq.rises = 0;
});

describe('8254 in the PC', () => {
  it('gives exactly 1193182 / 11932 interrupts a second, without drift', () => {
    write(0x43, 0x34);
    write(0x40, 11932 & 0xff, 11932 >>> 8);
    clock.advanceTo(1_000_000_000);
    expect(irq.rises).toBe(99);
    clock.advanceTo(100_000_000_000);
    expect(irq.rises).toBe(Math.floor((119_318_200 - 1) / 11932));
  });

  it('interrupts once in mode 0', () => {
    write(0x43, 0x30);
    write(0x40, 100, 0);
    clock.advanceTo(10_000_000);
    expect(irq.rises).toBe(1);
  });

  it('loses no pulse when called late', () => {
    write(0x43, 0x34);
    write(0x40, 100, 0);
    const at = clock.next() ?? 0;
    clock.disarm(pit);
    clock.advanceTo(at + 1_000_000);
    pit.fire(clock.now());
    expect(irq.rises).toBe(12);
  });

  it('port 61h gates counter 2 and shows its output', () => {
    write(0x43, 0xb0);
    write(0x42, 10, 0);
    expect(read(0x61) & 0x2f).toBe(0);
    clock.advance(100_000);
    expect(read(0x61) & 0x20).toBe(0);
    write(0x61, 1);
    clock.advance(9_000);
    expect(read(0x61) & 0x2f).toBe(0x21);
    write(0x61, 0xff);
    expect(read(0x61) & 0x0f).toBe(0x0f);
    expect(pit.speaker).toBe(true);
  });

  it('toggles the refresh bit every 15 us', () => {
    let changes = 0;
    let last = read(0x61) & 0x10;
    for (let ns = 0; ns < 1_000_000; ns += 500) {
      clock.advanceTo(ns);
      const bit = read(0x61) & 0x10;
      if (bit !== last) changes += 1;
      last = bit;
    }
    expect(changes).toBe(Math.floor(1193 / 18));
  });

  it('reads back several counters with one command', () => {
    write(0x43, 0x34, 0x74);
    write(0x40, 0, 1);
    write(0x41, 0, 2);
    clock.advance(1000);
    write(0x43, 0xc6);
    expect(read(0x40)).toBe(0xb4);
    expect(read(0x40) | (read(0x40) << 8)).toBe(0x100);
    expect(read(0x41)).toBe(0xb4);
    expect(read(0x41) | (read(0x41) << 8)).toBe(0x200);
    expect(read(0x43)).toBe(0);
  });

  it('goes on from a saved state exactly as the original', () => {
    write(0x43, 0x36);
    write(0x40, 0x55, 0x03);
    clock.advanceTo(5_000_321);
    const state = pit.save();
    const line = new ProbeLine();
    line.level = irq.level;
    const twinClock = new ManualClock();
    twinClock.advanceTo(5_000_321);
    const twin = new Pit8254(twinClock, line);
    twin.restore(state);
    const before = irq.rises;
    for (let ns = 5_001_000; ns < 9_000_000; ns += 77_777) {
      clock.advanceTo(ns);
      twinClock.advanceTo(ns);
      expect(twin.save()).toEqual(pit.save());
      expect(line.level).toBe(irq.level);
    }
    expect(line.rises).toBe(irq.rises - before);
  });
});
