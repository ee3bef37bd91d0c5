/** Making a failed check pass: the change is made before the instruction that met it, as an event of the history. */
import type { Problem } from '../../machine/loader/problem.ts';
import type { History, Work } from '../history/history.ts';
import type { Place } from '../history/position.ts';
import { seekBefore } from '../history/search.ts';
import { piecesOf, readPieces, readRegister, type Target } from '../history/target.ts';
import type { ChangeView } from '../views.ts';

/** Value of a target as it stands, little-endian where it is in memory. */
function present(history: History, target: Target): bigint {
  const { cpu } = history.machine;
  const pieces = piecesOf(cpu, target);
  if (pieces === undefined) return readRegister(cpu, target) ?? 0n;
  return readPieces(cpu, pieces).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Goes to `place` and makes the changes there. Stops at the first that is refused. */
export function* repair(history: History, place: Place, changes: readonly ChangeView[]): Work<string | Problem> {
  yield* seekBefore(history, place);
  for (const change of changes) {
    const { target } = change;
    const value =
      'bit' in change
        ? (present(history, target) & ~(1n << BigInt(change.bit))) | (change.to << BigInt(change.bit))
        : change.value;
    const refused = history.record({ kind: 'poke', target, value });
    if (refused !== undefined) return refused;
  }
  return 'Repaired, before the instruction at';
}
