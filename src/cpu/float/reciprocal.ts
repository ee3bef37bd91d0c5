/**
 * RCPPS and RSQRTPS (SDM vol. 2B): approximations whose value the manual leaves open within 1.5 * 2^-12. This is what
 * Intel processors give: the function in the middle of each of 2048 intervals, rounded to 12 bits. No exceptions.
 */
import { Outcome } from '../layout.ts';
import { routine } from '../routines/routine.ts';
import { loadBoth } from './sseArithmetic.ts';
import { B, R } from './vectorOperands.ts';

const [SIGN, INFINITY, QUIET, INDEFINITE] = [0x80000000, 0x7f800000, 0x400000, 0xffc00000];
const BIAS = 127;

/** Bits of m * 2^e, m in (0.5, 1], rounded to 12 bits after the first; 0 when it is too small. */
function rounded(sign: number, m: number, e: number): number {
  let k = Math.floor(m * 8192 + 0.5);
  let exponent = e - 1;
  if (k === 8192) {
    k = 4096;
    exponent++;
  }
  if (exponent + BIAS <= 0) return sign;
  return (sign | ((exponent + BIAS) << 23) | ((k - 4096) << 11)) >>> 0;
}

function reciprocal(x: number): number {
  const sign = x & SIGN;
  const exponent = (x >>> 23) & 0xff;
  if (exponent === 0xff) return (x & 0x7fffff) !== 0 ? (x | QUIET) >>> 0 : sign >>> 0;
  if (exponent === 0) return (sign | INFINITY) >>> 0;
  const middle = 1 + (((x >>> 12) & 0x7ff) + 0.5) / 2048;
  return rounded(sign, 1 / middle, BIAS - exponent) >>> 0;
}

function reciprocalRoot(x: number): number {
  const exponent = (x >>> 23) & 0xff;
  if (exponent === 0xff && (x & 0x7fffff) !== 0) return (x | QUIET) >>> 0;
  if (exponent === 0) return ((x & SIGN) | INFINITY) >>> 0;
  if (x >>> 31 !== 0) return INDEFINITE;
  if (exponent === 0xff) return 0;
  // An even power of two times a number in [1, 4).
  const power = exponent - BIAS;
  const odd = power & 1;
  const middle = (1 + (((x >>> 13) & 0x3ff) + 0.5) / 1024) * (odd === 1 ? 2 : 1);
  return rounded(0, 1 / Math.sqrt(middle), -(power - odd) / 2) >>> 0;
}

for (const [name, f] of [
  ['rcp', reciprocal],
  ['rsqrt', reciprocalRoot],
] as const) {
  for (const [type, count] of [
    ['ps', 4],
    ['ss', 1],
  ] as const) {
    routine(`${name}${type}`, (cpu, insn) => {
      const to = loadBoth(cpu, insn, count === 1 ? 4 : 16);
      for (let i = 0; i < count; i++) R.u32[i] = f(B.u32[i] as number);
      R.store(cpu, to, 16);
      return Outcome.next;
    });
  }
}
