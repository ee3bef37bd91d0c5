/** Calendar arithmetic of the proleptic Gregorian calendar, for the real-time clock. */

export interface CalendarTime {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** 1..31 */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 1 = Sunday .. 7 = Saturday, as the MC146818 counts. */
  readonly weekday: number;
}

const SECONDS_PER_DAY = 86_400;
/** Days of a 400-year cycle, and from 1 March of year 0 to 1 January 1970. */
const CYCLE = 146_097;
const EPOCH = 719_468;

/** Days since 1 January 1970. Years begin on 1 March here, so that the leap day comes last. */
export function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(shifted / 400);
  const ofCycle = shifted - cycle * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return cycle * CYCLE + ofCycle * 365 + Math.floor(ofCycle / 4) - Math.floor(ofCycle / 100) + dayOfYear - EPOCH;
}

/** Seconds since 1 January 1970. Fields out of range carry over, as arithmetic does. */
export function toSeconds(time: Omit<CalendarTime, 'weekday'>): number {
  const days = daysSince1970(time.year, time.month, time.day);
  return days * SECONDS_PER_DAY + time.hour * 3600 + time.minute * 60 + time.second;
}

export function fromSeconds(seconds: number): CalendarTime {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const ofDay = seconds - days * SECONDS_PER_DAY;
  const shifted = days + EPOCH;
  const cycle = Math.floor(shifted / CYCLE);
  const dayOfCycle = shifted - cycle * CYCLE;
  const leapless =
    dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor(leapless / 365);
  const dayOfYear = dayOfCycle - (yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
    // 1 January 1970 was a Thursday.
    weekday: ((((days + 4) % 7) + 7) % 7) + 1,
  };
}
