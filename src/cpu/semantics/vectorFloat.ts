/**
 * SSE floating point where WebAssembly gives the same bits and flags: rounding to nearest, every operand and result
 * normal, and the result exact or inexactness masked and seen before (PE is sticky, so one more changes nothing).
 * Anything else, the first inexact result included, is the exact routine's affair (cpu/float).
 */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Sem, Value } from '../language/semantics.ts';
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
  unseen,
  unlessUsual,
  zeroOrNormal,
  type Type,
  type Unless,
} from './floatLanes.ts';
import { defineVector, lowOf, operandOf, vectorOf } from './vector.ts';

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
function strange(c: Sem, t: Type, values: readonly Val[]): Val {
  const [add, subtract] = [code(t, 0xae, 0xce), code(t, 0xb1, 0xd1)];
  const step = splat(t, 0x01000001n, 0x0020000000000001n);
  const first = splat(t, 0x00800001n, 0x0010000000000001n);
  const outside = values.map((v) => {
    const distance = c.let(x.simd('v128', subtract, [abs(t, v), first]));
    return or(distance, x.simd('v128', add, [distance, step]));
  });
  const signs = x.simd('i32', code(t, 0xa4, 0xc4), [outside.reduce(or)]);
  return t.scalar ? x.and(signs, x.i32(1)) : signs;
}
/**
 * Every value is larger than the smallest normal number and finite (comparisons with NaNs are false), or the result is
 * a zero because an operand of the product is, the dividend, or what the root is taken of.
 */
function unlessNormal(c: Sem, unless: Unless, t: Type, name: string, args: readonly Val[], result: Val): void {
  const values = [...args, result];
  unless(
    c.rarely(strange(c, t, values), `${name}${t.suffix}`, values, (inner, all) => {
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
function unlessSummable(c: Sem, unless: Unless, t: Type, values: readonly Val[]): void {
  unless(
    c.rarely(strange(c, t, values), `sum${t.suffix}`, values, (inner, all) => {
      const numbers = all.map((v) => zeroOrNormal(inner, t, v)).reduce(and);
      const high = all.map((v) => abs(t, v)).reduce((a, b) => greatest(t, a, b));
      return x.eqz(holds(t, and(numbers, below(t, high, infinite(t)))));
    }),
  );
}

for (const t of TYPES) {
  for (const [name, single, double, operands] of [
    ['add', 0xe4, 0xf0, 2],
    ['sub', 0xe5, 0xf1, 2],
    ['mul', 0xe6, 0xf2, 2],
    ['div', 0xe7, 0xf3, 2],
    ['sqrt', 0xe3, 0xef, 1],
  ] as const) {
    defineVector(`${name}${t.suffix}`, (c, unless, list) => {
      unlessUsual(c, unless);
      const to = vectorOf(list, 0);
      const b = t.scalar ? lowOf(c, operandOf(list, 1), bitsOf(t)) : vectorOf(list, 1).read(true);
      const args = operands === 2 ? [to.read(false), b] : [b];
      const result = c.let(x.simd('v128', code(t, single, double), args));
      if (name === 'add' || name === 'sub') unlessSummable(c, unless, t, [...args, result]);
      else unlessNormal(c, unless, t, name, args, result);
      const all = [...args, result];
      unless(
        c.rarely(unseen(c), `inexact ${name}${t.suffix}`, all, (inner, values) =>
          x.eqz(holds(t, isExact(inner, t, name, values.slice(0, -1), values[args.length] as Val))),
        ),
      );
      if (t.scalar) to.writeLow(bitsOf(t), result);
      else to.write(result, false);
    });
  }
}

const XOR = 0x51;
const notAbove = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x45, 0x4b), [a, b]);

/** COMISS and UCOMISS of numbers that are normal or zero: no exception is possible. */
for (const [op, double] of [
  ['comiss', false],
  ['ucomiss', false],
  ['comisd', true],
  ['ucomisd', true],
] as const) {
  const t: Type = { suffix: '', double, scalar: true };
  defineVector(
    op,
    (c, unless, operands) => {
      const a = vectorOf(operands, 0).readLow(bitsOf(t));
      const b = lowOf(c, operandOf(operands, 1), bitsOf(t));
      unless(x.eqz(holds(t, and(zeroOrNormal(c, t, a), zeroOrNormal(c, t, b)))));
      const same = x.and(holds(t, equal(t, a, b)), x.i32(0x40));
      const less = x.and(holds(t, below(t, a, b)), x.i32(1));
      c.setFlags('word', 32, c.let(x.or(same, less)));
    },
    'sets',
  );
}

/**
 * MIN, MAX and CMP of numbers that are normal, zero or infinite: no exception is possible. MIN and MAX give the second
 * operand where both are equal, as wasm's pmin and pmax do with their operands exchanged.
 */
for (const t of TYPES) {
  const operandsOf = (c: Sem, unless: Unless, list: readonly Value[]): readonly [Val, Val] => {
    const a = vectorOf(list, 0).read(false);
    const b = t.scalar ? lowOf(c, operandOf(list, 1), bitsOf(t)) : vectorOf(list, 1).read(true);
    unless(x.eqz(holds(t, and(zeroOrNormal(c, t, a), zeroOrNormal(c, t, b)))));
    return [a, b];
  };
  const put = (list: readonly Value[], result: Val): void =>
    t.scalar ? vectorOf(list, 0).writeLow(bitsOf(t), result) : vectorOf(list, 0).write(result, false);
  for (const [name, single, double] of [
    ['min', 0xea, 0xf6],
    ['max', 0xeb, 0xf7],
  ] as const) {
    defineVector(`${name}${t.suffix}`, (c, unless, list) => {
      const [a, b] = operandsOf(c, unless, list);
      put(list, x.simd('v128', code(t, single, double), [b, a]));
    });
  }
  // Predicates 0 to 3: equal, below, not above, unordered; 4 to 7 the opposite (SDM vol. 2A, CMPPD).
  defineVector(`cmp${t.suffix}`, (c, unless, list) => {
    const [a, b] = operandsOf(c, unless, list);
    const imm = c.let(operandOf(list, 2).read());
    const which = c.let(x.and(imm, x.i32(3)));
    const less = x.select(x.eq(which, x.i32(1)), below(t, a, b), notAbove(t, a, b));
    const ordered = x.select(which, less, equal(t, a, b));
    const positive = x.select(x.eq(which, x.i32(3)), x.v128(0n), ordered);
    const all = x.v128((1n << 128n) - 1n);
    put(list, x.simd('v128', XOR, [positive, x.select(x.and(imm, x.i32(4)), all, x.v128(0n))]));
  });
}
