/**
 * Which handlers exist: every shape of the encoding table whose meaning is a definition, for each way memory operands
 * are addressed, plus fused pairs.
 */
import type { Size } from '../../cpu/language/expr.ts';
import { type Definition, DEFINITIONS } from '../../cpu/semantics/index.ts';
import { type OperandShape, type Shape as IsaShape, shapes } from '../../isa/shapes.ts';
import { rows } from '../../isa/table/index.ts';
import type { Shape, Slot, SlotKind } from './slots.ts';

/** Instructions that do nothing here; their operands are not even looked at. */
const NOTHING = new Set(['nop', 'pause', 'prefetch', 'sfence', 'lfence', 'mfence']);
export const NOTHING_KEY = 'nop';

/** Operations worth a handler for each addressing form, in 8, 32 and 64 bits. Others compute addresses in one way. */
const HOT = new Set(
  'mov add sub cmp test and or xor lea movzx movsx movsxd push inc dec call jmp imul shl shr sar'.split(' '),
);

/** Operations common without a memory operand, or with one. */
const COMMON_IN_REGISTERS = new Set(
  'jcc setcc cmovcc ret leave pop xchg cbw cwd neg not mul div idiv rol ror bt adc sbb bsf bsr tzcnt bswap syscall sysret'.split(
    ' ',
  ),
);

/**
 * The dispatch loop of a shape: 0 what 64-bit code is made of, 1 what 32-bit code adds, 2 16-bit operands, 3 the rest.
 * The host compiles a loop when it is first entered, so a boot waits only for those it needs.
 */
function loopOf({ op, vector }: Definition, size: Size, form: MemoryForm | '', legacy: boolean): number {
  if (vector) return VECTOR_LOOP;
  if (size === 16) return 2;
  const common = HOT.has(op) || COMMON_IN_REGISTERS.has(op);
  if (legacy) return common ? 1 : 3;
  if (form === '') return common ? 0 : 3;
  if (!isHot(op, size)) return 3;
  return form !== 'mg' || op === 'mov' ? 0 : 1;
}
/** Its number for definitions on XMM registers. */
const VECTOR_LOOP = 4;
export const LOOPS = 5;

export type MemoryForm = 'm1' | 'm2' | 'mg';

export const isHot = (op: string, size: number): boolean => HOT.has(op) && size !== 16;

/** Key of the handler for a shape of the encoding table. `form` is '' without a memory operand. */
export const handlerKey = (shape: IsaShape, form: MemoryForm | '', legacy: boolean): string =>
  `${shape.key}${form === '' ? '' : ` ${form}`}${legacy ? ' legacy' : ''}`;
export const fusedKey = (key: string, condition: number): string => `${key}+j${condition}`;

/** The definition of a shape, or undefined when its meaning is a routine. */
export function definitionOf(shape: IsaShape): Definition | undefined {
  if (NOTHING.has(shape.op)) return DEFINITIONS.get(NOTHING_KEY);
  const definition = DEFINITIONS.get(shape.op);
  if (definition?.vector) return isVector(shape) ? definition : undefined;
  return definition !== undefined && definable(shape) ? definition : undefined;
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
export function definitionSize(definition: Definition, shape: IsaShape): Size {
  const first = shape.operands[0];
  if (definition.stack || definition.ends !== undefined || first === undefined) return shape.operandSize;
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

function formsOf(shape: IsaShape, size: number): readonly (MemoryForm | '')[] {
  if (!shape.operands.some((o) => o.kind === 'mem')) return [''];
  return shape.in64 && isHot(shape.op, size) ? ['m1', 'm2', 'mg'] : ['mg'];
}

const EQUAL = [4, 5];
const SIGN = [8, 9];
const ORDER = [2, 3, 6, 7, 12, 13, 14, 15];
/** Pairs with a conditional jump worth a handler of their own: operands as in a shape's key, and the conditions. */
const FUSED: readonly {
  op: string;
  sizes: readonly Size[];
  forms: readonly string[];
  conditions: readonly number[];
}[] = [
  { op: 'cmp', sizes: [8, 32, 64], forms: ['r,r', 'r,i', 'm1,i', 'r,m1'], conditions: [...EQUAL, ...ORDER] },
  { op: 'test', sizes: [8, 32, 64], forms: ['r,r', 'r,i'], conditions: [...EQUAL, ...SIGN, 14, 15] },
  { op: 'sub', sizes: [32, 64], forms: ['r,i', 'r,r'], conditions: [...EQUAL, 2, 3] },
  { op: 'add', sizes: [32, 64], forms: ['r,i', 'r,r'], conditions: EQUAL },
  { op: 'dec', sizes: [32, 64], forms: ['r'], conditions: EQUAL },
];

/** Every handler shape, in handler-number order. */
export function handlerShapes(): Shape[] {
  const found = new Map<string, Shape>();
  const nothing = DEFINITIONS.get(NOTHING_KEY);
  if (nothing === undefined) throw new Error('nop is not defined');
  found.set(NOTHING_KEY, { key: NOTHING_KEY, definition: nothing, size: 32, slots: [], legacy: false, loop: 0 });
  for (const row of rows()) {
    for (const shape of shapes(row)) {
      const definition = definitionOf(shape);
      if (definition === undefined || doesNothing(shape.op)) continue;
      const size = definitionSize(definition, shape);
      for (const form of formsOf(shape, size)) {
        for (const legacy of definition.stack ? [false, true] : [false]) {
          if (legacy ? !shape.inLegacy : definition.stack && !shape.in64) continue;
          if (legacy && form !== '' && form !== 'mg') continue;
          const key = handlerKey(shape, form, legacy);
          const loop = loopOf(definition, size, form, legacy);
          if (!found.has(key)) found.set(key, { key, definition, size, slots: slotsOf(shape, form), legacy, loop });
        }
      }
    }
  }
  const plain = [...found.values()];
  // Handler numbers rise from loop to loop: a number tells its loop.
  return [...plain, ...fusedShapes(plain)].sort((a, b) => a.loop - b.loop);
}

function fusedShapes(plain: readonly Shape[]): Shape[] {
  return FUSED.flatMap(({ op, sizes, forms, conditions }) =>
    plain
      .filter(
        (s) => s.definition.op === op && sizes.includes(s.size) && forms.includes(s.slots.map((o) => o.kind).join(',')),
      )
      .flatMap((s) => conditions.map((c) => ({ ...s, key: fusedKey(s.key, c), fusedCondition: c }))),
  );
}
