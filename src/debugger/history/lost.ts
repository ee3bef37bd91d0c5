import type { Place, Position } from './position.ts';

/** The machine does not come to where the history says it was: the record belongs to another machine. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

export const lost = (goal: Place, at: Position): LostError =>
  new LostError(
    `the history does not lead to instruction ${goal.count}, turn ${goal.turn ?? 'any'}: it is at ${at.count}, turn ${at.turn}`,
  );
