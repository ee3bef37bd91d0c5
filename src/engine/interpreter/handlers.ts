/** Which handler runs an instruction. */
import type { Size } from '../../cpu/language/expr.ts';
import type { OperandShape, Shape as IsaShape } from '../../isa/shapes.ts';
import type { Slot, SlotKind } from './slots.ts';
import { type Traits, TRAITS } from './traits.ts';

/** Instructions that do nothing here; their operands are not even looked at. */
const NOTHING = new Set(['nop', 'pause', 'prefetch', 'sfence', 'lfence', 'mfence']);
export const NOTHING_KEY = 'nop';

/** Operations worth a handler for each addressing form, in 8, 32 and 64 bits. Others compute addresses in one way. */
export const HOT: ReadonlySet<string> = new Set(
  'mov add sub cmp test and or xor lea movzx movsx movsxd push inc dec call jmp imul shl shr sar'.split(' '),
);

export type MemoryForm = 'm1' | 'm2' | 'mg';

export const isHot = (op: string, size: number): boolean => HOT.has(op) && size !== 16;

/** Key of the handler for a shape of the encoding table. `form` is '' without a memory operand. */
export const handlerKey = (shape: IsaShape, form: MemoryForm | '', legacy: boolean): string =>
  `${shape.key}${form === '' ? '' : ` ${form}`}${legacy ? ' legacy' : ''}`;
export const fusedKey = (key: string, condition: number): string => `${key}+j${condition}`;

/** Traits of the definition of a shape, or undefined when its meaning is a routine. */
export function traitsOf(shape: IsaShape): Traits | undefined {
  if (NOTHING.has(shape.op)) return TRAITS.get(NOTHING_KEY);
  const traits = TRAITS.get(shape.op);
  if (traits?.vector) return isVector(shape) ? traits : undefined;
  return traits !== undefined && definable(shape) ? traits : undefined;
}

export const doesNothing = (op: string): boolean => NOTHING.has(op);

/** Shapes on XMM registers in 64-bit mode; those on MMX registers are routines. */
const isVector = ({ operands, in64 }: IsaShape): boolean =>
  in64 && operands.every((o) => o.kind !== 'reg' || o.file === 'xmm' || o.file === 'gpr');

function definable({ op, operands, operandSize }: IsaShape): boolean {
  if (operands.some((o) => o.kind === 'far' || (o.kind === 'reg' && o.file !== 'gpr'))) return false;
  const [first, second] = operands;
  if (op === 'pop') return first?.kind === 'reg';
  // Only SYSRETQ returns to 64-bit code.
  if (op === 'sysret') return operandSize === 64;
  // A bit offset in a register reaches beyond a memory operand.
  if (op.startsWith('bt') && first?.kind === 'mem') return second?.kind === 'imm';
  return true;
}

/** Width a definition is instantiated for. */
export function definitionSize({ stack, ends }: Traits, shape: IsaShape): Size {
  const first = shape.operands[0];
  if (stack || ends !== undefined || first === undefined) return shape.operandSize;
  if (first.bits === 8 || first.bits === 16 || first.bits === 32 || first.bits === 64) return first.bits;
  return shape.operandSize;
}

const KINDS: Readonly<Record<'imm' | 'rel', SlotKind>> = { imm: 'i', rel: 't' };

/** True for MOV of a 64-bit immediate, which has no memory operand and keeps it in the displacement. */
export const wideImmediate = (shape: IsaShape): boolean =>
  shape.op === 'mov' &&
  shape.operands[0]?.kind === 'reg' &&
  shape.operands[1]?.kind === 'imm' &&
  shape.operands[1].bits === 64;

function slotOf(operand: OperandShape, shape: IsaShape, form: MemoryForm | ''): Slot {
  const size = (operand.bits === 0 ? 64 : operand.bits) as Size;
  if (operand.kind === 'mem') return { kind: form === '' ? 'mg' : form, size };
  if (operand.kind === 'imm' && wideImmediate(shape)) return { kind: 'I', size };
  if (operand.kind === 'reg' && operand.file === 'xmm') return { kind: 'x', size: 128 };
  return { kind: operand.kind === 'reg' ? 'r' : KINDS[operand.kind as 'imm' | 'rel'], size };
}

/** Slots of a shape; conditional instructions get their condition as an operand, before a branch target, else last. */
export function slotsOf(shape: IsaShape, form: MemoryForm | ''): Slot[] {
  const slots = shape.operands.map((o) => slotOf(o, shape, form));
  if (shape.condition < 0) return slots;
  const condition: Slot = { kind: 'c', size: 8 };
  return slots[0]?.kind === 't' ? [condition, ...slots] : [...slots, condition];
}
