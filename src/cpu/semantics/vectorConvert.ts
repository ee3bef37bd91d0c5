/**
 * Conversions between integers, floats and doubles where WebAssembly gives the same bits and flags: the number fits, is
 * no denormal, and is exact or inexactness changes nothing (see vectorFloat.ts). The rest is the routines' affair.
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
  holds,
  infinite,
  splat,
  TYPES,
  type Type,
  type Unless,
  unlessExact,
  unlessUsual,
  zeroOrNormal,
} from './floatLanes.ts';
import { unlessComparable } from './floatNumbers.ts';
import { anyNormal } from './floatRange.ts';
import { defineVector, floatOf, lowOf, operandOf, vectorOf } from './vector.ts';

const [F32S, F64S]: readonly Type[] = [
  { suffix: 'ps', double: false, scalar: false },
  { suffix: 'pd', double: true, scalar: false },
];
const lanes = (double: boolean, scalar: boolean): Type => ({ suffix: '', double, scalar });

for (const [type, bits, digits] of [
  ['ss', 32, 24n],
  ['sd', 64, 53n],
] as const) {
  defineVector(`cvtsi2${type}`, (c, unless, operands) => {
    const from = operandOf(operands, 1);
    const n = c.let(from.read());
    // 32 bits always fit a double; of the others some are rounded.
    if (from.size === 64 || type === 'ss') {
      unlessUsual(c, unless);
      unlessExact(c, unless, () => {
        const wide = from.size === 64 ? n : x.extendS(n);
        return x.ltU(x.add(wide, x.i64(1n << digits)), x.i64(1n << (digits + 1n)));
      });
    }
    const converted = c.let(float.convert(bits, n));
    // From 1 to 2^31 or 2^63.
    c.floats?.learn(converted, { low: 0, high: from.size, zero: true, negative: true });
    vectorOf(operands, 0).writeFloat(converted);
  });
}

/** Opcodes by type of f32x4, f64x2: trunc and nearest. */
const truncated = (t: Type, v: Val): Val => x.simd('v128', code(t, 0x69, 0x7a), [v]);
const nearest = (t: Type, v: Val): Val => x.simd('v128', code(t, 0x6a, 0x94), [v]);

for (const [type, bits] of [
  ['ss', 32],
  ['sd', 64],
] as const) {
  for (const cut of [false, true]) {
    defineVector(`cvt${cut ? 't' : ''}${type}2si`, (c, unless, operands) => {
      const to = operandOf(operands, 0);
      unlessUsual(c, unless);
      const v = floatOf(c, operandOf(operands, 1), bits);
      const n = c.let(cut ? float.trunc(v) : float.nearest(v));
      // Nothing that is not a number is below the limit. Of a denormal only the precision is lost.
      const known = c.floats?.of(v);
      if (known === undefined || known.high >= to.size - 1) {
        const limit = bits === 64 ? 0x41e0000000000000n : 0x4f000000n;
        const wide = bits === 64 ? 0x43e0000000000000n : 0x5f000000n;
        unless(x.eqz(float.lt(float.abs(n), float.floatOf(bits, to.size === 64 ? wide : limit))));
      }
      unlessExact(c, unless, () => float.eq(n, v));
      // i32.trunc_sat_f32_s 0, f64_s 2; i64.trunc_sat_f32_s 4, f64_s 6.
      const op = x.OP_SATURATING | ((to.size === 64 ? 4 : 0) + (bits === 64 ? 2 : 0));
      to.write(x.raw(to.size === 64 ? 'i64' : 'i32', op, [n]));
    });
  }
}
/** Floats whose whole parts fit 32 bits, as floats that are whole. */
function whole(c: Sem, unless: Unless, t: Type, v: Val, cut: boolean): Val {
  unlessUsual(c, unless);
  const n = c.let(cut ? truncated(t, v) : nearest(t, v));
  const limit = splat(t, 0x4f000000n, 0x41e0000000000000n);
  unless(x.eqz(holds(t, and(zeroOrNormal(c, t, v), below(t, abs(t, n), limit)))));
  unlessExact(c, unless, () => holds(t, equal(t, n, v)));
  return n;
}
for (const [op, t, into, cut] of [
  ['cvtps2dq', F32S, 0xf8, false],
  ['cvttps2dq', F32S, 0xf8, true],
  ['cvtpd2dq', F64S, 0xfc, false],
  ['cvttpd2dq', F64S, 0xfc, true],
] as const) {
  if (t === undefined) continue;
  defineVector(op, (c, unless, operands) => {
    const n = whole(c, unless, t, vectorOf(operands, 1).read(true), cut);
    vectorOf(operands, 0).write(x.simd('v128', into, [n]), false);
  });
}

/** i32x4.trunc_sat_f32x4_s, f32x4.convert_i32x4_s, f64x2.convert_low_i32x4_s; i32x4.eq. */
const [TO_DWORDS, FROM_DWORDS, DOUBLES_FROM_DWORDS, SAME_DWORDS] = [0xf8, 0xfa, 0xfe, 0x37];
const LARGEST = 0x7fffffff7fffffff7fffffff7fffffffn;
defineVector('cvtdq2ps', (c, unless, operands) => {
  unlessUsual(c, unless);
  const n = vectorOf(operands, 1).read(true);
  const result = c.let(x.simd('v128', FROM_DWORDS, [n]));
  unlessExact(c, unless, () => {
    // The way back saturates: 2^31 would pass for the largest integer.
    const back = x.simd('v128', SAME_DWORDS, [x.simd('v128', TO_DWORDS, [result]), n]);
    const largest = x.simd('v128', SAME_DWORDS, [n, x.v128(LARGEST)]);
    return x.simd('i32', 0xa3, [x.simd('v128', 0x4f, [back, largest])]);
  });
  vectorOf(operands, 0).write(result, false);
});
defineVector('cvtdq2pd', (c, _unless, operands) => {
  const n = lowOf(c, operandOf(operands, 1), 64);
  vectorOf(operands, 0).write(x.simd('v128', DOUBLES_FROM_DWORDS, [n]), false);
});

/** f64x2.promote_low_f32x4, f32x4.demote_f64x2_zero. */
const promoted = (v: Val): Val => x.simd('v128', 0x5f, [v]);
const demoted = (v: Val): Val => x.simd('v128', 0x5e, [v]);

defineVector('cvtps2pd', (c, unless, operands) => {
  const v = lowOf(c, operandOf(operands, 1), 64);
  // What is above the source reads as zeros.
  if (F32S !== undefined) unless(x.eqz(holds(F32S, zeroOrNormal(c, F32S, v))));
  vectorOf(operands, 0).write(promoted(v), false);
});
defineVector('cvtss2sd', (c, unless, operands) => {
  const v = floatOf(c, operandOf(operands, 1), 32);
  const known = unlessComparable(c, unless, v, false);
  const result = c.let(float.promote(v));
  if (known !== undefined) c.floats?.learn(result, known);
  vectorOf(operands, 0).writeFloat(result);
});

/** Doubles that become normal floats, or zeros that stay zeros. */
function unlessNarrow(c: Sem, unless: Unless, t: Type, v: Val, result: Val): void {
  const back = c.let(promoted(result));
  const magnitude = c.let(abs(t, back));
  // 2^-126, the smallest normal float; a zero only of a zero.
  const normal = and(below(t, splat(t, 0n, 0x3810000000000000n), magnitude), below(t, magnitude, infinite(t)));
  const zero = equal(t, v, x.v128(0n));
  unless(x.eqz(holds(t, x.simd('v128', 0x50, [normal, zero]))));
  unlessExact(c, unless, () => holds(t, equal(t, back, v)));
}
defineVector('cvtpd2ps', (c, unless, operands) => {
  unlessUsual(c, unless);
  const v = vectorOf(operands, 1).read(true);
  const result = c.let(demoted(v));
  if (F64S !== undefined) unlessNarrow(c, unless, F64S, v, result);
  vectorOf(operands, 0).write(result, false);
});
defineVector('cvtsd2ss', (c, unless, operands) => {
  unlessUsual(c, unless);
  const v = floatOf(c, operandOf(operands, 1), 64);
  const { floats } = c;
  const known = floats?.of(v);
  const result = c.let(float.demote(v));
  const format = anyNormal(32);
  if (known !== undefined && known.low >= format.low && known.high < format.high) {
    unlessExact(c, unless, () => float.eq(float.promote(result), v));
    // It may be rounded to a power of two.
    floats?.learn(result, { ...known, high: known.high + 1 });
  } else {
    const both = c.let(float.splat(v));
    unlessNarrow(c, unless, lanes(true, false), both, c.let(demoted(both)));
    floats?.learn(result, format);
  }
  vectorOf(operands, 0).writeFloat(result);
});

/** Opcodes of ceil and floor by type. */
const ceiling = (t: Type, v: Val): Val => x.simd('v128', code(t, 0x67, 0x74), [v]);
const floor = (t: Type, v: Val): Val => x.simd('v128', code(t, 0x68, 0x75), [v]);
/** Bits of the immediate: rounding as MXCSR says; no precision exception (SDM vol. 2B, ROUNDPD). */
const [BY_MXCSR, QUIETLY] = [4, 8];
for (const t of TYPES) {
  defineVector(`round${t.suffix}`, (c, unless, operands) => {
    unlessUsual(c, unless);
    const v = t.scalar ? lowOf(c, operandOf(operands, 1), bitsOf(t)) : vectorOf(operands, 1).read(true);
    unless(x.eqz(holds(t, zeroOrNormal(c, t, v))));
    const imm = c.let(operandOf(operands, 2).read());
    // To nearest by the usual MXCSR.
    const mode = c.let(x.select(x.and(imm, x.i32(BY_MXCSR)), x.i32(0), x.and(imm, x.i32(3))));
    const directed = x.select(x.eq(mode, x.i32(1)), floor(t, v), ceiling(t, v));
    const away = x.select(x.eq(mode, x.i32(3)), truncated(t, v), directed);
    const result = c.let(x.select(mode, away, nearest(t, v)));
    c.when(x.eqz(x.and(imm, x.i32(QUIETLY))), () => unlessExact(c, unless, () => holds(t, equal(t, result, v))));
    const to = vectorOf(operands, 0);
    if (t.scalar) to.writeFloat(c.let(float.firstLane(bitsOf(t), result)));
    else to.write(result, false);
  });
}
