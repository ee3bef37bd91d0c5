import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { bitsOf, type OperandSpec, Place } from '../../isa/table/operandSpec.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import { isWideMove } from './names.ts';
import type { AssemblerOperand, Immediate, Memory, Register } from './operand.ts';
import { inRange } from './range.ts';
import { type MatchRequest, type OperandSize, operationBits } from './sizes.ts';

/** Ops whose 64-bit register operand takes no REX.W: the upper half becomes zero anyway. */
const NO_REX_W: ReadonlySet<string> = new Set(
  'movmskps movmskpd pmovmskb pextrw pinsrw pextrb pinsrb extractps lar lsl sldt str smsw'.split(' '),
);

/** Whether a row of this operand size takes these operands (in the row's order). */
export function fits(
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
