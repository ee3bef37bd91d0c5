/** Ways through more than one branch of a history. */
import { compareRecords } from './compareBranches.ts';
import { differencesFrom, pictureOf, SAME_STATE } from './compareStates.ts';
import type { History, Work } from './history.ts';
import { compare, type Position } from './position.ts';
import type { BranchDifference } from './views.ts';

/** Goes to a branch that was left, to where it had got. False when there is no such branch. */
export function* switchTo(history: History, id: number): Work<boolean> {
  const { branches } = history;
  const branch = branches.find(id);
  if (branch === undefined) return false;
  const left = history.endState();
  const { events, end } = branch.state;
  let shared = 0;
  while (shared < left.events.length && left.events[shared] === events[shared]) shared += 1;
  const differs = [left.events[shared]?.at, events[shared]?.at, end];
  const fork = differs.reduce<Position>((a, b) => (b !== undefined && compare(b, a) < 0 ? b : a), left.end);
  yield* history.seek({ ...fork, events: Math.min(shared, fork.events) });
  branches.swap(left, id, fork);
  history.continueAs(events, end);
  yield* history.seek(end);
  return true;
}

/**
 * To before the last event of the present branch, as if it had not been: neither it nor what came of it is kept. False,
 * and the machine stays, where it has not been applied.
 */
export function* withdraw(history: History): Work<boolean> {
  const { events, position } = history;
  const last = events.at(-1);
  if (last === undefined || position.events < events.length) return false;
  yield* history.seek(last.at);
  history.forgetBeyond();
  return true;
}

/**
 * In what the present branch differs from another one: in what was done and sent, and in the whole state where they end,
 * to which the machine goes. Undefined when there is no such branch. Inside `Session.aside`: the machine ends up anywhere.
 */
export function* compareWith(history: History, id: number): Work<BranchDifference | undefined> {
  const { branches } = history;
  const other = branches.find(id);
  if (other === undefined) return undefined;
  const ours = history.endState();
  const records = compareRecords(ours, other.state);
  // What is done to it decides all that a machine does: one of them has only got farther.
  if (records.events === null) return { ...records, ...SAME_STATE };
  const kept = branches.save();
  yield* history.seek(ours.end);
  const picture = pictureOf(history.machine);
  yield 0;
  yield* switchTo(history, id);
  const state = differencesFrom(picture, history.machine);
  yield 0;
  yield* switchTo(history, kept.present.id);
  branches.restore(kept);
  return { ...records, ...state };
}
