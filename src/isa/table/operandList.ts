import type { Sizing } from './encodingRow.ts';
import { type OperandSpec, Place, parseOperand, usesModrm, Width } from './operandSpec.ts';

/** The operand column of a row ("Ev,Gv") and what follows from it. */
export interface OperandList {
  readonly operands: readonly OperandSpec[];
  readonly usesModrm: boolean;
  readonly usesVvvv: boolean;
  /** See `EncodingRow.modMask`. */
  readonly modMask: number;
  readonly sizing: Sizing;
}

const parsed = new Map<string, OperandList>();

/** Parses an operand column; rows with the same column share the result. */
export function parseOperands(text: string): OperandList {
  let list = parsed.get(text);
  if (list === undefined) {
    list = parse(text);
    parsed.set(text, list);
  }
  return list;
}

function parse(text: string): OperandList {
  const operands = text === '' ? [] : text.split(',').map(parseOperand);
  return {
    operands,
    usesModrm: operands.some(usesModrm),
    usesVvvv: operands.some((spec) => spec.place === Place.vvvv),
    modMask: operands.reduce((mask, spec) => mask & spec.modMask, 3),
    sizing: sizing(operands),
  };
}

/** Whether operands are as wide as the operand size says, or as REX.W alone says. */
function sizing(operands: readonly OperandSpec[]): Sizing {
  let result: Sizing = 'none';
  for (const { place, width, memoryWidth } of operands) {
    const extended = place === Place.signedImmediate || place === Place.relative || place === Place.far;
    if (extended || isSized(width) || isSized(memoryWidth)) return 'full';
    if (width === Width.y || memoryWidth === Width.y) result = 'y';
  }
  return result;
}

function isSized(width: number): boolean {
  return width === Width.v || width === Width.z || width === Width.p || width === Width.a;
}
