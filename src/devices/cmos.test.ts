import { beforeEach, describe, expect, it } from 'vitest';
import { toSeconds } from './calendar.ts';
import { Cmos } from './cmos.ts';
import { ManualClock, ProbeLine } from './manualClock.ts';

const START = toSeconds({ year: 2024, month: 12, day: 31, hour: 23, minute: 59, second: 58 });
let clock: ManualClock;
let irq: ProbeLine;
let cmos: Cmos;
const read = (register: number) => {
  cmos.writePort(0x70, 1, register);
  return cmos.readPort(0x71, 1);
};
const write = (register: number, value: number) => {
  cmos.writePort(0x70, 1, register | 0x80);
  cmos.writePort(0x71, 1, value);
};
const now = () => [0x32, 9, 8, 7, 4, 2, 0].map(read);

beforeEach(() => {
  clock = new ManualClock();
  irq = new ProbeLine();
  cmos = new Cmos({ clock, irq, startSeconds: START, memoryBytes: 256 << 20 });
});

describe('MC146818', () => {
  it('starts at the given date and follows guest time', () => {
    expect(now()).toEqual([0x20, 0x24, 0x12, 0x31, 0x23, 0x59, 0x58]);
    expect(read(6)).toBe(3);
    clock.advance(2_000_000_000);
    expect(now()).toEqual([0x20, 0x25, 0x01, 0x01, 0x00, 0x00, 0x00]);
    expect(read(6)).toBe(4);
  });

  it('counts in binary and by half days on request', () => {
    write(11, 4);
    expect(now()).toEqual([20, 24, 12, 31, 0x80 | 11, 59, 58]);
    clock.advance(2_000_000_000);
    expect(read(4)).toBe(12);
  });

  it('is set by the guest, with updates held by SET', () => {
    write(11, 0x82);
    write(0, 0x30);
    write(2, 0x15);
    write(4, 0x08);
    write(7, 0x29);
    write(8, 0x02);
    write(9, 0x28);
    clock.advance(5_000_000_000);
    expect(now()).toEqual([0x20, 0x28, 0x02, 0x29, 0x08, 0x15, 0x30]);
    write(11, 0x02);
    clock.advance(1_000_000_000);
    expect(read(0)).toBe(0x31);
  });

  it('shows an update in progress before the second changes', () => {
    expect(read(10)).toBe(0x26);
    clock.advance(1_000_000_000 - 244_000);
    expect(read(10)).toBe(0xa6);
    clock.advance(244_000);
    expect(read(10)).toBe(0x26);
  });

  it('interrupts 1024 times a second; reading C acknowledges', () => {
    write(11, 0x42);
    let count = 0;
    for (let ns = 0; ns <= 1_000_000_000; ns += 100_000) {
      clock.advanceTo(ns);
      if (irq.level) {
        count += 1;
        expect(read(12) & 0xc0).toBe(0xc0);
        expect(irq.level).toBe(false);
      }
    }
    expect(count).toBe(1024);
    expect(read(12) & 0x80).toBe(0);
  });

  it('interrupts at an alarm, with wildcards', () => {
    write(1, 0x05);
    write(3, 0xff);
    write(5, 0xc0);
    write(11, 0x22);
    clock.advance(6_999_999_999);
    expect(irq.level).toBe(false);
    clock.advance(1);
    expect(irq.level).toBe(true);
    expect(read(12)).toBe((0xf0 & ~0x40) | 0x40);
  });

  it('interrupts after each update', () => {
    write(11, 0x12);
    read(12);
    clock.advance(1_000_000_000);
    expect(irq.level).toBe(true);
    expect(read(12) & 0x90).toBe(0x90);
  });

  it('keeps memory sizes and other bytes', () => {
    expect([0x15, 0x16, 0x34, 0x35].map(read)).toEqual([0x80, 0x02, 0x00, 0x0f]);
    write(0x40, 0xab);
    const state = cmos.save();
    cmos.reset();
    expect(read(0x40)).toBe(0xab);
    const other = new Cmos({ clock, irq, startSeconds: 0, memoryBytes: 0 });
    other.restore(state);
    expect(other.save()).toEqual(state);
    expect(read(13)).toBe(0x80);
  });
});
