/** Exact arithmetic on unpacked values, rounded once. NaNs have been dealt with before. */
import {
  bitLength,
  type Context,
  EX,
  type Format,
  INDEFINITE,
  infinity,
  Kind,
  packSpecial,
  RC,
  round,
  roundsUp,
  type Value,
  zero,
} from './format.ts';

/** Bits beyond any format's precision that are kept before a rest is only "sticky". */
const GUARD = 140;

const invalid = (c: Context, f: Format): bigint => {
  c.flags |= EX.I;
  return packSpecial(f, INDEFINITE);
};
/** DE of operands that take part in a computation. */
const noteDenormal = (c: Context, a: Value, b: Value): void => {
  if (a.denormal || b.denormal) c.flags |= EX.D;
};
const exactZeroSign = (c: Context): 0 | 1 => (c.rounding === RC.down ? 1 : 0);

export function add(c: Context, f: Format, a: Value, b: Value): bigint {
  if (a.kind === Kind.infinity || b.kind === Kind.infinity) {
    if (a.kind === b.kind && a.sign !== b.sign) return invalid(c, f);
    noteDenormal(c, a, b);
    return packSpecial(f, a.kind === Kind.infinity ? a : b);
  }
  noteDenormal(c, a, b);
  if (a.kind === Kind.zero && b.kind === Kind.zero)
    return packSpecial(f, a.sign === b.sign ? a : zero(exactZeroSign(c)));
  if (a.kind === Kind.zero) return round(c, f, b.sign, b.sig, b.exp);
  if (b.kind === Kind.zero) return round(c, f, a.sign, a.sig, a.exp);
  const [x, y] = a.exp + bitLength(a.sig) >= b.exp + bitLength(b.sig) ? [a, b] : [b, a];
  const gap = x.exp - (y.exp + bitLength(y.sig));
  let exp = Math.min(x.exp, y.exp);
  let small = y.sig;
  if (gap > GUARD) {
    exp = x.exp - GUARD;
    small = 1n;
  } else small <<= BigInt(y.exp - exp);
  const large = x.sig << BigInt(x.exp - exp);
  const sum = x.sign === y.sign ? large + small : large - small;
  if (sum === 0n) return packSpecial(f, zero(exactZeroSign(c)));
  return sum > 0n ? round(c, f, x.sign, sum, exp) : round(c, f, x.sign === 1 ? 0 : 1, -sum, exp);
}

export const negated = (v: Value): Value => ({ ...v, sign: v.sign === 1 ? 0 : 1 });
export const subtract = (c: Context, f: Format, a: Value, b: Value): bigint => add(c, f, a, negated(b));

const signOf = (a: Value, b: Value): 0 | 1 => (a.sign === b.sign ? 0 : 1);

export function multiply(c: Context, f: Format, a: Value, b: Value): bigint {
  const sign = signOf(a, b);
  const [infinite, zeros] = [
    a.kind === Kind.infinity || b.kind === Kind.infinity,
    a.kind === Kind.zero || b.kind === Kind.zero,
  ];
  if (infinite && zeros) return invalid(c, f);
  noteDenormal(c, a, b);
  if (infinite) return packSpecial(f, infinity(sign));
  if (zeros) return packSpecial(f, zero(sign));
  return round(c, f, sign, a.sig * b.sig, a.exp + b.exp);
}

export function divide(c: Context, f: Format, a: Value, b: Value): bigint {
  const sign = signOf(a, b);
  if (a.kind === b.kind && (a.kind === Kind.infinity || a.kind === Kind.zero)) return invalid(c, f);
  if (b.kind === Kind.zero && a.kind === Kind.finite) {
    c.flags |= EX.Z;
    return packSpecial(f, infinity(sign));
  }
  noteDenormal(c, a, b);
  if (a.kind === Kind.infinity || b.kind === Kind.zero) return packSpecial(f, infinity(sign));
  if (b.kind === Kind.infinity || a.kind === Kind.zero) return packSpecial(f, zero(sign));
  const shift = Math.max(0, 68 + bitLength(b.sig) - bitLength(a.sig));
  const dividend = a.sig << BigInt(shift);
  const quotient = dividend / b.sig;
  return round(c, f, sign, quotient, a.exp - shift - b.exp, quotient * b.sig !== dividend);
}

/** Largest integer whose square is not above `n`. */
export function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

export function squareRoot(c: Context, f: Format, a: Value): bigint {
  if (a.kind === Kind.zero) return packSpecial(f, a);
  if (a.sign === 1) return invalid(c, f);
  if (a.kind === Kind.infinity) return packSpecial(f, a);
  noteDenormal(c, a, a);
  let shift = Math.max(0, 136 - bitLength(a.sig));
  if (((a.exp - shift) & 1) !== 0) shift++;
  const scaled = a.sig << BigInt(shift);
  const root = integerRoot(scaled);
  return round(c, f, 0, root, (a.exp - shift) / 2, root * root !== scaled);
}

/** -1, 0 or 1 of two numbers, infinities included. */
export function order(a: Value, b: Value): number {
  if (a.kind === Kind.zero && b.kind === Kind.zero) return 0;
  const [sa, sb] = [signum(a), signum(b)];
  if (sa !== sb) return sa < sb ? -1 : 1;
  return sa * magnitude(a, b);
}
const signum = (v: Value): number => (v.kind === Kind.zero ? 0 : v.sign === 1 ? -1 : 1);
function magnitude(a: Value, b: Value): number {
  if (a.kind !== b.kind) return a.kind === Kind.infinity ? 1 : -1;
  if (a.kind === Kind.infinity) return 0;
  const [ta, tb] = [a.exp + bitLength(a.sig), b.exp + bitLength(b.sig)];
  if (ta !== tb) return ta < tb ? -1 : 1;
  const exp = Math.min(a.exp, b.exp);
  const [x, y] = [a.sig << BigInt(a.exp - exp), b.sig << BigInt(b.exp - exp)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The integer nearest to a finite value as `rounding` says, and whether it is another number. */
export function toInteger(
  v: Value,
  rounding: number,
): { readonly n: bigint; readonly inexact: boolean; readonly up: boolean } {
  if (v.kind === Kind.zero) return { n: 0n, inexact: false, up: false };
  let n = v.sig;
  let [inexact, up] = [false, false];
  if (v.exp >= 0) n <<= BigInt(Math.min(v.exp, 100));
  else {
    const by = BigInt(Math.min(-v.exp, 200));
    const rest = n & ((1n << by) - 1n);
    n >>= by;
    inexact = rest !== 0n;
    up = roundsUp(rounding, v.sign, (n & 1n) === 1n, rest, 1n << (by - 1n), false);
    if (up) n++;
  }
  return { n: v.sign === 1 ? -n : n, inexact, up };
}
