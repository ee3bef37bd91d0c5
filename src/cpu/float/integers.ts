/** Packed integer arithmetic, comparison, logic and shifts of MMX to SSE4.2 (SDM vol. 2). */
import { bytewise, dwordwise, packed, qwordwise, shift, wordwise } from './packed.ts';
import { A, B, R } from './vectorOperands.ts';

const clamp =
  (low: number, high: number) =>
  (v: number): number =>
    v < low ? low : v > high ? high : v;
const sbyte = clamp(-0x80, 0x7f);
const ubyte = clamp(0, 0xff);
const sword = clamp(-0x8000, 0x7fff);
const uword = clamp(0, 0xffff);

bytewise('paddb', (x, y) => x + y);
bytewise('psubb', (x, y) => x - y);
bytewise('paddsb', (x, y) => sbyte(x + y), true);
bytewise('psubsb', (x, y) => sbyte(x - y), true);
bytewise('paddusb', (x, y) => ubyte(x + y));
bytewise('psubusb', (x, y) => ubyte(x - y));
bytewise('pminub', Math.min);
bytewise('pmaxub', Math.max);
bytewise('pminsb', Math.min, true);
bytewise('pmaxsb', Math.max, true);
bytewise('pavgb', (x, y) => (x + y + 1) >> 1);
bytewise('pcmpeqb', (x, y) => (x === y ? 0xff : 0));
bytewise('pcmpgtb', (x, y) => (x > y ? 0xff : 0), true);
bytewise('psignb', (x, y) => (y < 0 ? -x : y === 0 ? 0 : x), true);
bytewise('pabsb', (_x, y) => Math.abs(y), true);
bytewise('pand', (x, y) => x & y);
bytewise('pandn', (x, y) => ~x & y);
bytewise('por', (x, y) => x | y);
bytewise('pxor', (x, y) => x ^ y);
for (const type of ['ps', 'pd']) {
  bytewise(`and${type}`, (x, y) => x & y);
  bytewise(`andn${type}`, (x, y) => ~x & y);
  bytewise(`or${type}`, (x, y) => x | y);
  bytewise(`xor${type}`, (x, y) => x ^ y);
}

wordwise('paddw', (x, y) => x + y);
wordwise('psubw', (x, y) => x - y);
wordwise('paddsw', (x, y) => sword(x + y), true);
wordwise('psubsw', (x, y) => sword(x - y), true);
wordwise('paddusw', (x, y) => uword(x + y));
wordwise('psubusw', (x, y) => uword(x - y));
wordwise('pminsw', Math.min, true);
wordwise('pmaxsw', Math.max, true);
wordwise('pminuw', Math.min);
wordwise('pmaxuw', Math.max);
wordwise('pavgw', (x, y) => (x + y + 1) >> 1);
wordwise('pcmpeqw', (x, y) => (x === y ? 0xffff : 0));
wordwise('pcmpgtw', (x, y) => (x > y ? 0xffff : 0), true);
wordwise('pmullw', (x, y) => Math.imul(x, y));
wordwise('pmulhw', (x, y) => (x * y) >> 16, true);
wordwise('pmulhuw', (x, y) => Math.imul(x, y) >>> 16);
wordwise('pmulhrsw', (x, y) => (((x * y) >> 14) + 1) >> 1, true);
wordwise('psignw', (x, y) => (y < 0 ? -x : y === 0 ? 0 : x), true);
wordwise('pabsw', (_x, y) => Math.abs(y), true);

dwordwise('paddd', (x, y) => x + y);
dwordwise('psubd', (x, y) => x - y);
dwordwise('pminsd', Math.min, true);
dwordwise('pmaxsd', Math.max, true);
dwordwise('pminud', Math.min);
dwordwise('pmaxud', Math.max);
dwordwise('pcmpeqd', (x, y) => (x === y ? -1 : 0));
dwordwise('pcmpgtd', (x, y) => (x > y ? -1 : 0), true);
dwordwise('pmulld', (x, y) => Math.imul(x, y));
dwordwise('psignd', (x, y) => (y < 0 ? -x : y === 0 ? 0 : x), true);
dwordwise('pabsd', (_x, y) => Math.abs(y), true);

const LOW32 = 0xffffffffn;
qwordwise('paddq', (x, y) => x + y);
qwordwise('psubq', (x, y) => x - y);
qwordwise('pmuludq', (x, y) => (x & LOW32) * (y & LOW32));
qwordwise('pmuldq', (x, y) => BigInt.asIntN(32, x) * BigInt.asIntN(32, y));
qwordwise('pcmpeqq', (x, y) => (x === y ? -1n : 0n));
qwordwise('pcmpgtq', (x, y) => (BigInt.asIntN(64, x) > BigInt.asIntN(64, y) ? -1n : 0n));

packed('pmaddwd', (bytes) => {
  for (let i = 0; i < bytes / 4; i++) {
    const low = (A.i16[2 * i] as number) * (B.i16[2 * i] as number);
    R.i32[i] = low + (A.i16[2 * i + 1] as number) * (B.i16[2 * i + 1] as number);
  }
});
packed('pmaddubsw', (bytes) => {
  for (let i = 0; i < bytes / 2; i++) {
    const low = (A.u8[2 * i] as number) * (B.i8[2 * i] as number);
    R.i16[i] = sword(low + (A.u8[2 * i + 1] as number) * (B.i8[2 * i + 1] as number));
  }
});
packed('psadbw', (bytes) => {
  for (let q = 0; q < bytes / 8; q++) {
    let sum = 0;
    for (let i = 8 * q; i < 8 * q + 8; i++) sum += Math.abs((A.u8[i] as number) - (B.u8[i] as number));
    R.u32[2 * q] = sum;
    R.u32[2 * q + 1] = 0;
  }
});
packed('mpsadbw', (_bytes, imm) => {
  const from = (imm & 4) !== 0 ? 4 : 0;
  const block = (imm & 3) * 4;
  for (let i = 0; i < 8; i++) {
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += Math.abs((A.u8[from + i + k] as number) - (B.u8[block + k] as number));
    R.u16[i] = sum;
  }
});
packed('phminposuw', () => {
  let at = 0;
  for (let i = 1; i < 8; i++) if ((B.u16[i] as number) < (B.u16[at] as number)) at = i;
  const least = B.u16[at] as number;
  R.u8.fill(0);
  R.u16[0] = least;
  R.u16[1] = at;
});

/** Pairs of neighbours: the destination's give the low half of the result, the source's the high half. */
function horizontal16(op: string, f: (x: number, y: number) => number): void {
  packed(op, (bytes) => {
    const half = bytes / 4;
    for (let i = 0; i < half; i++) {
      R.i16[i] = f(A.i16[2 * i] as number, A.i16[2 * i + 1] as number);
      R.i16[half + i] = f(B.i16[2 * i] as number, B.i16[2 * i + 1] as number);
    }
  });
}
function horizontal32(op: string, f: (x: number, y: number) => number): void {
  packed(op, (bytes) => {
    const half = bytes / 8;
    for (let i = 0; i < half; i++) {
      R.i32[i] = f(A.i32[2 * i] as number, A.i32[2 * i + 1] as number);
      R.i32[half + i] = f(B.i32[2 * i] as number, B.i32[2 * i + 1] as number);
    }
  });
}
horizontal16('phaddw', (x, y) => x + y);
horizontal16('phsubw', (x, y) => x - y);
horizontal16('phaddsw', (x, y) => sword(x + y));
horizontal16('phsubsw', (x, y) => sword(x - y));
horizontal32('phaddd', (x, y) => x + y);
horizontal32('phsubd', (x, y) => x - y);

const shift16 = (op: string, f: (x: number, count: number) => number, signed = false): void =>
  shift(op, (bytes, count) => {
    const a = signed ? A.i16 : A.u16;
    for (let i = 0; i < bytes / 2; i++) R.u16[i] = f(a[i] as number, count);
  });
const shift32 = (op: string, f: (x: number, count: number) => number): void =>
  shift(op, (bytes, count) => {
    for (let i = 0; i < bytes / 4; i++) R.u32[i] = f(A.i32[i] as number, count);
  });
const shift64 = (op: string, f: (x: bigint, count: bigint) => bigint): void =>
  shift(op, (bytes, count) => {
    for (let i = 0; i < bytes / 8; i++)
      R.u64[i] = count > 63 ? 0n : BigInt.asUintN(64, f(A.u64[i] as bigint, BigInt(count)));
  });
shift16('psllw', (x, n) => (n > 15 ? 0 : x << n));
shift16('psrlw', (x, n) => (n > 15 ? 0 : x >> n));
shift16('psraw', (x, n) => x >> Math.min(n, 15), true);
shift32('pslld', (x, n) => (n > 31 ? 0 : x << n));
shift32('psrld', (x, n) => (n > 31 ? 0 : x >>> n));
shift32('psrad', (x, n) => x >> Math.min(n, 31));
shift64('psllq', (x, n) => x << n);
shift64('psrlq', (x, n) => x >> n);
shift('pslldq', (bytes, count) => {
  for (let i = 0; i < bytes; i++) R.u8[i] = i >= count ? (A.u8[i - count] as number) : 0;
});
shift('psrldq', (bytes, count) => {
  for (let i = 0; i < bytes; i++) R.u8[i] = i + count < bytes ? (A.u8[i + count] as number) : 0;
});
