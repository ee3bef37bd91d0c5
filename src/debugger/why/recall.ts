/**
 * The exception that a machine stands right behind, or that ended it, when it was not run there but came by a way through
 * its history. What was checked and found is not kept in a history: running the instruction again tells.
 */
import type { Machine } from '../../machine/machine.ts';
import type { History, Work } from '../history/history.ts';
import { seekBefore } from '../history/search.ts';
import type { TraceItem } from '../history/trace.ts';
import type { Session } from '../session.ts';
import type { Raised } from './whyView.ts';

/** Nothing goes on by itself: what happened last is what there is to be told. */
const hasEnded = ({ exitCode, cpu }: Machine): boolean => exitCode !== null || cpu.shutdown;

/** Instructions before the end within which an exception is taken for what led to it. */
const NEAR = 1 << 24;

/** The exception to be told of where the history stands. */
function toBeTold({ trace, position, machine, events }: History): TraceItem | undefined {
  const ended = hasEnded(machine);
  const lastEvent = events[position.events - 1]?.at;
  for (let n = trace.indexAt(position.count + 1) - 1; n >= trace.dropped; n--) {
    const item = trace.item(n);
    if (item === undefined || position.count - item.count > NEAR) return undefined;
    if (item.count >= position.count && item.turn >= position.turn) continue;
    if (lastEvent !== undefined && (item.count < lastEvent.count || item.turn < lastEvent.turn)) return undefined;
    if (item.kind === 'exception') return ended || item.count === position.count ? item : undefined;
    if (!ended) return undefined;
  }
  return undefined;
}

/** Finds it out for `Session.moved`, which then shows it. Only between that and `prepareToMove`; the place stays. */
export function* recall(session: Session, history: History): Work<void> {
  session.recalled = session.isInside ? undefined : yield* raisedBefore(history);
}

/** Undefined when there is none to be told of. */
function* raisedBefore(history: History): Work<Raised | undefined> {
  const item = toBeTold(history);
  if (item === undefined) return undefined;
  const { machine, position } = history;
  const heard = machine.observers.onException;
  let found: Raised | undefined;
  try {
    machine.observers.onException = (fault) => {
      if (machine.turns !== item.turn) return;
      found = { fault, at: machine.count, turn: machine.turns, rip: machine.cpu.rip, cpl: machine.cpu.cpl };
    };
    yield* seekBefore(history, { count: item.count, turn: item.turn });
    yield* history.replay(position);
  } finally {
    machine.observers.onException = heard;
  }
  return found;
}
