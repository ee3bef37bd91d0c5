import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { bitsOf, type OperandSpec, Place, usesRm, Width } from '../../isa/table/operandSpec.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import { isWideMove, STRING_OPS } from './names.ts';
import type { AssemblerOperand, Immediate, Memory, Register } from './operand.ts';
import { needsRex } from './registers.ts';

export type OperandSize = 16 | 32 | 64;

/** A form of the table that an instruction's operands fit. */
export interface Match {
  readonly row: EncodingRow;
  readonly size: OperandSize;
  /** In the row's order; fewer than the row has when the last are implicit. */
  readonly operands: readonly AssemblerOperand[];
  /** Nothing in the text told the operand size: GNU as warns, and takes the default. */
  readonly guessed: boolean;
}

export interface MatchRequest {
  readonly mode: CodeSize;
  /** AT&T size letters, "" when there are none. */
  readonly suffix: string;
  /** MOVABS: only forms with a 64-bit field. */
  readonly wide: boolean;
  readonly intel: boolean;
}

const SIZES: readonly OperandSize[] = [16, 32, 64];
const SUFFIX_BITS: Readonly<Record<string, number>> = { b: 8, w: 16, l: 32, q: 64 };
const REAL_BITS: Readonly<Record<string, number>> = { s: 32, l: 64, t: 80 };
const INTEGER_BITS: Readonly<Record<string, number>> = { s: 16, l: 32, ll: 64, q: 64 };
/** Ops whose 64-bit register operand takes no REX.W: the upper half becomes zero anyway. */
const NO_REX_W: ReadonlySet<string> = new Set(
  'movmskps movmskpd pmovmskb pextrw pinsrw pextrb pinsrb extractps lar lsl sldt str smsw'.split(' '),
);
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

/** Whether the row has this operand size in this mode, as an assembler uses it. */
function sizeExists(row: EncodingRow, size: OperandSize, request: MatchRequest): boolean {
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

function defaultBits(row: EncodingRow, mode: CodeSize): number {
  if (isX87Integer(row)) return 16;
  if (row.sizeRule === 'd64' || row.sizeRule === 'near' || row.sizeRule === 'f64') return mode;
  return mode === 16 ? 16 : 32;
}

const isX87 = (row: EncodingRow): boolean => row.feature === 'FPU' || row.op.startsWith('fisttp');
const isX87Integer = (row: EncodingRow): boolean => isX87(row) && row.op.startsWith('fi');

function suffixFits(row: EncodingRow, size: OperandSize, request: MatchRequest): boolean {
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

function fits(
  row: EncodingRow,
  size: OperandSize,
  operands: readonly AssemblerOperand[],
  request: MatchRequest,
): boolean {
  if (request.wide && !isWideMove(row)) return false;
  if (request.wide && row.opcode === 0xb8 && size !== 64) return false;
  // 90h is NOP: with a 32-bit operand it would not clear the upper half.
  if (
    row.mnemonic === 'xchg' &&
    row.opcode === 0x90 &&
    size === 32 &&
    request.mode === 64 &&
    operands.every(isAccumulator)
  ) {
    return false;
  }
  for (let n = 0; n < operands.length; n++) {
    const spec = row.operands[n];
    const operand = operands[n];
    if (spec === undefined || operand === undefined || !fitsSpec(row, spec, size, operand, request)) return false;
  }
  return true;
}

const isAccumulator = (operand: AssemblerOperand): boolean => operand.kind === 'reg' && operand.index === 0;

function fitsSpec(
  row: EncodingRow,
  spec: OperandSpec,
  size: OperandSize,
  operand: AssemblerOperand,
  request: MatchRequest,
): boolean {
  switch (operand.kind) {
    case 'reg':
      return fitsRegister(row, spec, size, operand, request.mode);
    case 'imm':
      return fitsImmediate(row, spec, size, operand, request);
    case 'far':
      return (
        spec.place === Place.far &&
        (size === 16 || request.mode !== 16 || request.suffix !== '' || hasWideOffset(operand.offset))
      );
    default:
      return fitsMemory(row, spec, size, operand, request);
  }
}

function hasWideOffset(offset: Immediate): boolean {
  const value = constantOf(offset.expression, fixedDistance);
  return value !== null && (value > 0xffffn || value < -0x8000n);
}

function fitsRegister(
  row: EncodingRow,
  spec: OperandSpec,
  size: OperandSize,
  register: Register,
  mode: CodeSize,
): boolean {
  const { file, bits } = register;
  switch (spec.place) {
    case Place.gpr:
      if (file !== 'gpr' || register.index !== spec.register || register.high) return false;
      return bits === bitsOf(spec.width, size, mode === 64);
    case Place.rm: {
      if (file !== 'gpr' || (row.modMask & 2) === 0) return false;
      const wanted = bitsOf(spec.width, size, mode === 64);
      if (bits === wanted) return true;
      if (row.op === 'lar' || row.op === 'lsl') return bits === 16 || bits === 32;
      if (bits === 64 && wanted === 32 && NO_REX_W.has(row.op)) return mode === 64;
      return row.opcode === 0x8e && row.map === 0 && wanted === 32 && (bits === 16 || bits === 64);
    }
    case Place.reg:
      if (file !== 'gpr') return false;
      if (bits === bitsOf(spec.width, size, mode === 64)) return true;
      return bits === 64 && mode === 64 && size === 32 && NO_REX_W.has(row.op) && row.op !== 'lar' && row.op !== 'lsl';
    case Place.vvvv:
    case Place.opcode:
      return file === 'gpr' && bits === bitsOf(spec.width, size, mode === 64);
    case Place.sreg:
      return file === 'segment' && (row.digit < 0 || row.digit === register.index);
    case Place.fixedSreg:
      return file === 'segment' && register.index === spec.register;
    case Place.control:
      return file === 'control' && row.digit === (register.index & 7) && (register.index < 8 || register.index === 8);
    case Place.debug:
      return file === 'debug' && register.index < 8;
    case Place.mmxReg:
    case Place.mmxRm:
      return file === 'mmx' && (spec.place === Place.mmxReg || (row.modMask & 2) !== 0);
    case Place.xmmReg:
    case Place.xmmRm:
      return file === 'xmm' && (spec.place === Place.xmmReg || (row.modMask & 2) !== 0);
    case Place.xmm0:
      return file === 'xmm' && register.index === 0;
    case Place.st0:
      return file === 'x87' && register.index === 0;
    case Place.sti:
      return file === 'x87';
    default:
      return false;
  }
}

function fitsImmediate(
  row: EncodingRow,
  spec: OperandSpec,
  size: OperandSize,
  operand: Immediate,
  request: MatchRequest,
): boolean {
  const value = operand.specifier === '' ? constantOf(operand.expression, fixedDistance) : null;
  const in64 = request.mode === 64;
  switch (spec.place) {
    case Place.one:
      return value === 1n;
    case Place.signedImmediate:
      if (value === null) return false;
      return isSignedByte(BigInt.asIntN(size, value)) && inRange(value, size, size === 64);
    case Place.immediate: {
      const bits = bitsOf(spec.width, size, in64);
      if (request.wide && bits !== 64) return false;
      if (value === null) return true;
      if (bits === 32 && size === 64) return inRange(value, 32, true);
      // Beyond its width a value is cut, with a warning, where an operand of that width tells it is meant so.
      return (
        inRange(value, bits, false) ||
        (row.operands.length > 1 &&
          operationBits(row, size, request.mode) === bits &&
          bits !== 64 &&
          row.op !== 'enter')
      );
    }
    default:
      return false;
  }
}

const isSignedByte = (value: bigint): boolean => value >= -128n && value <= 127n;

/** Whether a value can be meant as `bits` bits: signed, or also unsigned. */
export function inRange(value: bigint, bits: number, signed: boolean): boolean {
  if (bits >= 64) return true;
  const top = 1n << BigInt(signed ? bits - 1 : bits);
  return (
    (value >= -(1n << BigInt(bits - 1)) && value < top) ||
    (!signed && bits === 32 && value >= -(1n << 32n) && value < 0n && false)
  );
}

function fitsMemory(
  row: EncodingRow,
  spec: OperandSpec,
  size: OperandSize,
  memory: Memory,
  request: MatchRequest,
): boolean {
  const in64 = request.mode === 64;
  switch (spec.place) {
    case Place.relative:
      return memory.base === null && memory.index === null && !memory.indirect && memory.segment < 0;
    case Place.rm:
    case Place.mmxRm:
    case Place.xmmRm: {
      if ((row.modMask & 1) === 0) return false;
      if (request.wide) return false;
      const branch = row.op === 'call' || row.op === 'jmp' || row.op === 'callf' || row.op === 'jmpf';
      if (branch && !memory.indirect) return memory.base !== null || memory.index !== null;
      const wanted = bitsOf(spec.memoryWidth, size, in64);
      return memory.bits === 0 || wanted === 0 || wanted === memory.bits || isLayout(row, memory.bits);
    }
    case Place.moffs:
      if (memory.base !== null || memory.index !== null) return false;
      if (in64 && !request.wide && !isFarAddress(memory)) return false;
      return memory.bits === 0 || memory.bits === bitsOf(spec.width, size, in64);
    case Place.source:
      return isPointer(memory, 6) && fitsWidth(spec, size, memory);
    case Place.destination:
      return isPointer(memory, 7) && memory.segment <= 0 && fitsWidth(spec, size, memory);
    case Place.table:
      return isPointer(memory, 3);
    case Place.gpr:
      // IN and OUT write their port (%dx).
      return (
        spec.text === 'DX' &&
        memory.base?.file === 'gpr' &&
        memory.base.index === 2 &&
        memory.base.bits === 16 &&
        memory.index === null
      );
    default:
      return false;
  }
}

const isLayout = (row: EncodingRow, bits: number): boolean => row.op === 'cmpxchg16b' && bits === 128;

function fitsWidth(spec: OperandSpec, size: OperandSize, memory: Memory): boolean {
  return memory.bits === 0 || memory.bits === bitsOf(spec.width, size, true);
}

function isPointer(memory: Memory, register: number): boolean {
  const { base, index, displacement } = memory;
  return (
    base !== null &&
    base.file === 'gpr' &&
    base.index === register &&
    base.bits >= 16 &&
    index === null &&
    displacement === null
  );
}

/** A constant address that no sign-extended 32-bit displacement reaches. */
function isFarAddress(memory: Memory): boolean {
  const { displacement } = memory;
  if (displacement === null) return false;
  const value = constantOf(displacement, fixedDistance);
  return value !== null && !inRange(value, 32, true);
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
