/** A place in a history. */

/**
 * Where a machine can stand. All four only grow along a run: instructions retired, guest time in nanoseconds
 * (instructions and time spent halted), exceptions, interrupts and resets so far, and events applied so far.
 */
export interface Position {
  readonly count: number;
  readonly time: number;
  readonly turn: number;
  readonly events: number;
}

export const START: Position = { count: 0, time: 0, turn: 0, events: 0 };

/** Below 0 when `a` comes before `b`. */
export function compare(a: Position, b: Position): number {
  return a.time - b.time || a.turn - b.turn || a.events - b.events;
}

export const same = (a: Position, b: Position): boolean => compare(a, b) === 0 && a.count === b.count;

/** A place named by what is known of it: turn and time are those of the first arrival when absent. */
export type Place = Pick<Position, 'count'> & Partial<Position>;
