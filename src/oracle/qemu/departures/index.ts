/** All departures of QEMU 7.2, in the order in which they are undone. */
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
