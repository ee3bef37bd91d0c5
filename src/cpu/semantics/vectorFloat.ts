/**
 * SSE floating point where WebAssembly gives the same bits and flags: rounding to nearest, every operand and result
 * normal, and the result exact or inexactness masked and seen before (PE is sticky, so one more changes nothing).
 * Anything else, the first inexact result included, is the exact routine's affair (cpu/float).
 */
import { MXCSR } from '../../registers/floatingPoint.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Sem } from '../language/semantics.ts';
import { S } from '../layout.ts';
import { defineVector, lowOf, operandOf, vectorOf } from './vector.ts';

interface Type {
  readonly suffix: string;
  readonly double: boolean;
  /** Lanes that count. */
  readonly scalar: boolean;
}
const TYPES: readonly Type[] = [
  { suffix: 'ps', double: false, scalar: false },
  { suffix: 'pd', double: true, scalar: false },
  { suffix: 'ss', double: false, scalar: true },
  { suffix: 'sd', double: true, scalar: true },
];
const bitsOf = (t: Type): 32 | 64 => (t.double ? 64 : 32);

const splat = (t: Type, low: bigint, high: bigint): Val =>
  x.v128(t.double ? high * ((1n << 64n) | 1n) : low * 0x00000001000000010000000100000001n);
const smallestNormal = (t: Type): Val => splat(t, 0x00800000n, 0x0010000000000000n);
const infinite = (t: Type): Val => splat(t, 0x7f800000n, 0x7ff0000000000000n);

/** Opcodes by type: f32x4, f64x2. */
const code = (t: Type, single: number, double: number): number => (t.double ? double : single);
const abs = (t: Type, v: Val): Val => x.simd('v128', code(t, 0xe0, 0xec), [v]);
const least = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe8, 0xf4), [a, b]);
const greatest = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe9, 0xf5), [a, b]);
const below = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x43, 0x49), [a, b]);
const and = (a: Val, b: Val): Val => x.simd('v128', 0x4e, [a, b]);
/** Whether a mask holds in all lanes that count, as i32. */
const holds = (t: Type, mask: Val): Val =>
  t.scalar ? x.simd('i32', 0x1b, [mask], 0) : x.simd('i32', code(t, 0xa3, 0xc3), [mask]);

/** MXCSR is as the quick way needs it: nearest, PE masked. */
const ROUND = 0x6000;
function unlessUsual(c: Sem, unless: (when: Val) => void): void {
  const looked = x.and(c.stateWord(S.mxcsr), x.i32(ROUND | MXCSR.PM));
  unless(x.ne(looked, x.i32(MXCSR.PM)));
}
/** While PE is not set yet, only results that are exact: `exact` gives an i32. */
function unlessExact(c: Sem, unless: (when: Val) => void, exact: () => Val): void {
  const seen = x.and(c.stateWord(S.mxcsr), x.i32(MXCSR.PE));
  c.when(x.eqz(seen), () => unless(x.eqz(exact())));
}
const equal = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x41, 0x47), [a, b]);
const plus = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe4, 0xf0), [a, b]);
const minus = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe5, 0xf1), [a, b]);
const product = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe6, 0xf2), [a, b]);
/** The rest of a sum of two numbers is itself a number (Knuth's TwoSum): zero when nothing was lost. */
function sumIsExact(c: Sem, t: Type, a: Val, b: Val, sum: Val): Val {
  const second = c.let(minus(t, sum, a));
  const rest = plus(t, minus(t, a, minus(t, sum, second)), minus(t, b, second));
  return equal(t, rest, x.v128(0n));
}
/** Both have so few significant bits that their product loses none. */
function shortFactors(t: Type, a: Val, b: Val): Val {
  const low = splat(t, 0xfffn, 0x7ffffffn);
  return equal(t, and(x.simd('v128', 0x50, [a, b]), low), x.v128(0n));
}
function isExact(c: Sem, t: Type, name: string, args: readonly Val[], result: Val): Val {
  const [a, b] = args;
  if (a === undefined) throw new Error('no operand');
  if (b === undefined) return and(shortFactors(t, result, result), equal(t, product(t, result, result), a));
  if (name === 'add') return sumIsExact(c, t, a, b, result);
  if (name === 'sub') return sumIsExact(c, t, a, c.let(x.simd('v128', code(t, 0xe1, 0xed), [b])), result);
  if (name === 'mul') return shortFactors(t, a, b);
  return and(shortFactors(t, result, b), equal(t, product(t, result, b), a));
}
/** Every value is larger than the smallest normal number and finite; comparisons with NaNs are false. */
function unlessNormal(c: Sem, unless: (when: Val) => void, t: Type, values: readonly Val[]): void {
  const magnitudes = values.map((v) => c.let(abs(t, v)));
  const low = magnitudes.reduce((a, b) => least(t, a, b));
  const high = magnitudes.reduce((a, b) => greatest(t, a, b));
  unless(x.eqz(holds(t, and(below(t, smallestNormal(t), low), below(t, high, infinite(t))))));
}

/** Whether lanes are zero or larger than the smallest normal number, as a mask. */
function zeroOrNormal(c: Sem, t: Type, v: Val): Val {
  const magnitude = c.let(abs(t, v));
  const zero = equal(t, magnitude, x.v128(0n));
  return x.simd('v128', 0x50, [zero, below(t, smallestNormal(t), magnitude)]);
}
/** The same with zeros among them: sums of such numbers are exact where they are small. */
function unlessSummable(c: Sem, unless: (when: Val) => void, t: Type, values: readonly Val[]): void {
  const numbers = values.map((v) => zeroOrNormal(c, t, v)).reduce(and);
  const high = values.map((v) => abs(t, v)).reduce((a, b) => greatest(t, a, b));
  unless(x.eqz(holds(t, and(numbers, below(t, high, infinite(t))))));
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
      const check = name === 'add' || name === 'sub' ? unlessSummable : unlessNormal;
      check(c, unless, t, [...args, result]);
      unlessExact(c, unless, () => holds(t, isExact(c, t, name, args, result)));
      if (t.scalar) to.writeLow(bitsOf(t), result);
      else to.write(result, false);
    });
  }
}

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

/** f64.convert_i32_s, f64.convert_i64_s; f64x2.splat. */
const [CONVERT32, CONVERT64, SPLAT] = [0xb7, 0xb9, 0x14];
defineVector('cvtsi2sd', (c, unless, operands) => {
  const from = operandOf(operands, 1);
  // 32 bits always fit; of 64 some are rounded.
  const n = c.let(from.read());
  if (from.size === 64) {
    unlessUsual(c, unless);
    unlessExact(c, unless, () => x.ltU(x.add(n, x.i64(1n << 53n)), x.i64(1n << 54n)));
  }
  const converted = x.raw('i64', from.size === 64 ? CONVERT64 : CONVERT32, [n]);
  vectorOf(operands, 0).writeLow(64, x.simd('v128', SPLAT, [converted]));
});

/** i32.trunc_sat_f64_s, i64.trunc_sat_f64_s; f64x2.extract_lane. */
const [TRUNCATE32, TRUNCATE64, EXTRACT] = [0x02, 0x06, 0x21];
/** f64x2.trunc */
const TRUNCATE = 0x7a;
defineVector('cvttsd2si', (c, unless, operands) => {
  const t: Type = { suffix: 'sd', double: true, scalar: true };
  unlessUsual(c, unless);
  const to = operandOf(operands, 0);
  const v = lowOf(c, operandOf(operands, 1), 64);
  const limit = to.size === 64 ? 0x43e0000000000000n : 0x41e0000000000000n;
  unless(x.eqz(holds(t, below(t, c.let(abs(t, v)), x.v128(limit)))));
  unlessExact(c, unless, () => holds(t, equal(t, x.simd('v128', TRUNCATE, [v]), v)));
  const scalar = x.simd('i64', EXTRACT, [v], 0);
  const op = x.OP_SATURATING | (to.size === 64 ? TRUNCATE64 : TRUNCATE32);
  to.write(x.raw(to.size === 64 ? 'i64' : 'i32', op, [scalar]));
});
