/** Packed integers of XMM registers where WebAssembly has the same operation. */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import { defineVector, operandOf, vectorOf } from './vector.ts';

/** Opcodes of the operation dst <- dst op src. */
const SAME: Readonly<Record<string, number>> = {
  paddb: 0x6e,
  paddsb: 0x6f,
  paddusb: 0x70,
  psubb: 0x71,
  psubsb: 0x72,
  psubusb: 0x73,
  pminsb: 0x76,
  pminub: 0x77,
  pmaxsb: 0x78,
  pmaxub: 0x79,
  pavgb: 0x7b,
  paddw: 0x8e,
  paddsw: 0x8f,
  paddusw: 0x90,
  psubw: 0x91,
  psubsw: 0x92,
  psubusw: 0x93,
  pmullw: 0x95,
  pminsw: 0x96,
  pminuw: 0x97,
  pmaxsw: 0x98,
  pmaxuw: 0x99,
  pavgw: 0x9b,
  paddd: 0xae,
  psubd: 0xb1,
  pmulld: 0xb5,
  pminsd: 0xb6,
  pminud: 0xb7,
  pmaxsd: 0xb8,
  pmaxud: 0xb9,
  pmaddwd: 0xba,
  paddq: 0xce,
  psubq: 0xd1,
  pcmpeqb: 0x23,
  pcmpgtb: 0x27,
  pcmpeqw: 0x2d,
  pcmpgtw: 0x31,
  pcmpeqd: 0x37,
  pcmpgtd: 0x3b,
  pcmpeqq: 0xd6,
  pcmpgtq: 0xd9,
  packsswb: 0x65,
  packuswb: 0x66,
  packssdw: 0x85,
  packusdw: 0x86,
  pand: 0x4e,
  por: 0x50,
  pxor: 0x51,
  andps: 0x4e,
  andpd: 0x4e,
  orps: 0x50,
  orpd: 0x50,
  xorps: 0x51,
  xorpd: 0x51,
};
function binary(op: string, f: (a: Val, b: Val) => Val): void {
  defineVector(op, (_c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const b = vectorOf(operands, 1).read(true);
    to.write(f(to.read(false), b), false);
  });
}
for (const [op, code] of Object.entries(SAME)) binary(op, (a, b) => x.simd('v128', code, [a, b]));
for (const op of ['pandn', 'andnps', 'andnpd']) binary(op, (a, b) => x.simd('v128', 0x4f, [b, a]));

/** Lanes of `width` bytes of the low or high halves, by turns. */
function interleaved(width: number, high: boolean): number[] {
  return Array.from({ length: 16 }, (_, i) => {
    const pair = Math.floor(i / (2 * width));
    return (high ? 8 : 0) + pair * width + (i % width) + (i % (2 * width) >= width ? 16 : 0);
  });
}
for (const [name, width] of [
  ['bw', 1],
  ['wd', 2],
  ['dq', 4],
  ['qdq', 8],
] as const) {
  binary(`punpckl${name}`, (a, b) => x.shuffle(a, b, interleaved(width, false)));
  binary(`punpckh${name}`, (a, b) => x.shuffle(a, b, interleaved(width, true)));
}
binary('unpcklps', (a, b) => x.shuffle(a, b, interleaved(4, false)));
binary('unpckhps', (a, b) => x.shuffle(a, b, interleaved(4, true)));
binary('unpcklpd', (a, b) => x.shuffle(a, b, interleaved(8, false)));
binary('unpckhpd', (a, b) => x.shuffle(a, b, interleaved(8, true)));

const [SWIZZLE, SPLAT32, REPLACE32] = [0x0e, 0x11, 0x1c];
/** The four dwords that an immediate picks, as byte numbers for a swizzle. */
function picked(imm: Val): Val {
  const bytes = (lane: number): Val =>
    x.add(x.mul(x.and(x.shr(imm, x.i32(2 * lane)), x.i32(3)), x.i32(0x04040404)), x.i32(0x03020100));
  let v = x.simd('v128', SPLAT32, [bytes(0)]);
  for (let lane = 1; lane < 4; lane++) v = x.simd('v128', REPLACE32, [v, bytes(lane)], lane);
  return v;
}
defineVector('pshufd', (c, _unless, operands) => {
  const b = vectorOf(operands, 1).read(true);
  const lanes = picked(c.let(operandOf(operands, 2).read()));
  vectorOf(operands, 0).write(x.simd('v128', SWIZZLE, [b, lanes]), false);
});
defineVector('shufps', (c, _unless, operands) => {
  const to = vectorOf(operands, 0);
  const b = vectorOf(operands, 1).read(true);
  const lanes = c.let(picked(c.let(operandOf(operands, 2).read())));
  const [low, high] = [x.simd('v128', SWIZZLE, [to.read(false), lanes]), x.simd('v128', SWIZZLE, [b, lanes])];
  to.write(x.shuffle(low, high, [0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31]), false);
});

/** Shifts: by an immediate, or by the low 64 bits of a register or memory. Too large a count leaves nothing. */
for (const [op, code, width, arithmetic] of [
  ['psllw', 0x8b, 16, false],
  ['psraw', 0x8c, 16, true],
  ['psrlw', 0x8d, 16, false],
  ['pslld', 0xab, 32, false],
  ['psrad', 0xac, 32, true],
  ['psrld', 0xad, 32, false],
  ['psllq', 0xcb, 64, false],
  ['psrlq', 0xcd, 64, false],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const to = vectorOf(operands, 0);
    const source = operandOf(operands, 1);
    let count: Val;
    if (source.vector === undefined) count = c.let(source.read());
    else {
      const whole = c.let(x.simd('i64', 0x1d, [source.vector.read(true)]));
      count = c.let(x.select(x.gtU(whole, x.i64(255n)), x.i32(255), x.wrap(whole)));
    }
    const a = to.read(false);
    const large = x.gtU(count, x.i32(width - 1));
    if (arithmetic) to.write(x.simd('v128', code, [a, x.select(large, x.i32(width - 1), count)]), false);
    else to.write(x.select(large, x.v128(0n), x.simd('v128', code, [a, count])), false);
  });
}

for (const [op, code] of [
  ['pmovmskb', 0x64],
  ['movmskps', 0xa4],
  ['movmskpd', 0xc4],
] as const) {
  defineVector(op, (_c, _unless, operands) => {
    const to = operandOf(operands, 0);
    const bits = x.simd('i32', code, [vectorOf(operands, 1).read(false)]);
    to.write(to.size === 64 ? x.extendU(bits) : bits);
  });
}

for (const [op, code] of [
  ['pabsb', 0x60],
  ['pabsw', 0x80],
  ['pabsd', 0xa0],
] as const)
  binary(op, (_a, b) => x.simd('v128', code, [b]));

const EVEN_DWORDS = [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11];
/** i64x2.extmul_low_i32x4 of the dwords 0 and 2. */
for (const [op, code] of [
  ['pmuldq', 0xdc],
  ['pmuludq', 0xde],
] as const)
  binary(op, (a, b) => x.simd('v128', code, [x.shuffle(a, a, EVEN_DWORDS), x.shuffle(b, b, EVEN_DWORDS)]));
const HIGH_WORDS = Array.from({ length: 16 }, (_, n) => (n >> 1) * 4 + 2 + (n & 1));
/** i32x4.extmul_low and extmul_high: of each product the upper word. */
for (const [op, low, high] of [
  ['pmulhw', 0xbc, 0xbd],
  ['pmulhuw', 0xbe, 0xbf],
] as const)
  binary(op, (a, b) => x.shuffle(x.simd('v128', low, [a, b]), x.simd('v128', high, [a, b]), HIGH_WORDS));

/** Of two registers in a row the even or odd lanes of `width` bytes. */
const everySecond = (width: number, odd: number): number[] =>
  Array.from({ length: 16 }, (_, n) => (2 * Math.floor(n / width) + odd) * width + (n % width));
for (const [op, width, code] of [
  ['phaddw', 2, 0x8e],
  ['phaddsw', 2, 0x8f],
  ['phsubw', 2, 0x91],
  ['phsubsw', 2, 0x92],
  ['phaddd', 4, 0xae],
  ['phsubd', 4, 0xb1],
] as const) {
  binary(op, (a, b) =>
    x.simd('v128', code, [x.shuffle(a, b, everySecond(width, 0)), x.shuffle(a, b, everySecond(width, 1))]),
  );
}

/** Shifts of i16x8 by 8, its product and its saturating sum. */
const [LEFT, RIGHT, RIGHT_SIGNED, PRODUCT, SATURATED] = [0x8b, 0x8d, 0x8c, 0x95, 0x8f];
const shifted = (op: number, v: Val, by = 8): Val => x.simd('v128', op, [v, x.i32(by)]);
binary('pmaddubsw', (a, b) => {
  const even = x.simd('v128', PRODUCT, [shifted(RIGHT, shifted(LEFT, a)), shifted(RIGHT_SIGNED, shifted(LEFT, b))]);
  const odd = x.simd('v128', PRODUCT, [shifted(RIGHT, a), shifted(RIGHT_SIGNED, b)]);
  return x.simd('v128', SATURATED, [even, odd]);
});
/** Differences of bytes, added by pairs until 64 bits hold their sum. */
const [LESS, ADD_PAIRS_BYTES, ADD_PAIRS_WORDS, ADD64, RIGHT64] = [0x73, 0x7d, 0x7f, 0xce, 0xcd];
binary('psadbw', (a, b) => {
  const difference = x.simd('v128', 0x50, [x.simd('v128', LESS, [a, b]), x.simd('v128', LESS, [b, a])]);
  const dwords = x.simd('v128', ADD_PAIRS_WORDS, [x.simd('v128', ADD_PAIRS_BYTES, [difference])]);
  const low = x.simd('v128', 0x4e, [dwords, x.v128(0x00000000ffffffff_00000000ffffffffn)]);
  return x.simd('v128', ADD64, [low, shifted(RIGHT64, dwords, 32)]);
});

/** ZF: no bit in common; CF: no bit of the source is missing (SDM vol. 2B, PTEST). v128.any_true. */
defineVector(
  'ptest',
  (c, _unless, operands) => {
    const b = vectorOf(operands, 1).read(true);
    const a = vectorOf(operands, 0).read(false);
    const none = (v: Val): Val => x.eqz(x.simd('i32', 0x53, [v]));
    const zero = x.shl(none(x.simd('v128', 0x4e, [a, b])), x.i32(6));
    c.setFlags('word', 32, c.let(x.or(zero, none(x.simd('v128', 0x4f, [b, a])))));
  },
  'sets',
);
