/** Expressions on single floats and doubles, and what an implementation may know of them. */
import type { Ty, Val } from './expr.ts';

export type FloatBits = 32 | 64;
const NONE: readonly Val[] = [];
const typeOf = (bits: FloatBits): 'f32' | 'f64' => (bits === 64 ? 'f64' : 'f32');
const make = (ty: Ty, op: number, args: readonly Val[], n = 0): Val => ({ ty, op, n, big: 0n, args });

export const FLOAT_LOAD: Record<FloatBits, number> = { 32: 0x2a, 64: 0x2b };
export const FLOAT_STORE = { f32: 0x38, f64: 0x39 } as const;
export const floatLoad = (bits: FloatBits, addr: Val, offset = 0): Val =>
  make(typeOf(bits), FLOAT_LOAD[bits], [addr], offset);

/** f32.const, f64.const: the number's bits are in `big`. */
export const FLOAT_CONST: Record<FloatBits, number> = { 32: 0x43, 64: 0x44 };
export const floatOf = (bits: FloatBits, big: bigint): Val => ({
  ty: typeOf(bits),
  op: FLOAT_CONST[bits],
  n: 0,
  big,
  args: NONE,
});

/** Opcode for f32; the f64 form is at a fixed distance for arithmetic and for comparisons. */
const arithmetic =
  (op32: number) =>
  (...args: readonly [Val] | readonly [Val, Val]): Val =>
    make(args[0].ty, args[0].ty === 'f32' ? op32 : op32 + 0x0e, args);
const compare =
  (op32: number) =>
  (a: Val, b: Val): Val =>
    make('i32', a.ty === 'f32' ? op32 : op32 + 0x06, [a, b]);

export const abs = arithmetic(0x8b);
export const trunc = arithmetic(0x8f);
/** To nearest, ties to even. */
export const nearest = arithmetic(0x90);
export const sqrt = arithmetic(0x91);
export const add = arithmetic(0x92);
export const sub = arithmetic(0x93);
export const mul = arithmetic(0x94);
export const div = arithmetic(0x95);
export const eq = compare(0x5b);
export const ne = compare(0x5c);
export const lt = compare(0x5d);

export const promote = (v: Val): Val => make('f64', 0xbb, [v]);
export const demote = (v: Val): Val => make('f32', 0xb6, [v]);
/** From a signed i32 or i64. */
export const convert = (bits: FloatBits, v: Val): Val =>
  make(typeOf(bits), (bits === 64 ? 0xb7 : 0xb2) + (v.ty === 'i64' ? 2 : 0), [v]);

const REINTERPRETED = {
  f32: { ty: 'i32', op: 0xbc },
  f64: { ty: 'i64', op: 0xbd },
  i32: { ty: 'f32', op: 0xbe },
  i64: { ty: 'f64', op: 0xbf },
} as const;
/** The same bits as an integer, or as a float. */
export function reinterpret(v: Val): Val {
  if (v.ty === 'v128') throw new Error('a vector is no number');
  const { ty, op } = REINTERPRETED[v.ty];
  return make(ty, op, [v]);
}

/** f32x4 and f64x2: extract_lane 0, replace_lane 0, splat; behind the prefix of SIMD instructions. */
const LANES = {
  f32: { extract: 0x1f, replace: 0x20, splat: 0x13 },
  f64: { extract: 0x21, replace: 0x22, splat: 0x14 },
};
const SIMD = 0xfd00;
export const firstLane = (bits: FloatBits, v: Val): Val => make(typeOf(bits), SIMD | LANES[typeOf(bits)].extract, [v]);
const lanesOf = (v: Val): (typeof LANES)['f32'] => LANES[v.ty === 'f32' ? 'f32' : 'f64'];
export const withFirstLane = (v: Val, first: Val): Val => make('v128', SIMD | lanesOf(first).replace, [v, first]);
export const splat = (v: Val): Val => make('v128', SIMD | lanesOf(v).splat, [v]);

/**
 * A number is 0 (if `zero`), or 2^low <= |number| < 2^high, and below 0 only if `negative`. So it is finite, and normal
 * where low is not below the smallest exponent of its format.
 */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly zero: boolean;
  readonly negative: boolean;
}

/** What an implementation of definitions knows of values at the place it is at, and of all that went before. */
export interface FloatFacts {
  of(v: Val): Range | undefined;
  /** From here on the value, and whatever it was copied from or to, is known to be in a range. */
  learn(v: Val, range: Range): void;
  /** Whether both are copies of one value. */
  same(a: Val, b: Val): boolean;
  /** The 32 highest bits, where they cost less than to compute them. */
  highBits(v: Val): Val | undefined;
}
