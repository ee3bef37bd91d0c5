import type { Bits, ImmediateOperand, Operand } from '../instruction.ts';
import { bitsOf, type OperandSpec, Place, Width } from '../table/operandSpec.ts';
import { cursor, readI8, readI32, readU8, readU16 } from './cursor.ts';
import { readModrmMemory, readMoffs, stringDestination, stringSource, xlatTable } from './memory.ts';
import {
  controlOperand,
  debugOperand,
  gprOperand,
  mmxOperand,
  segmentOperand,
  x87Operand,
  xmmOperand,
} from './registers.ts';

const ONE: ImmediateOperand = { kind: 'imm', bits: 8, low: 1, high: 0 };

/** True when ModRM.rm is a register: by mod, or because the row ignores mod. */
export type RmIsRegister = boolean;

/** Reads one operand as the row's notation says. Operands must be read in encoding order: memory before immediates. */
export function readOperand(spec: OperandSpec, register: RmIsRegister): Operand {
  switch (spec.place) {
    case Place.rm:
      if (register) return gprOperand((cursor.modrm & 7) | cursor.rexB, bits(spec.width), cursor.rex);
      return readModrmMemory(bits(spec.memoryWidth));
    case Place.reg:
      return gprOperand(regField(), bits(spec.width), cursor.rex);
    case Place.vvvv:
      return gprOperand(cursor.vvvv, bits(spec.width), true);
    case Place.opcode:
      return gprOperand((cursor.opcode & 7) | cursor.rexB, bits(spec.width), cursor.rex);
    case Place.gpr:
      return gprOperand(spec.register, bits(spec.width), true);
    case Place.sreg:
      return segmentOperand((cursor.modrm >> 3) & 7);
    case Place.fixedSreg:
      return segmentOperand(spec.register);
    case Place.control:
      return controlOperand(regField(), bits(spec.width));
    case Place.debug:
      return debugOperand(regField(), bits(spec.width));
    case Place.immediate:
      return readImmediate(spec.width);
    case Place.signedImmediate:
      return immediate(cursor.operandSize, readI8());
    case Place.one:
      return ONE;
    case Place.relative:
      return {
        kind: 'rel',
        bits: cursor.operandSize,
        displacement:
          spec.width === Width.b ? readI8() : cursor.operandSize === 16 ? (readU16() << 16) >> 16 : readI32(),
      };
    case Place.far:
      return readFar();
    case Place.moffs:
      return readMoffs(bits(spec.width));
    case Place.source:
      return stringSource(bits(spec.width));
    case Place.destination:
      return stringDestination(bits(spec.width));
    case Place.table:
      return xlatTable(bits(spec.width));
    case Place.mmxReg:
      return mmxOperand((cursor.modrm >> 3) & 7);
    case Place.mmxRm:
      return register ? mmxOperand(cursor.modrm & 7) : readModrmMemory(bits(spec.memoryWidth));
    case Place.xmmReg:
      return xmmOperand(regField());
    case Place.xmmRm:
      return register ? xmmOperand((cursor.modrm & 7) | cursor.rexB) : readModrmMemory(bits(spec.memoryWidth));
    case Place.xmm0:
      return xmmOperand(0);
    case Place.st0:
      return x87Operand(0);
    default:
      return x87Operand(cursor.modrm & 7);
  }
}

function bits(width: number): number {
  return bitsOf(width, cursor.operandSize, cursor.in64);
}

function regField(): number {
  return ((cursor.modrm >> 3) & 7) | cursor.rexR;
}

function immediate(width: number, value: number): ImmediateOperand {
  const low = width === 8 ? value & 0xff : width === 16 ? value & 0xffff : value;
  return { kind: 'imm', bits: width as Bits, low, high: low >> 31 };
}

function readImmediate(width: number): ImmediateOperand {
  switch (width) {
    case Width.b:
      return immediate(8, readU8());
    case Width.w:
      return immediate(16, readU16());
    case Width.v:
      if (cursor.operandSize === 16) return immediate(16, readU16());
      if (cursor.operandSize === 32) return immediate(32, readI32());
      return { kind: 'imm', bits: 64, low: readI32(), high: readI32() };
    default:
      return immediate(cursor.operandSize, cursor.operandSize === 16 ? readU16() : readI32());
  }
}

function readFar(): Operand {
  if (cursor.operandSize === 16) {
    const offset = readU16();
    return { kind: 'far', bits: 32, selector: readU16(), offset };
  }
  const offset = readI32() >>> 0;
  return { kind: 'far', bits: 48, selector: readU16(), offset };
}
