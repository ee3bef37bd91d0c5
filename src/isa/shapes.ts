import type { Instruction, RegisterFile } from './instruction.ts';
import type { EncodingRow } from './table/encodingRow.ts';
import { baseRows, rows } from './table/index.ts';
import { bitsOf, type OperandSpec, Place, usesRm } from './table/operandSpec.ts';

export interface OperandShape {
  readonly kind: 'reg' | 'mem' | 'imm' | 'rel' | 'far';
  /** Same meaning as in the decoded operand; 0 for memory whose layout is the instruction's own. */
  readonly bits: number;
  readonly file: RegisterFile | '';
}

/** One combination of meaning, operand size and operand kinds that a decoded instruction can have. */
export interface Shape {
  readonly op: string;
  readonly condition: number;
  readonly operandSize: 16 | 32 | 64;
  readonly operands: readonly OperandShape[];
  /** Possible in 64-bit mode; possible in the other modes. */
  readonly in64: boolean;
  readonly inLegacy: boolean;
  /** Same for equal shapes, also of different rows: "add/32 reg:gpr:32 imm:32". The condition is not part of it. */
  readonly key: string;
}

interface RowShapes {
  readonly list: readonly Shape[];
  /** By `slot()`. */
  readonly bySlot: readonly (Shape | undefined)[];
}

const SIZES = [16, 32, 64] as const;
const cache: RowShapes[] = [];

/** Every shape instructions of this row can have, on an Intel or an AMD processor. */
export function shapes(row: EncodingRow): readonly Shape[] {
  return shapesOf(row).list;
}

/** The shape of a decoded instruction: one of `shapes(insn.encoding)`, found without building keys. */
export function shapeOf(insn: Instruction): Shape {
  const row = insn.encoding;
  const register = !row.hasModrm || !insn.operands.some((operand) => operand.kind === 'mem');
  const shape = shapesOf(row).bySlot[slot(insn.operandSize, register, insn.code === 64)];
  if (shape === undefined) throw new Error(`no shape for a decoded ${row.mnemonic} (${row.form})`);
  return shape;
}

function slot(operandSize: number, register: boolean, in64: boolean): number {
  return (operandSize >> 5) * 4 + (register ? 2 : 0) + (in64 ? 1 : 0);
}

function shapesOf(row: EncodingRow): RowShapes {
  let found = cache[row.index];
  if (found === undefined) {
    if ((baseRows()[row.index] ?? rows()[row.index]) !== row) throw new Error('not a row of the table');
    found = enumerate(row);
    cache[row.index] = found;
  }
  return found;
}

function enumerate(row: EncodingRow): RowShapes {
  const bySlot: (Shape | undefined)[] = new Array(12).fill(undefined);
  const byKey = new Map<string, Shape>();
  for (const in64 of [false, true]) {
    if (in64 ? row.invalidIn64 : row.onlyIn64) continue;
    for (const size of sizesOf(row, in64)) {
      for (const register of registerForms(row)) {
        const operands = row.operands.map((spec) => operandShape(spec, size, in64, register));
        const key = `${row.op}/${size}${operands.map((o) => ` ${o.kind}${o.file && `:${o.file}`}:${o.bits}`).join('')}`;
        const old = byKey.get(key);
        const shape: Shape = {
          op: row.op,
          condition: row.condition,
          operandSize: size,
          operands,
          in64: in64 || (old?.in64 ?? false),
          inLegacy: !in64 || (old?.inLegacy ?? false),
          key,
        };
        byKey.set(key, shape);
        bySlot[slot(size, register, in64)] = shape;
      }
    }
  }
  // A shape found in both modes was replaced by one that says so: let every slot have that one.
  return { list: [...byKey.values()], bySlot: bySlot.map((shape) => shape && byKey.get(shape.key)) };
}

/** Operand sizes a decoded instruction of the row can report. */
function sizesOf(row: EncodingRow, in64: boolean): readonly (16 | 32 | 64)[] {
  if (row.sizing === 'none') return [32];
  if (row.sizing === 'y') {
    if (row.rexW >= 0) return row.rexW === 0 ? [32] : in64 ? [64] : [];
    return in64 ? [32, 64] : [32];
  }
  return SIZES.filter((size) => (row.sizeMask & (size >> 4)) !== 0 && reachable(row, size, in64));
}

function reachable(row: EncodingRow, size: 16 | 32 | 64, in64: boolean): boolean {
  if (!in64) return size !== 64;
  switch (row.sizeRule) {
    case 'v':
    case 'far':
      return true;
    case 'f64':
      return size === 64;
    default:
      return size !== 32;
  }
}

/** The values "is a register" can take for ModRM.rm. */
function registerForms(row: EncodingRow): readonly boolean[] {
  if (!row.operands.some(usesRm)) return [true];
  if (row.modIgnored) return [true];
  return [false, true].filter((register) => (row.modMask & (register ? 2 : 1)) !== 0);
}

const FILES: Readonly<Record<number, RegisterFile>> = {
  [Place.rm]: 'gpr',
  [Place.reg]: 'gpr',
  [Place.vvvv]: 'gpr',
  [Place.opcode]: 'gpr',
  [Place.gpr]: 'gpr',
  [Place.sreg]: 'segment',
  [Place.fixedSreg]: 'segment',
  [Place.control]: 'control',
  [Place.debug]: 'debug',
  [Place.mmxReg]: 'mmx',
  [Place.mmxRm]: 'mmx',
  [Place.xmmReg]: 'xmm',
  [Place.xmmRm]: 'xmm',
  [Place.xmm0]: 'xmm',
  [Place.st0]: 'x87',
  [Place.sti]: 'x87',
};
const FILE_BITS: Readonly<Partial<Record<RegisterFile, number>>> = { segment: 16, mmx: 64, xmm: 128, x87: 80 };

function operandShape(spec: OperandSpec, size: 16 | 32 | 64, in64: boolean, register: boolean): OperandShape {
  const bits = (width: number) => bitsOf(width, size, in64);
  switch (spec.place) {
    case Place.immediate:
      return { kind: 'imm', bits: bits(spec.width) === 32 && size === 64 ? 64 : bits(spec.width), file: '' };
    case Place.signedImmediate:
      return { kind: 'imm', bits: size, file: '' };
    case Place.one:
      return { kind: 'imm', bits: 8, file: '' };
    case Place.relative:
      return { kind: 'rel', bits: size, file: '' };
    case Place.far:
      return { kind: 'far', bits: size === 16 ? 32 : 48, file: '' };
    case Place.moffs:
    case Place.source:
    case Place.destination:
    case Place.table:
      return { kind: 'mem', bits: bits(spec.width), file: '' };
    default:
      break;
  }
  if (usesRm(spec) && !register) return { kind: 'mem', bits: bits(spec.memoryWidth), file: '' };
  const file = FILES[spec.place] ?? 'gpr';
  return { kind: 'reg', bits: FILE_BITS[file] ?? bits(spec.width), file };
}
