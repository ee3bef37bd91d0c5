/** Values that floating-point and packed instructions find hard. */
import type { Choices } from '../host/random.ts';

const F32 = [
  0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x40000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000,
  0x7fc12345, 0x7f800001, 0xffa00000, 0x7fffffff, 0x00000001, 0x80000001, 0x007fffff, 0x00800000, 0x80800001,
  0x00ffffff, 0x7f7fffff, 0xff7fffff, 0x4b000000, 0x4b7fffff, 0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001,
  0x5effffff, 0x5f000000, 0xdf000000, 0x3f000000, 0x3effffff, 0xbf000000, 0x3fc00000, 0x40200000, 0xc0200000,
  0x3f7fffff, 0x34000000, 0x33800000, 0x00400000,
];
const F64 = [
  0n,
  1n << 63n,
  0x3ff0000000000000n,
  0xbff0000000000000n,
  0x4000000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000000000n,
  0xfff8000000000000n,
  0x7ff8123456789abcn,
  0x7ff0000000000001n,
  0xfff4000000000000n,
  0x7fffffffffffffffn,
  1n,
  0x8000000000000001n,
  0x000fffffffffffffn,
  0x0010000000000000n,
  0x8010000000000001n,
  0x001fffffffffffffn,
  0x7fefffffffffffffn,
  0xffefffffffffffffn,
  0x4330000000000000n,
  0x433fffffffffffffn,
  0x41dfffffffc00000n,
  0x41dfffffffe00000n,
  0x41e0000000000000n,
  0xc1e0000000000000n,
  0xc1e0000000100000n,
  0xc1e0000000200000n,
  0x43dfffffffffffffn,
  0x43e0000000000000n,
  0xc3e0000000000000n,
  0xc3e0000000000001n,
  0x3fe0000000000000n,
  0x3fdfffffffffffffn,
  0xbfe0000000000000n,
  0x3ff8000000000000n,
  0x4004000000000000n,
  0x47efffffe0000000n,
  0x47efffffefffffffn,
  0x47effffff0000000n,
  0x3810000000000000n,
  0x380fffffffffffffn,
  0x36a0000000000000n,
  0x3690000000000000n,
  0x369fffffffffffffn,
  0x3ca0000000000000n,
  0x3cb0000000000000n,
];

/** 32 bits as a float: corners, near one another, or anything. */
export function float32(c: Choices): number {
  switch (c.below(6)) {
    case 0:
    case 1:
      return c.pick(F32);
    case 2:
      return (c.pick(F32) ^ (1 << c.below(32))) >>> 0;
    case 3:
      // Exponents near each other, few significant bits: exact results.
      return ((c.below(2) << 31) | ((120 + c.below(16)) << 23) | (c.below(64) << 17)) >>> 0;
    case 4:
      return ((c.below(2) << 31) | ((117 + c.below(20)) << 23) | c.below(1 << 23)) >>> 0;
    default:
      return Number(c.bits64() & 0xffffffffn);
  }
}

/**
 * Stores 64 bits in two halves. V8 11.3 dies while it optimises a setBigUint64 whose value comes from several places
 * (RepresentationChangerError), after some hundred thousand cases.
 */
export function setBits64(view: DataView, at: number, bits: bigint): void {
  view.setUint32(at, Number(bits & 0xffffffffn), true);
  view.setUint32(at + 4, Number(bits >> 32n), true);
}

export function float64(c: Choices): bigint {
  switch (c.below(6)) {
    case 0:
    case 1:
      return c.pick(F64);
    case 2:
      return c.pick(F64) ^ (1n << BigInt(c.below(64)));
    case 3:
      return (BigInt(c.below(2)) << 63n) | (BigInt(1016 + c.below(16)) << 52n) | (BigInt(c.below(64)) << 46n);
    case 4:
      return (BigInt(c.below(2)) << 63n) | (BigInt(993 + c.below(60)) << 52n) | (c.bits64() & 0xfffffffffffffn);
    default:
      return c.bits64();
  }
}

const EXPONENTS = [
  0, 1, 2, 0x3fff, 0x3ffe, 0x4000, 0x3fc0, 0x403d, 0x403e, 0x403f, 0x7ffe, 0x7fff, 0x3f81, 0x3f6a, 0x407e,
];
const SIGNIFICANDS = [
  0n,
  1n,
  1n << 63n,
  (1n << 63n) | 1n,
  3n << 62n,
  0xffffffffffffffffn,
  0x7fffffffffffffffn,
  0xfffffffffffff800n,
  0xfffffffffffffc00n,
  0xffffff0000000000n,
  0xffffff8000000000n,
  0xc90fdaa22168c235n,
  0xa000000000000000n,
];

/** 80 bits: sign and exponent, and the significand. */
export function float80(c: Choices): readonly [top: number, significand: bigint] {
  const sign = c.below(2) << 15;
  switch (c.below(6)) {
    case 0:
    case 1:
      return [sign | c.pick(EXPONENTS), c.pick(SIGNIFICANDS)];
    case 2:
      return [sign | (0x3fff + c.below(24) - 12), (1n << 63n) | (BigInt(c.below(64)) << 57n)];
    case 3:
      return [sign | (0x3fff + c.below(140) - 70), (1n << 63n) | c.bits64()];
    case 4:
      return [sign | (0x3fff + c.below(4) - 2), (1n << 63n) | c.bits64()];
    default:
      return c.oneIn(3) ? [c.below(65536), c.bits64()] : [c.below(65536), (1n << 63n) | c.bits64()];
  }
}

/** 16 bytes at `at`: lanes of one kind. */
export function vector(c: Choices, view: DataView, at: number): void {
  switch (c.below(4)) {
    case 0:
      for (let i = 0; i < 16; i += 4) view.setUint32(at + i, float32(c), true);
      break;
    case 1:
      for (let i = 0; i < 16; i += 8) setBits64(view, at + i, float64(c));
      break;
    case 2:
      for (let i = 0; i < 16; i++) view.setUint8(at + i, c.oneIn(3) ? c.pick([0, 1, 127, 128, 255, 254]) : c.byte());
      break;
    default:
      for (let i = 0; i < 16; i += 8) setBits64(view, at + i, c.operand());
  }
}
