/** All departures of QEMU 7.2, in the order in which they are undone. */
import type { Outcome } from '../record.ts';
import type { TestCase } from '../testCase.ts';
import { CALLS } from './calls.ts';
import { DEBUGGING } from './debugging.ts';
import type { Departure } from './departure.ts';
import { EVERYWHERE } from './everywhere.ts';
import { FAST_CALLS } from './fastCalls.ts';
import { INTERRUPTS } from './interrupts.ts';
import { PAGING } from './paging.ts';
import { PRIVILEGED } from './privileged.ts';
import { RETURNS } from './returns.ts';
import { SEGMENTS } from './segments.ts';

export const DEPARTURES: readonly Departure[] = [
  ...EVERYWHERE,
  ...PAGING,
  ...SEGMENTS,
  ...RETURNS,
  ...CALLS,
  ...INTERRUPTS,
  ...FAST_CALLS,
  ...PRIVILEGED,
  ...DEBUGGING,
];

/** QEMU's record as the manual wants it, and the names of the departures that changed it. */
export function mended(c: TestCase, theirs: Outcome): { outcome: Outcome; used: string[] } {
  const outcome = theirs.copy();
  const used: string[] = [];
  for (const { name, mend } of DEPARTURES) {
    const before = outcome.copy();
    mend(c, outcome);
    if (!outcome.equals(before)) used.push(name);
  }
  return { outcome, used };
}
