import { beforeEach, describe, expect, it } from 'vitest';
import { ProbeLine } from './manualClock.ts';
import { Pic8259 } from './pic8259.ts';

let intr: ProbeLine;
let pic: Pic8259;
const read = (port: number) => pic.readPort(port, 1);
const write = (port: number, ...values: number[]) => {
  for (const value of values) pic.writePort(port, 1, value);
};
const raise = (irq: number) => pic.line(irq).set(true);
const lower = (irq: number) => pic.line(irq).set(false);
const isr = (port = 0x20) => {
  write(port, 0x0b);
  return read(port);
};
const irr = (port = 0x20) => {
  write(port, 0x0a);
  return read(port);
};

/** The usual set-up: vectors 20h and 28h, cascade on IR2; `icw4` for both. */
function initialize(icw4 = 1, icw1 = 0x11) {
  write(0x20, icw1);
  write(0x21, 0x20, 4, icw4);
  write(0xa0, icw1);
  write(0xa1, 0x28, 2, icw4 & ~0x10);
}

beforeEach(() => {
  intr = new ProbeLine();
  pic = new Pic8259(intr);
  initialize();
});

describe('8259A pair (Intel 8259A data sheet)', () => {
  it('is silent before its initialization words', () => {
    pic.reset();
    raise(1);
    expect(intr.level).toBe(false);
  });

  it('gives vector, marks in service, and serves by priority', () => {
    raise(4);
    raise(1);
    expect(intr.level).toBe(true);
    expect(pic.acknowledge()).toBe(0x21);
    expect([isr(), irr()]).toEqual([0x02, 0x10]);
    expect(intr.level).toBe(false);
    write(0x20, 0x20);
    expect(intr.level).toBe(true);
    expect(pic.acknowledge()).toBe(0x24);
    raise(0);
    expect(intr.level).toBe(true);
    expect(pic.acknowledge()).toBe(0x20);
    expect(isr()).toBe(0x11);
    write(0x20, 0x20);
    expect(isr()).toBe(0x10);
  });

  it('is edge-triggered: a line that stays high asks once', () => {
    raise(3);
    pic.acknowledge();
    write(0x20, 0x20);
    expect(intr.level).toBe(false);
    lower(3);
    raise(3);
    expect(intr.level).toBe(true);
  });

  it('ICW1 clears mask and edge latches: a high line must fall and rise to ask', () => {
    write(0x21, 0xff);
    raise(3);
    initialize();
    expect(read(0x21)).toBe(0);
    expect(intr.level).toBe(false);
    lower(3);
    raise(3);
    expect(pic.acknowledge()).toBe(0x23);
  });

  it('is level-triggered where ELCR says so, and the fixed inputs refuse', () => {
    write(0x4d0, 0xff);
    write(0x4d1, 0xff);
    expect([read(0x4d0), read(0x4d1)]).toEqual([0xf8, 0xde]);
    raise(5);
    pic.acknowledge();
    write(0x20, 0x20);
    expect(intr.level).toBe(true);
    lower(5);
    expect(intr.level).toBe(false);
  });

  it('masks', () => {
    write(0x21, 0x02);
    raise(1);
    expect(intr.level).toBe(false);
    expect(irr()).toBe(2);
    write(0x21, 0);
    expect(pic.acknowledge()).toBe(0x21);
  });

  it('cascades: slave vector, both in service, both need EOI', () => {
    raise(12);
    expect(irr()).toBe(4);
    expect(pic.acknowledge()).toBe(0x2c);
    expect([isr(0x20), isr(0xa0)]).toEqual([4, 0x10]);
    raise(14);
    raise(8);
    // Normal nesting: the master's IR2 in service holds back even a higher input of the slave.
    expect(intr.level).toBe(false);
    write(0xa0, 0x20);
    write(0x20, 0x20);
    expect(pic.acknowledge()).toBe(0x28);
    write(0xa0, 0x20);
    write(0x20, 0x20);
    expect(pic.acknowledge()).toBe(0x2e);
  });

  it('lets a higher slave input through in special fully nested mode', () => {
    initialize(0x11);
    raise(12);
    pic.acknowledge();
    raise(14);
    expect(intr.level).toBe(false);
    raise(8);
    expect(intr.level).toBe(true);
    expect(pic.acknowledge()).toBe(0x28);
    expect(isr(0xa0)).toBe(0x11);
  });

  it('answers a vanished request with IR7, not in service', () => {
    raise(4);
    lower(4);
    expect(intr.level).toBe(false);
    expect(pic.acknowledge()).toBe(0x27);
    expect(isr()).toBe(0);
  });

  it('answers with the IR7 of the master when the slave was polled first', () => {
    raise(10);
    write(0xa0, 0x0c);
    expect(read(0xa0)).toBe(0x82);
    expect(intr.level).toBe(false);
    expect(pic.acknowledge()).toBe(0x27);
    expect([isr(0x20), isr(0xa0)]).toEqual([0, 4]);
  });

  it('automatic EOI leaves nothing in service, with rotation when asked', () => {
    initialize(3);
    raise(9);
    raise(15);
    expect(pic.acknowledge()).toBe(0x29);
    expect([isr(0x20), isr(0xa0)]).toEqual([0, 0]);
    expect(pic.acknowledge()).toBe(0x2f);
    write(0x20, 0x80);
    raise(0);
    raise(1);
    expect(pic.acknowledge()).toBe(0x20);
    lower(0);
    raise(0);
    expect(pic.acknowledge()).toBe(0x21);
    expect(pic.acknowledge()).toBe(0x20);
  });

  it('rotates on non-specific and specific EOI, and sets priority', () => {
    raise(3);
    raise(6);
    pic.acknowledge();
    write(0x20, 0xa0);
    raise(2 + 2);
    // IR3 is lowest now: 4 is highest.
    expect(pic.acknowledge()).toBe(0x24);
    write(0x20, 0xe4);
    expect(pic.acknowledge()).toBe(0x26);
    write(0x20, 0x66);
    write(0x20, 0xc0);
    raise(0);
    raise(1);
    expect(pic.acknowledge()).toBe(0x21);
    write(0x20, 0x61);
    expect(isr()).toBe(0);
  });

  it('special mask mode lets lower inputs in, and passes masked ones over at EOI', () => {
    raise(1);
    pic.acknowledge();
    raise(4);
    expect(intr.level).toBe(false);
    write(0x21, 0x02);
    write(0x20, 0x68);
    expect(pic.acknowledge()).toBe(0x24);
    write(0x20, 0x20);
    expect(isr()).toBe(0x02);
    write(0x20, 0x48);
    write(0x20, 0x20);
    expect(isr()).toBe(0);
  });

  it('polls: one read acknowledges', () => {
    raise(5);
    write(0x20, 0x0c);
    expect(read(0x20)).toBe(0x85);
    expect(isr()).toBe(0x20);
    write(0x20, 0x0c);
    expect(read(0x20) & 0x80).toBe(0);
  });

  it('without ICW4 takes two data words; a single chip takes no ICW3', () => {
    write(0x20, 0x12);
    write(0x21, 0x40);
    write(0x21, 0xaa);
    expect(read(0x21)).toBe(0xaa);
    write(0x20, 0x10);
    write(0x21, 0x40, 4, 0x55);
    expect(read(0x21)).toBe(0x55);
  });

  it('saves and restores', () => {
    raise(12);
    pic.acknowledge();
    raise(3);
    const state = pic.save();
    const probe = new ProbeLine();
    const other = new Pic8259(probe);
    other.restore(state);
    expect(other.save()).toEqual(state);
    other.writePort(0x20, 1, 0x20);
    expect(probe.level).toBe(true);
    expect(other.acknowledge()).toBe(0x23);
  });
});
