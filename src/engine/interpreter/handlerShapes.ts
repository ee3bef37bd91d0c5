/**
 * Which handlers exist: every shape of the encoding table whose meaning is a definition, for each way memory operands
 * are addressed, plus fused pairs.
 */
import type { Size } from '../../cpu/language/expr.ts';
import { type Definition, DEFINITIONS } from '../../cpu/semantics/index.ts';
import { type Shape as IsaShape, shapes } from '../../isa/shapes.ts';
import { rows } from '../../isa/table/index.ts';
import {
  definitionSize,
  doesNothing,
  fusedKey,
  handlerKey,
  HOT,
  isHot,
  type MemoryForm,
  NOTHING_KEY,
  slotsOf,
  traitsOf,
} from './handlers.ts';
import type { Shape } from './slots.ts';

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

/** The definition of a shape, or undefined when its meaning is a routine. */
export function definitionOf(shape: IsaShape): Definition | undefined {
  const traits = traitsOf(shape);
  return traits && DEFINITIONS.get(traits.op);
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
