/**
 * x87 transcendental functions: computed to some 250 bits and rounded once, which is within one unit in the last place
 * of what processors give (SDM vol. 1, 8.3.10). Angles are reduced with the 66 bits of pi that processors have.
 */
import { S } from '../layout.ts';
import { arctan, BITS, expMinusOne, LN2, ONE, over, PI, sineCosine, times, twiceArtanh } from './fixedPoint.ts';
import {
  bitLength,
  EX,
  F80,
  finite,
  infinity,
  Kind,
  pack,
  packSpecial,
  RC,
  round,
  unpack,
  type Value,
  zero,
} from './format.ts';
import { nanResult, unary } from './x87Arithmetic.ts';
import { INDEFINITE_BITS, type X87, x87 } from './x87Stack.ts';
import { FSW, setTop, topOf } from './x87State.ts';

/** A positive or negative fixed-point number times 2^exp, rounded; never exact. */
function rounded(f: X87, v: bigint, exp = 0): bigint {
  return round(f.c, F80, v < 0n ? 1 : 0, v < 0n ? -v : v, exp - BITS, true);
}
const fixed = (v: Value): bigint => {
  const shift = v.exp + BITS;
  const n = shift >= 0 ? v.sig << BigInt(shift) : v.sig >> BigInt(-shift);
  return v.sign === 1 ? -n : n;
};
/** Exponent of the highest bit. */
const top = (v: Value): number => v.exp + bitLength(v.sig) - 1;
const invalid = (f: X87): bigint => {
  f.c.flags |= EX.I;
  return INDEFINITE_BITS;
};
const noteDenormal = (f: X87, ...values: readonly Value[]): void => {
  if (values.some((v) => v.denormal)) f.c.flags |= EX.D;
};
/** v times a factor near a constant: for arguments so small that the function is linear there. */
function linear(f: X87, v: Value, factor: bigint): bigint {
  return round(f.c, F80, v.sign, v.sig * factor, v.exp - BITS, true);
}
const TINY = -120;
/** A value as it is, said to be inexact: what processors give where a result differs from it by far less than a bit. */
function asItIs(f: X87, sign: 0 | 1, sig: bigint, exp: number): bigint {
  const { rounding } = f.c;
  f.c.rounding = RC.nearest;
  const bits = round(f.c, F80, sign, sig, exp, true);
  f.c.rounding = rounding;
  return bits;
}

unary('f2xm1', (f, a) => {
  if (a.kind === Kind.zero) return packSpecial(F80, a);
  if (a.kind === Kind.infinity) return pack(f.c, F80, a.sign === 1 ? NEGATIVE_ONE : a);
  noteDenormal(f, a);
  if (top(a) < TINY) return linear(f, a, LN2);
  // Outside -1 to 1 the manual leaves the result open.
  if (top(a) > 0 || (top(a) === 0 && a.sig !== 1n << BigInt(bitLength(a.sig) - 1))) {
    f.c.flags |= EX.P;
    return round(f.c, F80, a.sign, a.sig, a.exp);
  }
  f.c.flags |= top(a) === 0 ? EX.P : 0;
  if (top(a) === 0) return a.sign === 1 ? round(f.c, F80, 1, 1n, -1) : round(f.c, F80, 0, 1n, 0);
  return rounded(f, expMinusOne(times(fixed(a), LN2)));
});
const NEGATIVE_ONE: Value = { kind: Kind.finite, sign: 1, sig: 1n, exp: 0, denormal: false };

/** ln(m) of a positive value as a number of halves: k * ln 2 + ln(m / 2^k). */
function log2Of(v: Value): bigint {
  const length = bitLength(v.sig);
  // m in [1, 2); brought to [0.7, 1.4).
  let m = length <= BITS ? v.sig << BigInt(BITS - length + 1) : v.sig >> BigInt(length - 1 - BITS);
  let k = v.exp + length - 1;
  if (m * 10n > ONE * 14n) {
    m >>= 1n;
    k++;
  }
  return BigInt(k) * ONE + over(twiceArtanh(over(m - ONE, m + ONE)), LN2);
}

/** Two operands to ST(1), then a pop. */
function binary(op: string, g: (f: X87, x: Value, y: Value) => bigint): void {
  x87(op, (f) => {
    let result = INDEFINITE_BITS;
    if (f.empty(0) || f.empty(1)) f.underflow();
    else {
      const [x, y] = [unpack(F80, f.bits(0)), unpack(F80, f.bits(1))];
      result = nanResult(f.c, x, y) ?? g(f, x, y);
    }
    if (!f.settle()) return;
    f.setBits(1, result);
    f.pop();
  });
}

/** y times a fixed-point number that is not 0. */
function product(f: X87, y: Value, factor: bigint, exact: boolean): bigint {
  const sign = factor < 0n !== (y.sign === 1) ? 1 : 0;
  return round(f.c, F80, sign, y.sig * (factor < 0n ? -factor : factor), y.exp - BITS, !exact);
}
const signed = (negative: boolean): 0 | 1 => (negative ? 1 : 0);

binary('fyl2x', (f, x, y) => {
  if (x.sign === 1 && x.kind !== Kind.zero) return invalid(f);
  if (x.kind === Kind.zero) {
    if (y.kind === Kind.zero) return invalid(f);
    if (y.kind === Kind.finite) f.c.flags |= EX.Z;
    return packSpecial(F80, infinity(signed(y.sign === 0)));
  }
  const one = x.kind === Kind.finite && top(x) === 0 && x.sig === 1n << BigInt(bitLength(x.sig) - 1);
  const negative = x.kind === Kind.finite && top(x) < 0;
  if (x.kind === Kind.infinity) {
    if (y.kind === Kind.zero) return invalid(f);
    noteDenormal(f, y);
    return packSpecial(F80, infinity(y.sign));
  }
  if (y.kind === Kind.infinity) {
    if (one) return invalid(f);
    noteDenormal(f, x);
    return packSpecial(F80, infinity(signed(negative !== (y.sign === 1))));
  }
  noteDenormal(f, x, y);
  if (one) return packSpecial(F80, zero(y.sign));
  if (y.kind === Kind.zero) return packSpecial(F80, zero(signed(negative !== (y.sign === 1))));
  // Powers of two have exact logarithms, but the product is said to be inexact like any other.
  const power = x.sig === 1n << BigInt(bitLength(x.sig) - 1);
  f.c.flags |= EX.P;
  return product(f, y, power ? BigInt(top(x)) * ONE : log2Of(x), power);
});

binary('fyl2xp1', (f, x, y) => {
  const negative = x.sign === 1;
  if (x.kind === Kind.infinity && (negative || y.kind === Kind.zero)) return invalid(f);
  if (y.kind === Kind.infinity && x.kind === Kind.zero) return invalid(f);
  if (x.kind === Kind.infinity || y.kind === Kind.infinity) {
    noteDenormal(f, x, y);
    return packSpecial(F80, infinity(signed(negative !== (y.sign === 1))));
  }
  noteDenormal(f, x, y);
  if (x.kind === Kind.zero || y.kind === Kind.zero) return packSpecial(F80, zero(signed(negative !== (y.sign === 1))));
  if (top(x) < TINY) {
    const factor = over(ONE, LN2);
    return round(f.c, F80, signed(negative !== (y.sign === 1)), x.sig * y.sig * factor, x.exp + y.exp - BITS, true);
  }
  // At -1 and below it the manual leaves the result open.
  if (negative && top(x) >= 0) return round(f.c, F80, 1, (x.sig << 80n) - 1n, x.exp - 80, true);
  if (top(x) >= -2) return product(f, y, log2Of(plusOne(x)), false);
  const z = fixed(x);
  return product(f, y, over(twiceArtanh(over(z, 2n * ONE + z)), LN2), false);
});
const plusOne = (x: Value): Value => {
  const low = Math.min(x.exp, 0);
  const magnitude = x.sig << BigInt(x.exp - low);
  return finite(0, (1n << BigInt(-low)) + (x.sign === 1 ? -magnitude : magnitude), low);
};

binary('fpatan', (f, x, y) => {
  noteDenormal(f, x, y);
  const left = x.sign === 1;
  const part = (numerator: bigint, denominator: bigint): bigint =>
    rounded(f, ((y.sign === 1 ? -1n : 1n) * numerator * PI) / denominator);
  if (y.kind === Kind.zero) return left ? part(1n, 1n) : packSpecial(F80, y);
  if (x.kind === Kind.infinity) {
    if (y.kind === Kind.infinity) return left ? part(3n, 4n) : part(1n, 4n);
    return left ? part(1n, 1n) : packSpecial(F80, zero(y.sign));
  }
  if (y.kind === Kind.infinity || x.kind === Kind.zero) return part(1n, 2n);
  const difference = top(y) - top(x);
  const sign = y.sign === 1 ? -1n : 1n;
  if (!left && difference < TINY) {
    // arctan(q) is q, and a little less.
    const shift = BigInt(80 + bitLength(x.sig));
    const quotient = (y.sig << shift) / x.sig;
    const exact = quotient * x.sig === y.sig << shift;
    const exp = y.exp - x.exp - Number(shift);
    if (exact) return asItIs(f, y.sign, quotient, exp);
    return round(f.c, F80, y.sign, quotient << 80n, exp - 80, true);
  }
  if (difference < -BITS + 20) return rounded(f, sign * (PI - 1n));
  if (difference > BITS - 20) return rounded(f, sign * (PI >> 1n));
  const low = Math.min(x.exp, y.exp);
  const [a, b] = [y.sig << BigInt(y.exp - low), x.sig << BigInt(x.exp - low)];
  const angle = a <= b ? arctan(over(a, b)) : (PI >> 1n) - arctan(over(b, a));
  return rounded(f, sign * (left ? PI - angle : angle));
});

/** Four times 0.C90FDAA22168C234C (hexadecimal). */
const PI66 = 0xc90fdaa22168c234cn << BigInt(BITS - 66);
const HALF_PI = PI66 >> 1n;
const LARGEST = 63;

interface Angle {
  readonly quadrant: number;
  readonly rest: bigint;
}
/** Nearest multiple of pi / 2, and what remains. */
function reduce(v: Value): Angle {
  const x = fixed(v);
  const half = HALF_PI >> 1n;
  let quotient = (x + half) / HALF_PI;
  if (x + half < 0n && quotient * HALF_PI !== x + half) quotient--;
  return { quadrant: Number(quotient & 3n), rest: x - quotient * HALF_PI };
}
function sine(f: X87, { quadrant, rest }: Angle): bigint {
  const { sine: s, cosine: c } = sineCosine(rest);
  return rounded(f, [s, c, -s, -c][quadrant] as bigint);
}

/** Runs a function of an angle; outside -2^63 to 2^63 only C2 is set (SDM vol. 2A, FSIN). */
function ofAngle(op: string, g: (f: X87, a: Value) => readonly bigint[]): void {
  x87(op, (f) => {
    const pushes = op === 'fsincos' || op === 'fptan';
    let results: readonly bigint[] = pushes ? [INDEFINITE_BITS, INDEFINITE_BITS] : [INDEFINITE_BITS];
    if (f.empty(0) || (pushes && !f.empty(7))) {
      f.c.flags |= EX.I;
      f.extra |= f.empty(0) ? FSW.SF : FSW.SF | FSW.C1;
    } else {
      const a = unpack(F80, f.bits(0));
      if (a.kind === Kind.finite && top(a) >= LARGEST) {
        f.settle();
        f.cpu.setLow(FSW_FIELD, f.cpu.low(FSW_FIELD) | FSW.C2);
        return;
      }
      const nan = nanResult(f.c, a, a);
      if (nan !== undefined) results = pushes ? [nan, nan] : [nan];
      else if (a.kind === Kind.infinity) f.c.flags |= EX.I;
      else {
        noteDenormal(f, a);
        results = g(f, a);
      }
    }
    const done = f.settle();
    f.cpu.setLow(FSW_FIELD, f.cpu.low(FSW_FIELD) & ~FSW.C2);
    if (!done) return;
    f.setBits(0, results[0] as bigint);
    if (!pushes) return;
    setTop(f.cpu, topOf(f.cpu) - 1);
    f.setBits(0, results[1] as bigint);
  });
}
const FSW_FIELD = S.fsw;
const ONE_BITS = (0x3fffn << 64n) | (1n << 63n);

const small = (v: Value): boolean => top(v) < TINY;

const sineOf = (f: X87, a: Value): bigint =>
  a.kind === Kind.zero ? packSpecial(F80, a) : small(a) ? asItIs(f, a.sign, a.sig, a.exp) : sine(f, reduce(a));
function cosineOf(f: X87, a: Value): bigint {
  if (a.kind === Kind.zero) return ONE_BITS;
  if (small(a)) return round(f.c, F80, 0, (1n << 90n) - 1n, -90, true);
  const { quadrant, rest } = reduce(a);
  return sine(f, { quadrant: (quadrant + 1) & 3, rest });
}
ofAngle('fsin', (f, a) => [sineOf(f, a)]);
ofAngle('fcos', (f, a) => [cosineOf(f, a)]);
ofAngle('fsincos', (f, a) => [sineOf(f, a), cosineOf(f, a)]);
ofAngle('fptan', (f, a) => {
  if (a.kind === Kind.zero) return [packSpecial(F80, a), ONE_BITS];
  if (small(a)) return [asItIs(f, a.sign, a.sig, a.exp), ONE_BITS];
  const { quadrant, rest } = reduce(a);
  const { sine: s, cosine: c } = sineCosine(rest);
  const tangent = (quadrant & 1) === 0 ? over(s, c) : -over(c, s);
  return [rounded(f, tangent), ONE_BITS];
});
