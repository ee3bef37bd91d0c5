/** Every kind of case in IA-32e mode. */
import type { Kind } from '../suite.ts';
import { calls } from './calls.ts';
import { debugging } from './debugging.ts';
import { fastCalls } from './fastCalls.ts';
import { interrupts } from './interrupts.ts';
import { paging } from './paging.ts';
import { privileged } from './privileged.ts';
import { returns } from './returns.ts';
import { segments } from './segments.ts';

export const KINDS: readonly Kind[] = [
  { name: 'page walks', make: paging, inCi: 4_000, inAll: 40_000 },
  { name: 'segment loads', make: segments, inCi: 3_000, inAll: 20_000 },
  { name: 'returns', make: returns, inCi: 3_000, inAll: 20_000 },
  { name: 'calls and jumps', make: calls, inCi: 3_000, inAll: 20_000 },
  { name: 'interrupts', make: interrupts, inCi: 3_000, inAll: 20_000 },
  { name: 'fast calls', make: fastCalls, inCi: 3_000, inAll: 20_000 },
  { name: 'privileged', make: privileged, inCi: 3_000, inAll: 20_000 },
  { name: 'debugging', make: debugging, inCi: 2_000, inAll: 10_000 },
];
