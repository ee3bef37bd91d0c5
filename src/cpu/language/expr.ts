/**
 * Value expressions of the semantics language: small typed trees that are folded
 * when built and become WebAssembly stack code when a statement uses them.
 * 8/16/32-bit guest values live in i32, 64-bit guest values in i64.
 */

export type Size = 8 | 16 | 32 | 64;
/** WebAssembly value types in use. */
export type Ty = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** An expression. `op` is the wasm opcode; `n` a local, offset or callee; `big` an i64 constant. */
export interface Val {
  readonly ty: Ty;
  readonly op: number;
  readonly n: number;
  readonly big: bigint;
  readonly args: readonly Val[];
}

export const OP_LOCAL = 0x20;
export const OP_CALL = 0x10;
export const OP_I32 = 0x41;
export const OP_I64 = 0x42;
export const OP_SELECT = 0x1b;
const NONE: readonly Val[] = [];

const make = (ty: Ty, op: number, args: readonly Val[], n = 0): Val => ({ ty, op, n, big: 0n, args });

export const i32 = (n: number): Val => ({ ty: 'i32', op: OP_I32, n: n | 0, big: 0n, args: NONE });
export const i64 = (big: bigint): Val => ({ ty: 'i64', op: OP_I64, n: 0, big: BigInt.asIntN(64, big), args: NONE });
export const local = (ty: Ty, n: number): Val => make(ty, OP_LOCAL, NONE, n);
export const call = (ty: Ty, callee: number, args: readonly Val[]): Val => make(ty, OP_CALL, args, callee);

export const tyOf = (size: Size): Ty => (size === 64 ? 'i64' : 'i32');
export const constant = (size: Size, v: bigint): Val => (size === 64 ? i64(v) : i32(Number(BigInt.asUintN(size, v))));
export const isConst = (v: Val): boolean => v.op === OP_I32 || v.op === OP_I64;
const isValue = (v: Val, n: number): boolean =>
  (v.op === OP_I32 && v.n === n) || (v.op === OP_I64 && v.big === BigInt(n));

/** Opcode for i32; the i64 form is at a fixed distance for arithmetic and for comparisons. */
const arith =
  (op32: number) =>
  (a: Val, b: Val): Val =>
    make(a.ty, a.ty === 'i32' ? op32 : op32 + 0x12, [a, b]);
const compare =
  (op32: number, holds: (a: bigint, b: bigint) => boolean, unsigned = false) =>
  (a: Val, b: Val): Val => {
    if (!isConst(a) || !isConst(b)) return make('i32', a.ty === 'i32' ? op32 : op32 + 0x0b, [a, b]);
    const known = unsigned ? unsignedOf : signedOf;
    return i32(holds(known(a), known(b)) ? 1 : 0);
  };
/** Values of constants. */
const signedOf = (v: Val): bigint => (v.ty === 'i32' ? BigInt(v.n) : v.big);
const unsignedOf = (v: Val): bigint => BigInt.asUintN(v.ty === 'i32' ? 32 : 64, signedOf(v));

type Fold = (a: bigint, b: bigint) => bigint;
const folded =
  (build: (a: Val, b: Val) => Val, fold: Fold, rightIdentity?: number) =>
  (a: Val, b: Val): Val => {
    if (isConst(a) && isConst(b)) {
      return a.ty === 'i32' ? i32(Number(BigInt.asIntN(32, fold(BigInt(a.n), BigInt(b.n))))) : i64(fold(a.big, b.big));
    }
    return rightIdentity !== undefined && isValue(b, rightIdentity) ? a : build(a, b);
  };

export const add = folded(arith(0x6a), (a, b) => a + b, 0);
export const sub = folded(arith(0x6b), (a, b) => a - b, 0);
export const mul = arith(0x6c);
export const and = folded(arith(0x71), (a, b) => a & b, -1);
export const or = folded(arith(0x72), (a, b) => a | b, 0);
export const xor = folded(arith(0x73), (a, b) => a ^ b, 0);
const shift =
  (op32: number, fold: Fold, unsigned = false) =>
  (a: Val, b: Val): Val => {
    if (isValue(b, 0)) return a;
    if (!isConst(a) || !isConst(b)) return arith(op32)(a, b);
    const by = signedOf(b) & (a.ty === 'i32' ? 31n : 63n);
    const folded = fold(unsigned ? unsignedOf(a) : signedOf(a), by);
    return a.ty === 'i32' ? i32(Number(BigInt.asIntN(32, folded))) : i64(folded);
  };
export const shl = shift(0x74, (a, by) => a << by);
export const sar = shift(0x75, (a, by) => a >> by);
export const shr = shift(0x76, (a, by) => a >> by, true);
export const rotl = arith(0x77);
export const rotr = arith(0x78);
/** Division traps on a zero divisor and on the one signed overflow: guard before. */
export const divS = arith(0x6d);
export const divU = arith(0x6e);
export const remS = arith(0x6f);
export const remU = arith(0x70);

export const eq = compare(0x46, (a, b) => a === b);
export const ne = compare(0x47, (a, b) => a !== b);
export const ltS = compare(0x48, (a, b) => a < b);
export const ltU = compare(0x49, (a, b) => a < b, true);
export const leS = compare(0x4c, (a, b) => a <= b);
export const leU = compare(0x4d, (a, b) => a <= b, true);
export const gtS = compare(0x4a, (a, b) => a > b);
export const gtU = compare(0x4b, (a, b) => a > b, true);
export const geS = compare(0x4e, (a, b) => a >= b);
export const geU = compare(0x4f, (a, b) => a >= b, true);
export const eqz = (a: Val): Val =>
  a.op === OP_I32 ? i32(a.n === 0 ? 1 : 0) : make('i32', a.ty === 'i32' ? 0x45 : 0x50, [a]);
/** Bit counts; i64 operands give i64 results. */
const unary =
  (op32: number) =>
  (a: Val): Val =>
    make(a.ty, a.ty === 'i32' ? op32 : op32 + 0x12, [a]);
export const clz = unary(0x67);
export const ctz = unary(0x68);
export const popcnt = unary(0x69);

export const wrap = (a: Val): Val => {
  if (a.op === OP_I64) return i32(Number(BigInt.asIntN(32, a.big)));
  return a.op === 0xad || a.op === 0xac ? a.args[0]! : make('i32', 0xa7, [a]);
};
export const extendU = (a: Val): Val => (a.op === OP_I32 ? i64(BigInt(a.n >>> 0)) : make('i64', 0xad, [a]));
export const extendS = (a: Val): Val => (a.op === OP_I32 ? i64(BigInt(a.n)) : make('i64', 0xac, [a]));

export const select = (cond: Val, a: Val, b: Val): Val =>
  isConst(cond) ? (cond.n !== 0 ? a : b) : make(a.ty, OP_SELECT, [a, b, cond]);

/** Clears the bits above `size`; 32- and 64-bit values are always clean. */
export const norm = (size: Size, v: Val): Val => (size < 32 ? and(v, i32((1 << size) - 1)) : v);

/** Clean value of `from` bits to a value of `to` bits, zero-extended (or truncated). */
export const zext = (v: Val, from: Size, to: Size): Val => {
  if (to === 64) return from === 64 ? v : extendU(v);
  return from === 64 ? norm(to, wrap(v)) : to < from ? norm(to, v) : v;
};

/** Sign-extends a clean value of `from` bits to the full width of i32 (to < 64) or i64. */
export const sextWide = (v: Val, from: Size, to: Size): Val => {
  if (isConst(v)) {
    const n = BigInt.asIntN(from, v.ty === 'i32' ? BigInt(v.n) : v.big);
    return to === 64 ? i64(n) : i32(Number(n));
  }
  if (from === 64) return v;
  const wide = from === 32 ? v : make('i32', from === 8 ? 0xc0 : 0xc1, [v]);
  return to === 64 ? extendS(wide) : wide;
};

/** Memory accesses at a host (linear memory) address plus a constant offset. */
export const LOAD: Record<Size, number> = { 8: 0x2d, 16: 0x2f, 32: 0x28, 64: 0x29 };
export const STORE: Record<Size, number> = { 8: 0x3a, 16: 0x3b, 32: 0x36, 64: 0x37 };
export const hostLoad = (size: Size, addr: Val, offset = 0): Val => make(tyOf(size), LOAD[size], [addr], offset);

/** Opcodes behind a prefix byte: SIMD instructions, and saturating conversions. */
export const OP_SIMD = 0xfd00;
export const OP_SATURATING = 0xfc00;
/** A SIMD instruction; `lane` is its immediate, where it has one. */
export const simd = (ty: Ty, op: number, args: readonly Val[], lane = 0): Val => make(ty, OP_SIMD | op, args, lane);
/** Any other instruction by its opcode; its type matters only to whoever keeps its result. */
export const raw = (ty: Ty, op: number, args: readonly Val[]): Val => make(ty, op, args);
/** v128.const and i8x16.shuffle have 16 bytes of their own: the low byte of `bytes` is the first. */
export const V128_CONST = OP_SIMD | 0x0c;
export const V128_SHUFFLE = OP_SIMD | 0x0d;
export const v128 = (bytes: bigint): Val => ({ ty: 'v128', op: V128_CONST, n: 0, big: bytes, args: NONE });
export const shuffle = (a: Val, b: Val, lanes: readonly number[]): Val => ({
  ty: 'v128',
  op: V128_SHUFFLE,
  n: 0,
  big: lanes.reduceRight((all, lane) => (all << 8n) | BigInt(lane), 0n),
  args: [a, b],
});
/** Loads of a whole vector, and of 32 or 64 bits with zeros above. */
export const V128_LOADS = { 128: OP_SIMD | 0x00, 32: OP_SIMD | 0x5c, 64: OP_SIMD | 0x5d } as const;
export const vectorLoad = (bits: 32 | 64 | 128, addr: Val, offset = 0): Val =>
  make('v128', V128_LOADS[bits], [addr], offset);
