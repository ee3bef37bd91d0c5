/** Shuffles, blends, widening, inserting and extracting of XMM registers as WebAssembly has them. */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Sem, Value } from '../language/semantics.ts';
import { defineVector, lowOf, operandOf, vectorOf } from './vector.ts';

const simd = (op: number, args: readonly Val[], lane = 0): Val => x.simd('v128', op, args, lane);
/** i8x16.swizzle, v128.and, v128.or, v128.bitselect. */
const [SWIZZLE, AND, OR, SELECT] = [0x0e, 0x4e, 0x50, 0x52];
const SPLATS = { 8: 0x0f, 16: 0x10, 32: 0x11, 64: 0x12 } as const;
const EQUALS = { 8: 0x23, 16: 0x2d, 32: 0x37, 64: 0xd6 } as const;
const ADD_BYTES = 0x6e;
type Width = keyof typeof SPLATS;

/** The same number in each lane; `n` is an i32, for lanes of 64 bits extended. */
const splat = (width: Width, n: Val): Val => simd(SPLATS[width], [width === 64 && n.ty === 'i32' ? x.extendU(n) : n]);
/** A constant of lanes, the first lowest. */
const lanes = (width: Width, values: readonly number[]): Val =>
  x.v128(values.reduceRight((all, n) => (all << BigInt(width)) | BigInt.asUintN(width, BigInt(n)), 0n));
const count = (width: Width): number[] => Array.from({ length: 128 / width }, (_, n) => n);
/** 0 to 15: a swizzle by it changes nothing. One by a number above 15 gives 0. */
const IOTA = lanes(8, count(8));

function binary(op: string, f: (a: Val, b: Val, c: Sem) => Val): void {
  defineVector(op, (c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const b = vectorOf(operands, 1).read(true);
    to.write(f(to.read(false), b, c), false);
  });
}
function withImmediate(op: string, f: (a: Val, b: Val, imm: Val, c: Sem) => Val): void {
  defineVector(op, (c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const b = vectorOf(operands, 1).read(true);
    to.write(f(to.read(false), b, c.let(operandOf(operands, 2).read()), c), false);
  });
}

binary('pshufb', (a, b) => simd(SWIZZLE, [a, simd(AND, [b, splat(8, x.i32(0x8f))])]));
for (const [op, lane, bytes] of [
  ['pshuflw', 0, 0x0100],
  ['pshufhw', 4, 0x0908],
] as const) {
  withImmediate(op, (_a, b, imm) => {
    let order = IOTA;
    for (let n = 0; n < 4; n++) {
      const picked = x.mul(x.and(x.shr(imm, x.i32(2 * n)), x.i32(3)), x.i32(0x0202));
      order = simd(0x1a, [order, x.add(picked, x.i32(bytes))], lane + n);
    }
    return simd(SWIZZLE, [b, order]);
  });
}
const HIGH_TWICE = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const LOW_TWICE = HIGH_TWICE.map((n) => n - 8);
const LOW_THEN_HIGH = [0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31];
withImmediate('shufpd', (a, b, imm) => {
  const low = x.select(x.and(imm, x.i32(1)), x.shuffle(a, a, HIGH_TWICE), a);
  const high = x.select(x.and(imm, x.i32(2)), b, x.shuffle(b, b, LOW_TWICE));
  return x.shuffle(low, high, LOW_THEN_HIGH);
});

/** A count of bytes from which on nothing is left. */
const atMost = (c: Sem, imm: Val, most: number): Val => c.let(x.select(x.gtU(imm, x.i32(most)), x.i32(most), imm));
for (const [op, sign] of [
  ['psrldq', 1],
  ['pslldq', -1],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const by = atMost(c, c.let(operandOf(operands, 1).read()), 16);
    const order = simd(ADD_BYTES, [IOTA, splat(8, x.mul(by, x.i32(sign)))]);
    to.write(simd(SWIZZLE, [to.read(false), order]), false);
  });
}
withImmediate('palignr', (a, b, imm, c) => {
  const order = c.let(simd(ADD_BYTES, [IOTA, splat(8, atMost(c, imm, 32))]));
  const above = simd(ADD_BYTES, [order, splat(8, x.i32(-16))]);
  return simd(OR, [simd(SWIZZLE, [b, order]), simd(SWIZZLE, [a, above])]);
});

/** Lanes of the source where the immediate has a 1. */
for (const [op, width] of [
  ['blendps', 32],
  ['blendpd', 64],
  ['pblendw', 16],
] as const) {
  withImmediate(op, (a, b, imm) => {
    const bits = lanes(
      width,
      count(width).map((n) => 1 << n),
    );
    const chosen = simd(EQUALS[width], [simd(AND, [splat(width, imm), bits]), bits]);
    return simd(SELECT, [b, a, chosen]);
  });
}
/** The same by the sign of each lane of XMM0: an arithmetic shift makes it the whole lane. */
for (const [op, shift, by] of [
  ['pblendvb', 0x6c, 7],
  ['blendvps', 0xac, 31],
  ['blendvpd', 0xcc, 63],
] as const) {
  defineVector(op, (_c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const b = vectorOf(operands, 1).read(true);
    const chosen = simd(shift, [vectorOf(operands, 2).read(false), x.i32(by)]);
    to.write(simd(SELECT, [b, to.read(false), chosen]), false);
  });
}

binary('movhlps', (a, b) => x.shuffle(b, a, [...HIGH_TWICE.slice(0, 8), ...HIGH_TWICE.slice(0, 8).map((n) => n + 16)]));
binary('movlhps', (a, b) => x.shuffle(a, b, [...LOW_TWICE.slice(0, 8), ...LOW_TWICE.slice(0, 8).map((n) => n + 16)]));
binary('movsldup', (_a, b) => x.shuffle(b, b, [0, 1, 2, 3, 0, 1, 2, 3, 8, 9, 10, 11, 8, 9, 10, 11]));
binary('movshdup', (_a, b) => x.shuffle(b, b, [4, 5, 6, 7, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15]));
defineVector('movddup', (c, _unless, operands) => {
  const v = lowOf(c, operandOf(operands, 1), 64);
  vectorOf(operands, 0).write(x.shuffle(v, v, LOW_TWICE), false);
});

/** Widening: opcodes of extend_low, signed and unsigned, from bytes, words, dwords; one after another. */
const EXTEND = { s: { b: 0x87, w: 0xa7, d: 0xc7 }, z: { b: 0x89, w: 0xa9, d: 0xc9 } } as const;
for (const sign of ['s', 'z'] as const) {
  const { b, w, d } = EXTEND[sign];
  for (const [types, bits, steps] of [
    ['bw', 64, [b]],
    ['bd', 32, [b, w]],
    ['wd', 64, [w]],
    ['wq', 32, [w, d]],
    ['dq', 64, [d]],
  ] as const) {
    defineVector(`pmov${sign}x${types}`, (c, _unless, operands) => {
      const v = lowOf(c, operandOf(operands, 1), bits);
      vectorOf(operands, 0).write(
        steps.reduce((wide: Val, step) => simd(step, [wide]), v),
        false,
      );
    });
  }
}

/** The number of a lane that an immediate gives, of as many lanes as there are. */
const laneNumber = (c: Sem, imm: Value, width: Width): Val => c.let(x.and(imm.read(), x.i32(128 / width - 1)));
const asDword = (v: Value): Val => (v.size === 64 ? x.wrap(v.read()) : v.read());
for (const [op, width] of [
  ['pextrb', 8],
  ['pextrw', 16],
  ['pextrd', 32],
  ['extractps', 32],
  ['pextrq', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const to = operandOf(operands, 0);
    const lane = laneNumber(c, operandOf(operands, 2), width);
    const order = simd(ADD_BYTES, [IOTA, splat(8, x.mul(lane, x.i32(width / 8)))]);
    const moved = simd(SWIZZLE, [vectorOf(operands, 1).read(false), order]);
    if (width === 64) return to.write(x.simd('i64', 0x1d, [moved]));
    const low = x.and(x.simd('i32', 0x1b, [moved]), x.i32(width === 32 ? -1 : (1 << width) - 1));
    to.write(to.size === 64 ? x.extendU(low) : low);
  });
}
for (const [op, width] of [
  ['pinsrb', 8],
  ['pinsrw', 16],
  ['pinsrd', 32],
  ['pinsrq', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const from = operandOf(operands, 1);
    const value = splat(width, width === 64 ? from.read() : asDword(from));
    const lane = laneNumber(c, operandOf(operands, 2), width);
    const chosen = simd(EQUALS[width], [splat(width, lane), lanes(width, count(width))]);
    to.write(simd(SELECT, [value, to.read(false), chosen]), false);
  });
}
