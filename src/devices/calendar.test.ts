import { expect, it } from 'vitest';
import { daysSince1970, fromSeconds, toSeconds } from './calendar.ts';

it('agrees with Date on every day of 1900..2200', () => {
  for (let day = daysSince1970(1900, 1, 1); day < daysSince1970(2200, 1, 1); day++) {
    const date = new Date(day * 86_400_000 + 45_296_000);
    const time = fromSeconds(day * 86_400 + 45_296);
    expect([time.year, time.month, time.day, time.hour, time.minute, time.second, time.weekday]).toEqual([
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      12,
      34,
      56,
      date.getUTCDay() + 1,
    ]);
    if (toSeconds(time) !== day * 86_400 + 45_296) expect(toSeconds(time)).toBe(day);
  }
});
