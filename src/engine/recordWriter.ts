/** Writes decoded instructions as records the interpreter runs (layout.ts, REC). */
import { LINK_LATER, REC, S } from '../cpu/layout.ts';
import type { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { type Instruction, type MemoryOperand, NO_REGISTER, type Operand, RIP_RELATIVE } from '../isa/instruction.ts';
import { shapeOf } from '../isa/shapes.ts';
import {
  definitionSize,
  doesNothing,
  fusedKey,
  handlerKey,
  isHot,
  type MemoryForm,
  NOTHING_KEY,
  traitsOf,
  wideImmediate,
} from './interpreter/handlers.ts';
import { PSEUDO, REGISTER_FIELDS } from './interpreter/slots.ts';
import type { Ending } from '../cpu/language/semantics.ts';

/** How a record's instruction leaves the straight line. */
export interface Written {
  /** Undefined when control goes on. */
  readonly ends: Ending | 'routine' | undefined;
  /** Handler key, or undefined for a routine. */
  readonly key: string | undefined;
}

const ADDRESS_SIZE = { 64: 0, 32: 1, 16: 2 } as const;
/** Routines behind which control never simply goes on. Behind all others it may, unless they say otherwise. */
const LEAVING = new Set('syscall sysret sysenter sysexit iret jmpf callf retf int int3 int1 hlt ud rsm'.split(' '));

export class RecordWriter {
  private readonly memory: PhysicalMemory;
  private readonly handlers: ReadonlyMap<string, number>;

  constructor(memory: PhysicalMemory, handlers: ReadonlyMap<string, number>) {
    this.memory = memory;
    this.handlers = handlers;
  }

  /** Writes `insn`, which stands at `offset` of its page, as the record at host address `at`. */
  write(at: number, insn: Instruction, offset: number): Written {
    const { view, bytes } = this.memory;
    bytes.fill(0, at, at + REC.bytes);
    view.setUint16(at + REC.offset, offset, true);
    view.setUint16(at + REC.end, offset + insn.length, true);
    bytes[at + REC.length] = insn.length;
    const { key, ends } = this.meaning(insn);
    const handler = key === undefined ? PSEUDO.routine : this.handlers.get(key);
    if (handler === undefined) throw new Error(`no handler ${key}`);
    view.setUint16(at + REC.handler, handler, true);
    view.setUint16(at + REC.plain, handler, true);
    this.operands(at, insn, offset + insn.length);
    return { key, ends };
  }

  /** A record that counts no instruction and goes on at `offset` of the page. */
  writeGo(at: number, offset: number, taken: number): void {
    const { view, bytes } = this.memory;
    bytes.fill(0, at, at + REC.bytes);
    view.setUint16(at + REC.handler, PSEUDO.go, true);
    view.setUint16(at + REC.plain, PSEUDO.go, true);
    view.setUint16(at + REC.offset, offset, true);
    view.setBigInt64(at + REC.disp, BigInt(offset), true);
    view.setUint32(at + REC.taken, taken, true);
  }

  /** A record that leaves the interpreter with RIP at `offset` of the page. */
  writeStop(at: number, offset: number): void {
    const { view } = this.memory;
    view.setUint16(at + REC.handler, PSEUDO.stop, true);
    view.setUint16(at + REC.offset, offset, true);
  }

  /** Makes `first` run together with the conditional jump in the next record, where such a handler exists. */
  fuse(at: number, first: Written, jump: Instruction): void {
    if (first.key === undefined || first.ends !== undefined || jump.operandSize !== 64) return;
    const handler = this.handlers.get(fusedKey(first.key, jump.encoding.condition));
    if (handler !== undefined) this.memory.view.setUint16(at + REC.handler, handler, true);
  }

  private meaning(insn: Instruction): Written {
    const shape = shapeOf(insn);
    if (doesNothing(insn.encoding.op)) return { key: NOTHING_KEY, ends: undefined };
    const traits = traitsOf(shape);
    if (traits === undefined) {
      return { key: undefined, ends: LEAVING.has(insn.encoding.op) ? 'routine' : undefined };
    }
    const legacy = traits.stack === true && insn.code !== 64;
    const form = memoryForm(insn, isHot(shape.op, definitionSize(traits, shape)));
    return { key: handlerKey(shape, form, legacy), ends: traits.ends };
  }

  private operands(at: number, insn: Instruction, end: number): void {
    const { bytes, view } = this.memory;
    let registers = 0;
    const wide = wideImmediate(shapeOf(insn));
    for (const operand of insn.operands) {
      if (operand.kind === 'reg') {
        const field = REGISTER_FIELDS[registers++];
        if (field !== undefined) bytes[at + field] = operand.index * 8 + (operand.high ? 1 : 0);
      } else if (operand.kind === 'imm') this.immediate(at, operand.low, operand.high, operand.bits, wide);
      else if (operand.kind === 'mem') this.address(at, insn, operand, end);
      else if (operand.kind === 'rel') this.displacement(at, end + operand.displacement);
    }
    if (insn.encoding.condition >= 0) view.setInt32(at + REC.imm, insn.encoding.condition, true);
  }

  private immediate(at: number, low: number, high: number, bits: number, wide: boolean): void {
    const { view } = this.memory;
    if (wide) {
      view.setInt32(at + REC.disp, low, true);
      view.setInt32(at + REC.disp + 4, high, true);
    } else view.setInt32(at + REC.imm, bits < 32 ? low & ((1 << bits) - 1) : low, true);
  }

  /** `distance` may need 33 bits: a displacement counts from the end of the instruction, this from the page. */
  private displacement(at: number, distance: number): void {
    this.memory.view.setBigInt64(at + REC.disp, BigInt(distance), true);
  }

  private address(at: number, insn: Instruction, operand: MemoryOperand, end: number): void {
    const { bytes, view } = this.memory;
    const relative = operand.base === RIP_RELATIVE;
    bytes[at + REC.base] = relative ? S.ripBase : operand.base === NO_REGISTER ? S.zero : operand.base * 8;
    bytes[at + REC.index] = operand.index === NO_REGISTER ? S.zero : operand.index * 8;
    bytes[at + REC.scale] = operand.scale;
    bytes[at + REC.segment] = operand.segment;
    bytes[at + REC.addressSize] = ADDRESS_SIZE[insn.addressSize];
    if (relative) view.setBigInt64(at + REC.disp, BigInt(operand.disp) + BigInt(end), true);
    else {
      view.setInt32(at + REC.disp, operand.disp, true);
      view.setInt32(at + REC.disp + 4, operand.dispHigh, true);
    }
  }

  /** Prepares a direct branch for linking within its page. */
  linkLater(at: number): void {
    this.memory.view.setUint32(at + REC.taken, LINK_LATER, true);
  }
}

function memoryForm(insn: Instruction, hot: boolean): MemoryForm | '' {
  const operand = insn.operands.find((o: Operand): o is MemoryOperand => o.kind === 'mem');
  if (operand === undefined) return '';
  if (!hot || insn.code !== 64 || insn.addressSize !== 64 || operand.segment >= 4) return 'mg';
  return operand.index === NO_REGISTER ? 'm1' : 'm2';
}
