import { type Bits, type MemoryOperand, NO_REGISTER, RIP_RELATIVE, Segment } from '../instruction.ts';
import { cursor, readI8, readI32, readU8, readU16 } from './cursor.ts';

const RBX = 3;
const RSP = 4;
const RBP = 5;
const RSI = 6;
const RDI = 7;

/** Base and index of the 16-bit forms by ModRM.rm (SDM vol. 2A, table 2-1). */
const BASE_16 = [RBX, RBX, RBP, RBP, RSI, RDI, RBP, RBX];
const INDEX_16 = [RSI, RDI, RSI, RDI, NO_REGISTER, NO_REGISTER, NO_REGISTER, NO_REGISTER];

function memory(
  bits: number,
  segment: number,
  base: number,
  index: number,
  scale: number,
  disp: number,
): MemoryOperand {
  return { kind: 'mem', bits: bits as Bits | 0, segment, base, index, scale, disp, dispHigh: disp >> 31 };
}

/** Segment of an access whose default is DS, or SS when the base is RSP or RBP. */
function segmentFor(base: number): number {
  if (cursor.segmentOverride >= 0) return cursor.segmentOverride;
  return base === RSP || base === RBP ? Segment.ss : Segment.ds;
}

/** Memory operand of the current ModRM byte (mod != 3): reads SIB and displacement. SDM vol. 2A, 2.1.5 and 2.2.1. */
export function readModrmMemory(bits: number): MemoryOperand {
  return cursor.addressSize === 16 ? read16(bits) : read32(bits);
}

function read16(bits: number): MemoryOperand {
  const mod = cursor.modrm >> 6;
  const rm = cursor.modrm & 7;
  if (mod === 0 && rm === 6) {
    return memory(bits, segmentFor(NO_REGISTER), NO_REGISTER, NO_REGISTER, 0, (readU16() << 16) >> 16);
  }
  const base = BASE_16[rm] as number;
  const disp = mod === 0 ? 0 : mod === 1 ? readI8() : (readU16() << 16) >> 16;
  return memory(bits, segmentFor(base), base, INDEX_16[rm] as number, 0, disp);
}

function read32(bits: number): MemoryOperand {
  const mod = cursor.modrm >> 6;
  const rm = cursor.modrm & 7;
  let base = rm | cursor.rexB;
  let index = NO_REGISTER;
  let scale = 0;
  if (rm === 4) {
    const sib = readU8();
    base = (sib & 7) | cursor.rexB;
    index = ((sib >> 3) & 7) | cursor.rexX;
    // An index of 4 means none; the shift then has nothing to shift.
    if (index === RSP) index = NO_REGISTER;
    else scale = sib >> 6;
    if (mod === 0 && (sib & 7) === 5) base = NO_REGISTER;
  } else if (mod === 0 && rm === 5) {
    base = cursor.in64 ? RIP_RELATIVE : NO_REGISTER;
  }
  const disp = mod === 1 ? readI8() : mod === 2 || base === NO_REGISTER || base === RIP_RELATIVE ? readI32() : 0;
  return memory(bits, segmentFor(base), base, index, scale, disp);
}

/** The moffs form: an address as wide as the address size. */
export function readMoffs(bits: number): MemoryOperand {
  const segment = segmentFor(NO_REGISTER);
  if (cursor.addressSize === 16) {
    return memory(bits, segment, NO_REGISTER, NO_REGISTER, 0, (readU16() << 16) >> 16);
  }
  const operand = memory(bits, segment, NO_REGISTER, NO_REGISTER, 0, readI32());
  return cursor.addressSize === 64 ? { ...operand, dispHigh: readI32() } : operand;
}

/** DS:rSI, segment overridable. */
export function stringSource(bits: number): MemoryOperand {
  return memory(bits, segmentFor(RSI), RSI, NO_REGISTER, 0, 0);
}

/** ES:rDI, segment fixed. */
export function stringDestination(bits: number): MemoryOperand {
  return memory(bits, Segment.es, RDI, NO_REGISTER, 0, 0);
}

/** DS:rBX, to which XLAT adds AL. */
export function xlatTable(bits: number): MemoryOperand {
  return memory(bits, segmentFor(RBX), RBX, NO_REGISTER, 0, 0);
}
