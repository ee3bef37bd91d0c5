/** In what the records of two branches differ first: what was done to the machine, and what it sent. */
import type { EndState } from './branches.ts';
import type { RecordedEvent } from './events.ts';
import { same } from './position.ts';
import { titleOf } from './titles.ts';
import type { BranchDifference } from './views.ts';

const AROUND = 40;

/** Events that are one object are one event: branches share those before their fork. */
function equal(a: RecordedEvent, b: RecordedEvent): boolean {
  return a === b || (same(a.at, b.at) && JSON.stringify(a.event, plain) === JSON.stringify(b.event, plain));
}
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value;

function firstEvent(ours: readonly RecordedEvent[], theirs: readonly RecordedEvent[]): BranchDifference['events'] {
  for (let n = 0; n < Math.max(ours.length, theirs.length); n++) {
    const [a, b] = [ours[n], theirs[n]];
    if (a !== undefined && b !== undefined && equal(a, b)) continue;
    const count = Math.min(a?.at.count ?? Number.POSITIVE_INFINITY, b?.at.count ?? Number.POSITIVE_INFINITY);
    return {
      count,
      ours: a === undefined ? null : titleOf(a.event),
      theirs: b === undefined ? null : titleOf(b.event),
    };
  }
  return null;
}

/** Output is compared as far as both branches have got. */
function firstOutput(ours: EndState, theirs: EndState): BranchDifference['output'] {
  const from = Math.max(ours.outputFrom, theirs.outputFrom);
  const [a, b] = [ours.output.subarray(from - ours.outputFrom), theirs.output.subarray(from - theirs.outputFrom)];
  const length = Math.max(a.length, b.length);
  let n = 0;
  while (n < length && a[n] === b[n]) n++;
  if (n === length) return null;
  const text = (bytes: Uint8Array): string =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, n - AROUND), n + AROUND));
  return { offset: from + n, ours: text(a), theirs: text(b) };
}

export function compareRecords(ours: EndState, theirs: EndState): Pick<BranchDifference, 'events' | 'output' | 'ends'> {
  const events = firstEvent(ours.events, theirs.events);
  return {
    events,
    output: events === null ? null : firstOutput(ours, theirs),
    ends: { ours: ours.end.count, theirs: theirs.end.count },
  };
}
