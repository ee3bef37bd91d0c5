/** Elementary functions of fixed-point numbers: integers that count 2^-bits. Errors stay below some 2^(8 - bits). */
import { integerRoot } from './arithmetic.ts';

/** Numbers here count 2^-BITS. */
export const BITS = 320;
const B = BigInt(BITS);
export const ONE = 1n << B;

export const times = (a: bigint, b: bigint): bigint => (a * b) >> B;
export const over = (a: bigint, b: bigint): bigint => (a << B) / b;

/** 2 * artanh(z), which is ln((1 + z) / (1 - z)); |z| at most about 0.2. */
export function twiceArtanh(z: bigint): bigint {
  const square = times(z, z);
  let [power, sum] = [z, z];
  for (let n = 3n; power !== 0n && power !== -1n; n += 2n) {
    power = times(power, square);
    sum += power / n;
  }
  return sum * 2n;
}
/** arctan(z); |z| at most 1: halved until it is small. */
export function arctan(z: bigint): bigint {
  let q = z;
  const halvings = 4;
  for (let i = 0; i < halvings; i++) q = over(q, ONE + integerRoot((ONE + times(q, q)) << B));
  const square = times(q, q);
  let [power, sum] = [q, q];
  for (let n = 3n; power !== 0n && power !== -1n; n += 2n) {
    power = -times(power, square);
    sum += power / n;
  }
  return sum << BigInt(halvings);
}
/** e^y - 1; |y| at most 1. */
export function expMinusOne(y: bigint): bigint {
  let [term, sum] = [y, y];
  for (let n = 2n; term !== 0n && term !== -1n; n++) {
    term = times(term, y) / n;
    sum += term;
  }
  return sum;
}
/** Sine and cosine; |r| at most 1. */
export function sineCosine(r: bigint): { readonly sine: bigint; readonly cosine: bigint } {
  const square = times(r, r);
  let [s, c, sine, cosine] = [r, ONE, r, ONE];
  for (let n = 1n; c !== 0n && c !== -1n; n++) {
    c = -times(c, square) / (2n * n * (2n * n - 1n));
    s = -times(s, square) / (2n * n * (2n * n + 1n));
    cosine += c;
    sine += s;
  }
  return { sine, cosine };
}
export const LN2 = twiceArtanh(ONE / 3n);
export const LN10 = 3n * LN2 + twiceArtanh(ONE / 9n);
/** Machin: pi / 4 = 4 arctan(1/5) - arctan(1/239). */
export const PI = 4n * (4n * arctan(ONE / 5n) - arctan(ONE / 239n));
