import { describe, expect, it } from 'vitest';
import { PitCounter } from './pitCounter.ts';

/** Reads the counting element through a latch, low byte first. */
function count(counter: PitCounter, tick: number): number {
  counter.latchCount(tick);
  return counter.read(tick) | (counter.read(tick) << 8);
}

/** A counter with the mode set and a 16-bit count written at tick 0. */
function start(mode: number, value: number, gate = true, bcd = 0): PitCounter {
  const counter = new PitCounter(gate);
  counter.control(0x30 | (mode << 1) | bcd, 0);
  counter.write(value & 0xff, 0);
  counter.write(value >>> 8, 0);
  return counter;
}

/** OUT over ticks as the data sheet draws it: '-' high, '_' low. */
function wave(counter: PitCounter, from: number, to: number): string {
  let text = '';
  for (let tick = from; tick <= to; tick++) text += counter.out(tick) ? '-' : '_';
  return text;
}

const counts = (counter: PitCounter, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => count(counter, from + i));

describe('mode 0, interrupt on terminal count (8254 data sheet, figure 15)', () => {
  it('raises OUT N + 1 pulses after the write and counts on past zero', () => {
    const counter = start(0, 4);
    expect(wave(counter, 0, 7)).toBe('_____---');
    expect(counts(start(0, 4), 1, 7)).toEqual([4, 3, 2, 1, 0, 0xffff, 0xfffe]);
  });

  it('waits while the gate is low', () => {
    const counter = start(0, 3);
    counter.setGate(false, 2);
    expect(counts(counter, 2, 5)).toEqual([2, 2, 2, 2]);
    counter.setGate(true, 5);
    expect(counts(counter, 6, 8)).toEqual([1, 0, 0xffff]);
    const loadedClosed = start(0, 3, false);
    expect(count(loadedClosed, 9)).toBe(3);
    loadedClosed.setGate(true, 9);
    expect(wave(loadedClosed, 9, 13)).toBe('___--');
  });

  it('stops at the first byte of a new count and starts over at the second', () => {
    const counter = start(0, 3);
    expect(counter.out(6)).toBe(true);
    counter.write(2, 6);
    expect(wave(counter, 6, 20)).toBe('_'.repeat(15));
    counter.write(0, 20);
    expect(wave(counter, 20, 24)).toBe('___--');
  });
});

describe('mode 1, retriggerable one-shot (figure 16)', () => {
  it('goes low for N pulses after a trigger, again after each new one', () => {
    const counter = start(1, 3, false);
    expect(wave(counter, 0, 3)).toBe('----');
    counter.setGate(true, 3);
    expect(wave(counter, 3, 8)).toBe('-___--');
    counter.setGate(false, 8);
    counter.setGate(true, 9);
    expect(wave(counter, 9, 11)).toBe('-__');
    counter.setGate(false, 11);
    counter.setGate(true, 11);
    expect(wave(counter, 11, 16)).toBe('____--');
  });

  it('uses a new count from the next trigger on', () => {
    const counter = start(1, 2, false);
    counter.setGate(true, 0);
    counter.write(4, 1);
    counter.write(0, 1);
    expect(wave(counter, 1, 5)).toBe('__---');
    counter.setGate(false, 5);
    counter.setGate(true, 6);
    expect(wave(counter, 6, 11)).toBe('-____-');
  });
});

describe('mode 2, rate generator (figure 17)', () => {
  it('is low for the last of N pulses', () => {
    expect(wave(start(2, 3), 0, 9)).toBe('---_--_--_');
    expect(counts(start(2, 3), 1, 7)).toEqual([3, 2, 1, 3, 2, 1, 3]);
  });

  it('takes a new count at the end of the period', () => {
    const counter = start(2, 4);
    counter.write(5, 2);
    counter.write(0, 2);
    expect(counts(counter, 2, 10)).toEqual([3, 2, 1, 5, 4, 3, 2, 1, 5]);
  });

  it('starts a fresh period when the gate rises', () => {
    const counter = start(2, 3);
    counter.setGate(false, 3);
    expect(counter.out(3)).toBe(true);
    counter.setGate(true, 5);
    expect(counts(counter, 6, 9)).toEqual([3, 2, 1, 3]);
  });
});

describe('mode 3, square wave (figure 18)', () => {
  it('halves an even count', () => {
    expect(wave(start(3, 4), 0, 9)).toBe('---__--__-');
    expect(counts(start(3, 4), 1, 6)).toEqual([4, 2, 4, 2, 4, 2]);
  });

  it('is high one pulse longer with an odd count', () => {
    expect(wave(start(3, 5), 1, 11)).toBe('---__---__-');
    expect(counts(start(3, 5), 1, 6)).toEqual([4, 2, 0, 4, 2, 4]);
  });

  it('takes a new count at the end of the half period', () => {
    const counter = start(3, 4);
    counter.write(8, 1);
    counter.write(0, 1);
    expect(wave(counter, 1, 15)).toBe('--____----____-');
    const second = start(3, 4);
    second.write(8, 4);
    second.write(0, 4);
    expect(wave(second, 4, 13)).toBe('_----____-');
  });
});

describe('modes 4 and 5, strobes (figures 19, 20)', () => {
  it('mode 4 strobes N + 1 pulses after the write, once', () => {
    expect(wave(start(4, 3), 0, 8)).toBe('----_----');
    const counter = start(4, 3);
    counter.setGate(false, 2);
    counter.setGate(true, 6);
    expect(wave(counter, 6, 10)).toBe('--_--');
  });

  it('mode 5 strobes N + 1 pulses after a trigger', () => {
    const counter = start(5, 3, false);
    expect(wave(counter, 0, 6)).toBe('-------');
    counter.setGate(true, 6);
    expect(wave(counter, 6, 12)).toBe('----_--');
  });
});

describe('reading and BCD', () => {
  it('counts 10000 down in BCD', () => {
    const counter = start(2, 0, true, 1);
    expect(counts(counter, 1, 3)).toEqual([0, 0x9999, 0x9998]);
    expect(count(counter, 10_000)).toBe(1);
    const zero = start(0, 0x0100, true, 1);
    expect(counts(zero, 100, 102)).toEqual([1, 0, 0x9999]);
  });

  it('a latch holds until it is read; a second latch is ignored', () => {
    const counter = start(2, 0x1234);
    counter.latchCount(5);
    counter.latchCount(9);
    expect(counter.read(20)).toBe(0x30);
    expect(counter.read(20)).toBe(0x12);
    expect(counter.read(21)).toBe(0x20);
  });

  it('read-back gives status first, with null count until the load', () => {
    const counter = start(3, 0x10);
    counter.readBack(0xe2, 0);
    expect(counter.read(0)).toBe(0b11110110);
    counter.readBack(0xc2, 9);
    expect(counter.read(20)).toBe(0b00110110);
    expect(counter.read(20)).toBe(0x10);
    expect(counter.read(20)).toBe(0);
    counter.write(0x20, 21);
    counter.write(0, 21);
    counter.readBack(0xe2, 21);
    expect(counter.read(21) & 0x40).toBe(0x40);
  });

  it('reads and writes single bytes in the one-byte modes', () => {
    const low = new PitCounter(true);
    low.control(0x14, 0);
    low.write(50, 0);
    expect(low.read(3)).toBe(48);
    const high = new PitCounter(true);
    high.control(0x24, 0);
    high.write(2, 0);
    expect(high.read(1)).toBe(2);
    expect(high.read(2)).toBe(1);
  });
});

it('names every change of OUT in advance', () => {
  for (const [mode, n] of [
    [0, 5],
    [1, 5],
    [2, 5],
    [2, 2],
    [3, 4],
    [3, 7],
    [4, 5],
    [5, 5],
  ] as const) {
    const counter = start(mode, n, mode !== 1 && mode !== 5);
    if (!counter.gate) counter.setGate(true, 0);
    let level = counter.out(0);
    let next = counter.nextChange(0);
    for (let tick = 1; tick < 60; tick++) {
      if (tick === 7) {
        counter.write(6, tick);
        counter.write(0, tick);
      }
      const now = counter.out(tick);
      if (tick !== 7 && now !== level) expect(`mode ${mode}: ${next}`).toBe(`mode ${mode}: ${tick}`);
      level = now;
      next = counter.nextChange(tick);
    }
  }
});
