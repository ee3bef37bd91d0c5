/** Lanes of floats and doubles in definitions, and when WebAssembly's arithmetic on them gives x86's bits and flags. */
import { MXCSR } from '../../registers/floatingPoint.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Sem } from '../language/semantics.ts';
import { S } from '../layout.ts';

export interface Type {
  readonly suffix: string;
  readonly double: boolean;
  /** Lanes that count. */
  readonly scalar: boolean;
}
export const TYPES: readonly Type[] = [
  { suffix: 'ps', double: false, scalar: false },
  { suffix: 'pd', double: true, scalar: false },
  { suffix: 'ss', double: false, scalar: true },
  { suffix: 'sd', double: true, scalar: true },
];
export const bitsOf = (t: Type): 32 | 64 => (t.double ? 64 : 32);

export const splat = (t: Type, low: bigint, high: bigint): Val =>
  x.v128(t.double ? high * ((1n << 64n) | 1n) : low * 0x00000001000000010000000100000001n);
export const smallestNormal = (t: Type): Val => splat(t, 0x00800000n, 0x0010000000000000n);
export const infinite = (t: Type): Val => splat(t, 0x7f800000n, 0x7ff0000000000000n);

/** Opcodes by type: f32x4, f64x2. */
export const code = (t: Type, single: number, double: number): number => (t.double ? double : single);
export const abs = (t: Type, v: Val): Val => x.simd('v128', code(t, 0xe0, 0xec), [v]);
export const least = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe8, 0xf4), [a, b]);
export const greatest = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe9, 0xf5), [a, b]);
export const below = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x43, 0x49), [a, b]);
/** Leaves the instruction to its routine where the condition holds. */
export type Unless = (when: Val) => void;

export const or = (a: Val, b: Val): Val => x.simd('v128', 0x50, [a, b]);
export const and = (a: Val, b: Val): Val => x.simd('v128', 0x4e, [a, b]);
/** Whether a mask holds in all lanes that count, as i32. */
export const holds = (t: Type, mask: Val): Val =>
  t.scalar ? x.simd('i32', 0x1b, [mask], 0) : x.simd('i32', code(t, 0xa3, 0xc3), [mask]);

/** MXCSR is as the quick way needs it: nearest, PE masked. */
const ROUND = 0x6000;
export function unlessUsual(c: Sem, unless: Unless): void {
  const looked = x.and(c.stateWord(S.mxcsr), x.i32(ROUND | MXCSR.PM));
  unless(x.ne(looked, x.i32(MXCSR.PM)));
}
/** While PE is not set yet, only results that are exact: `exact` gives an i32. */
export function unlessExact(c: Sem, unless: Unless, exact: () => Val): void {
  unlessSeen(c, (unseen) => c.when(unseen, () => unless(x.eqz(exact()))));
}
/** Has `body` look at results where PE may not be set yet: `unseen` is non-zero while it is not. */
export function unlessSeen(c: Sem, body: (unseen: Val) => void): void {
  if (c.floats === undefined) body(x.eqz(x.and(c.stateWord(S.mxcsr), x.i32(MXCSR.PE))));
}
export const equal = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0x41, 0x47), [a, b]);
export const plus = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe4, 0xf0), [a, b]);
export const minus = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe5, 0xf1), [a, b]);
export const product = (t: Type, a: Val, b: Val): Val => x.simd('v128', code(t, 0xe6, 0xf2), [a, b]);
/** Whether lanes are zero or larger than the smallest normal number, as a mask. */
export function zeroOrNormal(c: Pick<Sem, 'let'>, t: Type, v: Val): Val {
  const magnitude = c.let(abs(t, v));
  const zero = equal(t, magnitude, x.v128(0n));
  return or(zero, below(t, smallestNormal(t), magnitude));
}
