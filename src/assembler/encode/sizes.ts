import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { bitsOf, type OperandSpec, Place, usesRm, Width } from '../../isa/table/operandSpec.ts';

export type OperandSize = 16 | 32 | 64;

export interface MatchRequest {
  readonly mode: CodeSize;
  /** AT&T size letters, "" when there are none. */
  readonly suffix: string;
  /** MOVABS: only forms with a 64-bit field. */
  readonly wide: boolean;
  readonly intel: boolean;
}

const SUFFIX_BITS: Readonly<Record<string, number>> = { b: 8, w: 16, l: 32, q: 64 };

const REAL_BITS: Readonly<Record<string, number>> = { s: 32, l: 64, t: 80 };

const INTEGER_BITS: Readonly<Record<string, number>> = { s: 16, l: 32, ll: 64, q: 64 };

/** Whether the row has this operand size in this mode, as an assembler uses it. */
export function sizeExists(row: EncodingRow, size: OperandSize, request: MatchRequest): boolean {
  const in64 = request.mode === 64;
  if (row.sizing === 'none') return size === 32 && (row.rexW !== 1 || in64);
  if (row.sizing === 'y') {
    if (row.rexW >= 0) return size === (row.rexW === 1 ? 64 : 32) && (in64 || row.rexW === 0);
    return size === 32 || (size === 64 && in64);
  }
  if ((row.sizeMask & (size >> 4)) === 0) return false;
  if (!in64) return size !== 64;
  if (row.sizeRule === 'f64') return size === 64;
  return row.sizeRule === 'v' || row.sizeRule === 'far' || size !== 32;
}

/** The width an instruction works on, to hold against a suffix: that of its first sized operand, else the operand size. */
export function operationBits(row: EncodingRow, size: OperandSize, mode: CodeSize): number {
  const { operands } = row;
  const first = row.op === 'crc32' ? 1 : 0;
  for (let n = first; n < operands.length; n++) {
    const spec = operands[n];
    if (spec === undefined) break;
    const { place } = spec;
    if ((place === Place.gpr && spec.register !== 0) || spec.memoryWidth === Width.p) continue;
    const bits = bitsOf(usesRm(spec) ? spec.memoryWidth : spec.width, size, mode === 64);
    if (bits === 0) continue;
    if (
      place === Place.rm ||
      place === Place.reg ||
      place === Place.opcode ||
      place === Place.gpr ||
      place === Place.moffs ||
      place === Place.source ||
      place === Place.destination
    ) {
      return bits;
    }
  }
  return size;
}

export function defaultBits(row: EncodingRow, mode: CodeSize): number {
  if (isX87Integer(row)) return 16;
  if (row.sizeRule === 'd64' || row.sizeRule === 'near' || row.sizeRule === 'f64') return mode;
  return mode === 16 ? 16 : 32;
}

const isX87 = (row: EncodingRow): boolean => row.feature === 'FPU' || row.op.startsWith('fisttp');

const isX87Integer = (row: EncodingRow): boolean => isX87(row) && row.op.startsWith('fi');

export function suffixFits(row: EncodingRow, size: OperandSize, request: MatchRequest): boolean {
  const { suffix } = request;
  if (isX87(row)) {
    const memory = row.operands.find((spec) => spec.place === Place.rm);
    if (memory === undefined) return false;
    if (memory.width === Width.none) return size === (suffix === 's' ? 16 : suffix === 'l' ? 32 : 0);
    if (memory.width === Width.w && !isX87Integer(row)) return suffix === 'w';
    return bitsOf(memory.width, size, true) === (isX87Integer(row) ? INTEGER_BITS : REAL_BITS)[suffix];
  }
  const bits = SUFFIX_BITS[suffix];
  if (bits === undefined) return false;
  if (row.op === 'mov' && row.operands.some((spec) => spec.place === Place.sreg)) return movesSegment(row, bits, size);
  if (
    row.sizing === 'none' &&
    row.operands.every((spec) => bitsOf(spec.width, 32, true) !== 8) &&
    !row.operands.some(isGeneral)
  ) {
    return false;
  }
  return operationBits(row, size, request.mode) === bits;
}

function isGeneral(spec: OperandSpec): boolean {
  return spec.place === Place.rm || spec.place === Place.reg;
}

function movesSegment(row: EncodingRow, bits: number, size: OperandSize): boolean {
  return row.operands.some(isGeneral) && bits === size;
}

/** Whether the operand size takes a 66 prefix in this mode. */
export function needs66(row: EncodingRow, size: OperandSize, mode: CodeSize): boolean {
  if (row.sizing !== 'full') return false;
  if (mode === 16) return size === 32;
  return size === 16;
}

/** Whether the operand size takes REX.W. */
export function needsW(row: EncodingRow, size: OperandSize, mode: CodeSize): boolean {
  if (row.rexW >= 0) return row.rexW === 1;
  if (size !== 64 || mode !== 64 || row.sizing === 'none') return false;
  return row.sizing === 'y' || row.sizeRule === 'v' || row.sizeRule === 'far';
}
