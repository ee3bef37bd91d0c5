import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { bitsOf, Place, Width } from '../../isa/table/operandSpec.ts';
import { fits } from './fits.ts';
import { STRING_OPS } from './names.ts';
import type { AssemblerOperand, Register } from './operand.ts';
import { needsRex } from './registers.ts';
import {
  defaultBits,
  type MatchRequest,
  needs66,
  needsW,
  type OperandSize,
  operationBits,
  sizeExists,
  suffixFits,
} from './sizes.ts';

const SIZES: readonly OperandSize[] = [16, 32, 64];

/** A form of the table that an instruction's operands fit. */
export interface Match {
  readonly row: EncodingRow;
  readonly size: OperandSize;
  /** In the row's order; fewer than the row has when the last are implicit. */
  readonly operands: readonly AssemblerOperand[];
  /** Nothing in the text told the operand size: GNU as warns, and takes the default. */
  readonly guessed: boolean;
}

/** Ops whose operands may be written either way round. */
const COMMUTATIVE: ReadonlySet<string> = new Set(['test', 'xchg']);

/** The row GNU as would choose: the shortest, and among equals the first in the table. Undefined when none fits. */
export function bestMatch(
  rows: readonly EncodingRow[],
  operands: readonly AssemblerOperand[],
  request: MatchRequest,
): Match | undefined {
  let best: Match | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  const extended = operands.some(isExtended);
  const sized = request.suffix !== '' || operands.some((operand) => tellsSize(operand));
  let firstBits = -1;
  let ambiguous = false;
  for (const row of rows) {
    if (request.mode === 64 ? row.invalidIn64 : row.onlyIn64) continue;
    const fitted = fitOperands(row, operands);
    if (fitted === null) continue;
    const swapped = fitted.length === 2 && COMMUTATIVE.has(row.op) ? [fitted[1], fitted[0]] : null;
    for (const size of SIZES) {
      if (!sizeExists(row, size, request)) continue;
      if (request.suffix !== '' && !suffixFits(row, size, request)) continue;
      let chosen = fitted;
      if (!fits(row, size, fitted, request)) {
        if (swapped === null || !fits(row, size, swapped as AssemblerOperand[], request)) continue;
        chosen = swapped as AssemblerOperand[];
      }
      let cost = costOf(row, size, request.mode, extended);
      if (!sized) {
        const bits = operationBits(row, size, request.mode);
        if (firstBits < 0) firstBits = bits;
        else if (firstBits !== bits) ambiguous = true;
        if (bits !== defaultBits(row, request.mode)) cost += 100;
      }
      if (cost < bestCost) {
        bestCost = cost;
        best = { row, size, operands: chosen, guessed: false };
      }
    }
  }
  if (best !== undefined && ambiguous && (isWarned(best) || (request.intel && best.row.sizeRule === 'v'))) {
    return { ...best, guessed: true };
  }
  return best;
}

/** Operand sizes with a silent default: stack, near and far branches, descriptor tables. */
function isWarned(match: Match): boolean {
  const { row } = match;
  if (row.sizeRule !== 'v') return false;
  return row.op !== 'cvtsi2sd' && row.op !== 'cvtsi2ss' && row.op !== 'movsx' && row.op !== 'movzx';
}

function isExtended(operand: AssemblerOperand): boolean {
  if (operand.kind === 'reg') return registerExtends(operand);
  if (operand.kind !== 'mem') return false;
  return (
    (operand.base !== null && registerExtends(operand.base)) ||
    (operand.index !== null && registerExtends(operand.index))
  );
}

export function registerExtends(register: Register): boolean {
  if (register.file === 'segment' || register.file === 'x87' || register.file === 'mmx') return false;
  return register.index >= 8 || needsRex(register);
}

function tellsSize(operand: AssemblerOperand): boolean {
  if (operand.kind === 'mem') return operand.bits !== 0;
  return operand.kind === 'reg' && (operand.file === 'gpr' || operand.file === 'xmm' || operand.file === 'mmx');
}

/** Supplies operands that may be left out; null when the number does not fit. */
function fitOperands(row: EncodingRow, operands: readonly AssemblerOperand[]): readonly AssemblerOperand[] | null {
  const specs = row.operands;
  if (operands.length === specs.length) return operands;
  if (operands.length === 0 && (STRING_OPS.has(row.op) || row.op === 'xlat')) return operands;
  if (operands.length + 1 !== specs.length) return null;
  const last = specs[specs.length - 1];
  if (last === undefined) return null;
  const implicit =
    last.place === Place.one ||
    last.place === Place.xmm0 ||
    (last.text === 'CL' && (row.op === 'shld' || row.op === 'shrd')) ||
    (row.op === 'out' && specs.length === 2);
  return implicit ? operands : null;
}

/** Length in bytes apart from what all forms of the instruction share. */
function costOf(row: EncodingRow, size: OperandSize, mode: CodeSize, extended: boolean): number {
  let cost = row.map === 0 ? 1 : row.map === 1 ? 2 : 3;
  if (row.hasModrm) cost++;
  if (needs66(row, size, mode)) cost++;
  const wide = needsW(row, size, mode);
  if (extended || wide) cost++;
  // Ties: GNU as avoids REX.W, prefers a byte of immediate to the accumulator's form, and ST(0) as destination.
  if (wide) cost += 0.5;
  if (row.operands[0]?.text === 'rAX' || row.operands[0]?.place === Place.sti) cost += 0.25;
  for (const spec of row.operands) {
    if (spec.place === Place.immediate) cost += bitsOf(spec.width, size, mode === 64) >> 3;
    else if (spec.place === Place.signedImmediate) cost++;
    else if (spec.place === Place.relative) cost += spec.width === Width.b ? 1 : 4;
  }
  return cost;
}
