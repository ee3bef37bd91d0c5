/**
 * SSE floating point where WebAssembly gives the same bits and flags: rounding to nearest, every operand and result
 * normal, and the result exact or inexactness masked and seen before (PE is sticky, so one more changes nothing).
 * Anything else, the first inexact result included, is the exact routine's affair (cpu/float).
 */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import * as float from '../language/floats.ts';
import type { Sem } from '../language/semantics.ts';
import {
  abs,
  and,
  below,
  bitsOf,
  code,
  equal,
  greatest,
  holds,
  infinite,
  least,
  minus,
  or,
  plus,
  product,
  smallestNormal,
  splat,
  TYPES,
  unlessSeen,
  unlessUsual,
  zeroOrNormal,
  type Type,
  type Unless,
} from './floatLanes.ts';
import { strangeNumbers, unlessComparable } from './floatNumbers.ts';
import { bounded, either, type Operation } from './floatRange.ts';
import { defineVector, floatOf, lowOf, operandOf, vectorOf } from './vector.ts';

/** The rest of a sum of two numbers is itself a number (Knuth's TwoSum): zero when nothing was lost. */
function sumIsExact(c: Pick<Sem, 'let'>, t: Type, a: Val, b: Val, sum: Val): Val {
  const second = c.let(minus(t, sum, a));
  const rest = plus(t, minus(t, a, minus(t, sum, second)), minus(t, b, second));
  return equal(t, rest, x.v128(0n));
}
/** Both have so few significant bits that their product loses none. */
function shortFactors(t: Type, a: Val, b: Val): Val {
  const low = splat(t, 0xfffn, 0x7ffffffn);
  return equal(t, and(x.simd('v128', 0x50, [a, b]), low), x.v128(0n));
}
function isExact(c: Pick<Sem, 'let'>, t: Type, name: string, args: readonly Val[], result: Val): Val {
  const [a, b] = args;
  if (a === undefined) throw new Error('no operand');
  if (b === undefined) return and(shortFactors(t, result, result), equal(t, product(t, result, result), a));
  if (name === 'add') return sumIsExact(c, t, a, b, result);
  if (name === 'sub') return sumIsExact(c, t, a, c.let(x.simd('v128', code(t, 0xe1, 0xed), [b])), result);
  if (name === 'mul') return shortFactors(t, a, b);
  return and(shortFactors(t, result, b), equal(t, product(t, result, b), a));
}
/**
 * Whether some value is not finite and larger than the smallest normal number, which costs little to find out: from the
 * bits of such a number without the sign, as an integer, those of the least such number can be subtracted, and the
 * distance of infinity from the sign bit be added.
 */
function strangeLanes(c: Sem, t: Type, values: readonly Val[]): Val {
  const [add, subtract] = [code(t, 0xae, 0xce), code(t, 0xb1, 0xd1)];
  const step = splat(t, 0x01000001n, 0x0020000000000001n);
  const first = splat(t, 0x00800001n, 0x0010000000000001n);
  const outside = values.map((v) => {
    const distance = c.let(x.simd('v128', subtract, [abs(t, v), first]));
    return or(distance, x.simd('v128', add, [distance, step]));
  });
  return x.simd('i32', code(t, 0xa4, 0xc4), [outside.reduce(or)]);
}
const strange = (c: Sem, t: Type, values: readonly Val[]): Val =>
  t.scalar ? strangeNumbers(values) : strangeLanes(c, t, values);
/** Values of the rare cases as vectors, and their type: single numbers fill all lanes. */
const allLanes = (c: Pick<Sem, 'let'>, t: Type, values: readonly Val[]): readonly [Type, readonly Val[]] =>
  t.scalar ? [{ ...t, scalar: false }, values.map((v) => c.let(float.splat(v)))] : [t, values];

/**
 * Every value is larger than the smallest normal number and finite (comparisons with NaNs are false), or the result is
 * a zero because an operand of the product is, the dividend, or what the root is taken of.
 */
function unlessNormal(c: Sem, unless: Unless, type: Type, name: string, args: readonly Val[], result: Val): void {
  const values = [...args, result];
  unless(
    c.rarely(strange(c, type, values), `${name}${type.suffix}`, values, (inner, numbers) => {
      const [t, all] = allLanes(inner, type, numbers);
      const [operands, outcome] = [all.slice(0, -1), all[all.length - 1] as Val];
      const magnitudes = all.map((v) => inner.let(abs(t, v)));
      const low = magnitudes.reduce((a, b) => least(t, a, b));
      const high = magnitudes.reduce((a, b) => greatest(t, a, b));
      const normal = and(below(t, smallestNormal(t), low), below(t, high, infinite(t)));
      const zero = (v: Val): Val => equal(t, v, x.v128(0n));
      const [a = outcome, b = a] = operands;
      const cause = name === 'mul' ? or(zero(a), zero(b)) : zero(a);
      const zeros = [...operands.map((v) => zeroOrNormal(inner, t, v)), zero(outcome), cause].reduce(and);
      return x.eqz(holds(t, or(normal, zeros)));
    }),
  );
}

/** Operands and result are zeros or normal and finite: sums of such numbers are exact where they are small. */
function unlessSummable(c: Sem, unless: Unless, type: Type, values: readonly Val[]): void {
  unless(
    c.rarely(strange(c, type, values), `sum${type.suffix}`, values, (inner, numbers) => {
      const [t, all] = allLanes(inner, type, numbers);
      const normal = all.map((v) => zeroOrNormal(inner, t, v)).reduce(and);
      const high = all.map((v) => abs(t, v)).reduce((a, b) => greatest(t, a, b));
      return x.eqz(holds(t, and(normal, below(t, high, infinite(t)))));
    }),
  );
}

/** Leaves to the routine what does not give the same bits and flags, once the result is there. */
function unlessRight(c: Sem, unless: Unless, type: Type, name: Operation, args: readonly Val[], result: Val): void {
  const all = [...args, result];
  if (name === 'add' || name === 'sub') unlessSummable(c, unless, type, all);
  else unlessNormal(c, unless, type, name, args, result);
  unlessSeen(c, (unseen) => {
    const lost = c.rarely(unseen, `inexact ${name}${type.suffix}`, all, (inner, numbers) => {
      const [t, values] = allLanes(inner, type, numbers);
      return x.eqz(holds(t, isExact(inner, t, name, values.slice(0, -1), values[args.length] as Val)));
    });
    unless(lost);
  });
}

const OPERATIONS: Record<Operation, (...args: readonly [Val] | readonly [Val, Val]) => Val> = float;
/** Opcodes by type: f32x4, f64x2. */
const LANES = {
  add: [0xe4, 0xf0],
  sub: [0xe5, 0xf1],
  mul: [0xe6, 0xf2],
  div: [0xe7, 0xf3],
  sqrt: [0xe3, 0xef],
} as const;
for (const t of TYPES) {
  for (const name of ['add', 'sub', 'mul', 'div', 'sqrt'] as const) {
    const takesOne = name === 'sqrt';
    if (t.scalar) {
      defineVector(`${name}${t.suffix}`, (c, unless, list) => {
        unlessUsual(c, unless);
        const { floats } = c;
        const to = vectorOf(list, 0);
        const b = floatOf(c, operandOf(list, 1), bitsOf(t));
        const args = takesOne ? ([b] as const) : ([to.readFloat(bitsOf(t)), b] as const);
        const range = floats && bounded(c, floats, unless, name, args);
        const result = c.let(OPERATIONS[name](...args));
        if (range !== undefined) floats?.learn(result, range);
        else unlessRight(c, unless, t, name, args, result);
        to.writeFloat(result);
      });
      continue;
    }
    defineVector(`${name}${t.suffix}`, (c, unless, list) => {
      unlessUsual(c, unless);
      const to = vectorOf(list, 0);
      const b = vectorOf(list, 1).read(true);
      const args = takesOne ? [b] : [to.read(false), b];
      const [single, double] = LANES[name];
      const result = c.let(x.simd('v128', code(t, single, double), args));
      unlessRight(c, unless, t, name, args, result);
      to.write(result, false);
    });
  }
}

const XOR = 0x51;
const notAbove = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x45, 0x4b), [a, b]);

/** COMISS and UCOMISS where no exception is possible. */
for (const [op, bits] of [
  ['comiss', 32],
  ['ucomiss', 32],
  ['comisd', 64],
  ['ucomisd', 64],
] as const) {
  defineVector(
    op,
    (c, unless, operands) => {
      const b = floatOf(c, operandOf(operands, 1), bits);
      const a = vectorOf(operands, 0).readFloat(bits);
      unlessComparable(c, unless, a);
      unlessComparable(c, unless, b);
      c.setFlags('word', 32, c.let(x.or(x.shl(float.eq(a, b), x.i32(6)), float.lt(a, b))));
    },
    'sets',
  );
}

/**
 * MIN, MAX and CMP of numbers that are normal, zero or infinite: no exception is possible. MIN and MAX give the second
 * operand where both are equal, as wasm's pmin and pmax do with their operands exchanged.
 */
for (const t of TYPES) {
  const comparable = (c: Sem, unless: Unless, a: Val, b: Val): void =>
    unless(x.eqz(holds(t, and(zeroOrNormal(c, t, a), zeroOrNormal(c, t, b)))));
  for (const [name, single, double] of [
    ['min', 0xea, 0xf6],
    ['max', 0xeb, 0xf7],
  ] as const) {
    defineVector(`${name}${t.suffix}`, (c, unless, list) => {
      const to = vectorOf(list, 0);
      const op = code(t, single, double);
      if (t.scalar) {
        const b = floatOf(c, operandOf(list, 1), bitsOf(t));
        const a = to.readFloat(bitsOf(t));
        for (const v of [a, b]) unlessComparable(c, unless, v);
        const [one, other] = [c.floats?.of(a), c.floats?.of(b)];
        const chosen = x.simd('v128', op, [float.splat(b), float.splat(a)]);
        const result = c.let(float.firstLane(bitsOf(t), chosen));
        if (one !== undefined && other !== undefined) c.floats?.learn(result, either(one, other));
        to.writeFloat(result);
      } else {
        const [a, b] = [to.read(false), vectorOf(list, 1).read(true)];
        comparable(c, unless, a, b);
        to.write(x.simd('v128', op, [b, a]), false);
      }
    });
  }
  // Predicates 0 to 3: equal, below, not above, unordered; 4 to 7 the opposite (SDM vol. 2A, CMPPD).
  defineVector(`cmp${t.suffix}`, (c, unless, list) => {
    const to = vectorOf(list, 0);
    const b = t.scalar ? lowOf(c, operandOf(list, 1), bitsOf(t)) : vectorOf(list, 1).read(true);
    const a = to.read(false);
    comparable(c, unless, a, b);
    const imm = c.let(operandOf(list, 2).read());
    const which = c.let(x.and(imm, x.i32(3)));
    const less = x.select(x.eq(which, x.i32(1)), below(t, a, b), notAbove(t, a, b));
    const ordered = x.select(which, less, equal(t, a, b));
    const positive = x.select(x.eq(which, x.i32(3)), x.v128(0n), ordered);
    const all = x.v128((1n << 128n) - 1n);
    const result = x.simd('v128', XOR, [positive, x.select(x.and(imm, x.i32(4)), all, x.v128(0n))]);
    if (t.scalar) to.writeFloat(c.let(float.firstLane(bitsOf(t), result)));
    else to.write(result, false);
  });
}
