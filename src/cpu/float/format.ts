/**
 * Binary floating point exactly: values as sign, integer significand and exponent, rounded once. Works on BigInt: the
 * quick ways of common cases are elsewhere (cpu/semantics/float.ts), this says what is right.
 */

/** Exceptions, at their places in MXCSR, FSW and FCW. */
export const EX = { I: 1, D: 2, Z: 4, O: 8, U: 0x10, P: 0x20 } as const;
/** Those that are found before a result is computed. */
export const BEFORE = EX.I | EX.D | EX.Z;

/** Rounding control. */
export const RC = { nearest: 0, down: 1, up: 2, zero: 3 } as const;

export interface Format {
  /** Width in bits. */
  readonly bits: number;
  /** Significant bits. */
  readonly precision: number;
  /** Exponents of the smallest normal and of the largest value. */
  readonly emin: number;
  readonly emax: number;
  /** The integer bit is stored (x87). */
  readonly explicit: boolean;
}
export const F32: Format = { bits: 32, precision: 24, emin: -126, emax: 127, explicit: false };
export const F64: Format = { bits: 64, precision: 53, emin: -1022, emax: 1023, explicit: false };
export const F80: Format = { bits: 80, precision: 64, emin: -16382, emax: 16383, explicit: true };

export const Kind = { zero: 0, finite: 1, infinity: 2, quiet: 3, signaling: 4, unsupported: 5 } as const;

/**
 * A value: sig * 2^exp when finite. Of a NaN, `sig` is its significand as in the x87 format, left-aligned in 64 bits.
 */
export interface Value {
  readonly kind: number;
  readonly sign: 0 | 1;
  readonly sig: bigint;
  readonly exp: number;
  /** Its exponent field is 0 and it is not zero. */
  readonly denormal: boolean;
}

/** How to round, and what happened. */
export class Context {
  rounding: number = RC.nearest;
  /** Mask bits at the places of the exceptions. */
  masks = 0x3f;
  daz = false;
  ftz = false;
  /** Significant bits of x87 results (FCW.PC). */
  precision = 64;
  /** Unmasked overflow and underflow give the result with its exponent wrapped (SDM vol. 1, 8.5.4). */
  wraps = false;
  flags = 0;
  /** The last rounding went away from zero (FSW.C1). */
  roundedUp = false;
}

const QUIET_BIT = 1n << 62n;
const INTEGER_BIT = 1n << 63n;
const LOW64 = 0xffffffffffffffffn;

export const isNan = (v: Value): boolean => v.kind === Kind.quiet || v.kind === Kind.signaling;

const value = (kind: number, sign: 0 | 1, sig = 0n, exp = 0, denormal = false): Value => ({
  kind,
  sign,
  sig,
  exp,
  denormal,
});
export const zero = (sign: 0 | 1): Value => value(Kind.zero, sign);
export const infinity = (sign: 0 | 1): Value => value(Kind.infinity, sign);
export const finite = (sign: 0 | 1, sig: bigint, exp: number): Value =>
  sig === 0n ? zero(sign) : value(Kind.finite, sign, sig, exp);
/** The NaN that invalid operations give: negative, quiet, no payload. */
export const INDEFINITE = value(Kind.quiet, 1, INTEGER_BIT | QUIET_BIT);
export const quieted = (v: Value): Value => value(Kind.quiet, v.sign, v.sig | QUIET_BIT);

const fractionBits = (f: Format): number => f.precision - 1;
const expMax = (f: Format): number => f.emax * 2 + 1;
const bias = (f: Format): number => f.emax;

function unpack80(bits: bigint): Value {
  const sig = bits & LOW64;
  const top = Number(bits >> 64n);
  const sign = ((top >> 15) & 1) as 0 | 1;
  const e = top & 0x7fff;
  const integer = sig >= INTEGER_BIT;
  if (e === 0x7fff) {
    if (!integer) return value(Kind.unsupported, sign, sig);
    if (sig === INTEGER_BIT) return infinity(sign);
    return value((sig & QUIET_BIT) !== 0n ? Kind.quiet : Kind.signaling, sign, sig);
  }
  if (e === 0) return sig === 0n ? zero(sign) : value(Kind.finite, sign, sig, -16382 - 63, true);
  return integer ? value(Kind.finite, sign, sig, e - 16383 - 63) : value(Kind.unsupported, sign, sig);
}

/** Takes bits of a format apart. */
export function unpack(f: Format, bits: bigint): Value {
  if (f.explicit) return unpack80(bits);
  const width = BigInt(fractionBits(f));
  const fraction = bits & ((1n << width) - 1n);
  const sign = Number((bits >> BigInt(f.bits - 1)) & 1n) as 0 | 1;
  const e = Number(bits >> width) & expMax(f);
  if (e === expMax(f)) {
    if (fraction === 0n) return infinity(sign);
    const sig = INTEGER_BIT | (fraction << (63n - width));
    return value((sig & QUIET_BIT) !== 0n ? Kind.quiet : Kind.signaling, sign, sig);
  }
  if (e === 0) {
    return fraction === 0n ? zero(sign) : value(Kind.finite, sign, fraction, f.emin - fractionBits(f), true);
  }
  return value(Kind.finite, sign, fraction | (1n << width), e - bias(f) - fractionBits(f));
}

/** Operand of an operation: denormals count as zero where MXCSR.DAZ says so. */
export function operand(c: Context, f: Format, bits: bigint): Value {
  const v = unpack(f, bits);
  return c.daz && v.denormal ? zero(v.sign) : v;
}

/** Bits of a zero, infinity or NaN. */
export function packSpecial(f: Format, v: Value): bigint {
  const sign = BigInt(v.sign);
  if (f.explicit) {
    const sig = v.kind === Kind.zero ? 0n : v.kind === Kind.infinity ? INTEGER_BIT : v.sig;
    return (sign << 79n) | (v.kind === Kind.zero ? 0n : 0x7fffn << 64n) | sig;
  }
  const width = BigInt(fractionBits(f));
  const top = sign << BigInt(f.bits - 1);
  if (v.kind === Kind.zero) return top;
  const fraction = v.kind === Kind.infinity ? 0n : (v.sig & (INTEGER_BIT - 1n)) >> (63n - width);
  return top | (BigInt(expMax(f)) << width) | fraction;
}

/** Bits of a significand of at most f.precision bits whose lowest bit weighs 2^exp; the exponent is in range. */
function packFinite(f: Format, sign: 0 | 1, sig: bigint, exp: number): bigint {
  const p = f.precision;
  const length = bitLength(sig);
  const e = exp + length - 1;
  const normal = e >= f.emin;
  const lowest = normal ? e - p + 1 : f.emin - p + 1;
  const aligned = sig << BigInt(exp - lowest);
  const field = BigInt(normal ? e + bias(f) : 0);
  if (f.explicit) return (BigInt(sign) << 79n) | (field << 64n) | aligned;
  const fraction = aligned & ((1n << BigInt(fractionBits(f))) - 1n);
  return (BigInt(sign) << BigInt(f.bits - 1)) | (field << BigInt(fractionBits(f))) | fraction;
}

export function bitLength(n: bigint): number {
  if (n < 0x100000000n) return n === 0n ? 0 : 32 - Math.clz32(Number(n));
  let length = 0;
  let rest = n;
  while (rest >= 1n << 64n) {
    rest >>= 64n;
    length += 64;
  }
  return rest < 0x100000000n
    ? length + (rest === 0n ? 0 : 32 - Math.clz32(Number(rest)))
    : length + 64 - Math.clz32(Number(rest >> 32n));
}

/** Whether rounding goes away from zero, of a value with these bits below its last place. */
export function roundsUp(
  rounding: number,
  sign: 0 | 1,
  odd: boolean,
  rest: bigint,
  half: bigint,
  sticky: boolean,
): boolean {
  switch (rounding) {
    case RC.nearest:
      return rest > half || (rest === half && (sticky || odd));
    case RC.down:
      return sign === 1 && (rest !== 0n || sticky);
    case RC.up:
      return sign === 0 && (rest !== 0n || sticky);
    default:
      return false;
  }
}

interface Rounded {
  readonly sig: bigint;
  readonly inexact: boolean;
  readonly up: boolean;
}
function roundAt(rounding: number, sign: 0 | 1, sig: bigint, shift: number, sticky: boolean): Rounded {
  if (shift <= 0) {
    // The bits that `sticky` stands for are below the last place by far.
    const up = sticky && roundsUp(rounding, sign, false, 0n, 1n, true);
    return { sig: (sig << BigInt(-shift)) + (up ? 1n : 0n), inexact: sticky, up };
  }
  const by = BigInt(shift);
  const kept = sig >> by;
  const rest = sig & ((1n << by) - 1n);
  const up = roundsUp(rounding, sign, (kept & 1n) === 1n, rest, 1n << (by - 1n), sticky);
  return { sig: kept + (up ? 1n : 0n), inexact: rest !== 0n || sticky, up };
}

/** x87 exponents are wrapped by this much when overflow or underflow is not masked. */
const WRAP = 24576;

/** Rounds sig * 2^exp (and a bit more, if `sticky`) to a format, with flags in the context. `sig` is not 0. */
export function round(c: Context, f: Format, sign: 0 | 1, sig: bigint, exp: number, sticky = false): bigint {
  const precision = f.explicit ? c.precision : f.precision;
  const length = bitLength(sig);
  const e = exp + length - 1;
  const full = roundAt(c.rounding, sign, sig, e - precision + 1 - exp, sticky);
  const fullTop = e - precision + bitLength(full.sig);
  if (fullTop < f.emin) {
    if (c.wraps && f.explicit && (c.masks & EX.U) === 0) {
      c.flags |= EX.U;
      if (fullTop + WRAP >= f.emin) return finish(c, f, sign, full, e - precision + 1 + WRAP);
      c.flags |= EX.P;
      return packSpecial(f, zero(sign));
    }
    return tiny(c, f, sign, sig, exp, sticky, precision, full);
  }
  if (e < f.emin) {
    // Rounding at the place of denormals still decides the result; it is not tiny any more.
    return finish(
      c,
      f,
      sign,
      roundAt(c.rounding, sign, sig, f.emin - precision + 1 - exp, sticky),
      f.emin - precision + 1,
    );
  }
  if (fullTop > f.emax) {
    c.flags |= EX.O;
    if (c.wraps && f.explicit && (c.masks & EX.O) === 0) {
      if (fullTop - WRAP <= f.emax) return finish(c, f, sign, full, e - precision + 1 - WRAP);
      c.flags |= EX.P;
      c.roundedUp = true;
      return packSpecial(f, infinity(sign));
    }
    if ((c.masks & EX.O) === 0 && !f.explicit) {
      if (full.inexact && !c.wraps) c.flags |= EX.P;
      return 0n;
    }
    c.flags |= EX.P;
    const away = c.rounding === RC.nearest || c.rounding === (sign === 1 ? RC.down : RC.up);
    c.roundedUp = away;
    if (away) return packSpecial(f, infinity(sign));
    return packFinite(f, sign, (1n << BigInt(precision)) - 1n, f.emax - precision + 1);
  }
  return finish(c, f, sign, full, e - precision + 1);
}

function finish(c: Context, f: Format, sign: 0 | 1, r: Rounded, lowest: number): bigint {
  c.roundedUp = r.up;
  if (r.inexact) c.flags |= EX.P;
  if (r.sig === 0n) return packSpecial(f, zero(sign));
  const extra = Math.max(0, bitLength(r.sig) - f.precision);
  return packFinite(f, sign, r.sig >> BigInt(extra), lowest + extra);
}

function tiny(
  c: Context,
  f: Format,
  sign: 0 | 1,
  sig: bigint,
  exp: number,
  sticky: boolean,
  precision: number,
  full: Rounded,
): bigint {
  if ((c.masks & EX.U) === 0) {
    // Not masked: any tiny result is an underflow (SDM vol. 1, 4.9.1.5), inexact if it were so with a wider exponent.
    // A store by x87 says nothing of what it would have lost.
    c.flags |= EX.U | (full.inexact && !c.wraps ? EX.P : 0);
    if (!f.explicit) return 0n;
  } else if (c.ftz) {
    c.flags |= EX.U | EX.P;
    return packSpecial(f, zero(sign));
  }
  const lowest = f.emin - precision + 1;
  const r = roundAt(c.rounding, sign, sig, lowest - exp, sticky);
  if (r.inexact) c.flags |= EX.U;
  return finish(c, f, sign, r, lowest);
}

/** Bits of any value, rounded if it is finite. */
export function pack(c: Context, f: Format, v: Value): bigint {
  return v.kind === Kind.finite ? round(c, f, v.sign, v.sig, v.exp) : packSpecial(f, v);
}
