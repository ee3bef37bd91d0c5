import { expect, it } from 'vitest';
import { ticksAt, timeOfTick } from './rate.ts';

const HZ = 1_193_182;

it('counts whole ticks exactly, also after weeks', () => {
  expect(ticksAt(838, HZ)).toBe(0);
  expect(ticksAt(839, HZ)).toBe(1);
  expect(ticksAt(1e9, HZ)).toBe(HZ);
  for (const ns of [0, 1, 999_999_999, 123_456_789_012, 2 ** 53 - 1]) {
    expect(ticksAt(ns, HZ)).toBe(Number((BigInt(ns) * BigInt(HZ)) / 1_000_000_000n));
  }
});

it('finds the first ns of a tick', () => {
  for (const tick of [1, 2, 18, 65536, HZ, 987_654_321_987]) {
    const at = timeOfTick(tick, HZ);
    expect(ticksAt(at, HZ)).toBe(tick);
    expect(ticksAt(at - 1, HZ)).toBe(tick - 1);
  }
});
