/**
 * Ranges of floats: an operation on operands in these ranges gives a normal number or an exact zero, so it raises
 * nothing but PE, and what it gives is in a range again. Only numbers that come from elsewhere are looked at.
 */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import * as float from '../language/floats.ts';
import type { FloatBits, FloatFacts, Range } from '../language/floats.ts';
import type { Sem } from '../language/semantics.ts';
import type { Unless } from './floatLanes.ts';

export type Operation = 'add' | 'sub' | 'mul' | 'div' | 'sqrt';

interface Format {
  readonly digits: number;
  /** Exponents of the least normal number and of infinity. */
  readonly low: number;
  readonly high: number;
  /** Exponents of a number that may come from anywhere: two such have a normal product, quotient and sum. */
  readonly window: { readonly low: number; readonly high: number };
}
const FORMATS: Record<FloatBits, Format> = {
  32: { digits: 24, low: -126, high: 128, window: { low: -63, high: 63 } },
  64: { digits: 53, low: -1022, high: 1024, window: { low: -255, high: 257 } },
};
/** Every number of the format that is zero or normal and finite. */
export const anyNormal = (bits: FloatBits): Range => ({
  low: FORMATS[bits].low,
  high: FORMATS[bits].high,
  zero: true,
  negative: true,
});

/** Range of a result, which only holds if it lies in the format. Rounding is monotonic: it leaves no such range. */
function outcome(name: Operation, { digits }: Format, a: Range, b: Range, same: boolean): Range {
  const zero = a.zero || b.zero;
  const negative = a.negative || b.negative;
  switch (name) {
    case 'mul':
      return { low: a.low + b.low, high: a.high + b.high, zero, negative: negative && !same };
    case 'div':
      return { low: a.low - b.high, high: a.high - b.low, zero: a.zero, negative };
    case 'sqrt':
      return { low: Math.floor(a.low / 2), high: Math.ceil(a.high / 2), zero: a.zero, negative: false };
    default: {
      const low = Math.min(a.low, b.low);
      const high = Math.max(a.high, b.high) + 1;
      if (name === 'add' && !negative) return { low, high, zero: a.zero && b.zero, negative: false };
      // Both are multiples of the last digit of the smaller, and so is what they leave of each other.
      return { low: low - digits + 1, high, zero: true, negative: true };
    }
  }
}

const inside = (r: Range, { low, high }: Format): boolean => r.low >= low && r.high <= high;

/** The window as the highest 32 bits have it: an exponent field from `first`, and how many of them. */
const FIELDS: Record<FloatBits, { readonly shift: number; readonly first: number; readonly count: number }> = {
  32: { shift: 23, first: 127 - 63, count: 126 },
  64: { shift: 20, first: 1023 - 255, count: 512 },
};
const WITHOUT_SIGN = 0x7fffffff;
/** Whether a number is outside the window; one below 0 is, unless `negative`. */
function outsideWindow(bits: FloatBits, high: Val, negative: boolean): Val {
  const { shift, first, count } = FIELDS[bits];
  const distance = (value: Val): Val => x.sub(value, x.i32(first << shift));
  if (!negative) return x.geU(distance(high), x.i32(count << shift));
  // A power of two: in the exponent's distance from the first only bits below it may be set.
  if ((count & (count - 1)) === 0) return x.and(distance(high), x.i32(-(count << shift) & WITHOUT_SIGN));
  return x.geU(distance(x.and(high, x.i32(WITHOUT_SIGN))), x.i32(count << shift));
}

/** Has the routine run for a number outside the window: `zero` says whether 0 may pass, `negative` whether others below may. */
function narrow(c: Sem, facts: FloatFacts, unless: Unless, v: Val, zero: boolean, negative: boolean): void {
  const bits: FloatBits = v.ty === 'f64' ? 64 : 32;
  const { window } = FORMATS[bits];
  const whole = float.reinterpret(v);
  const high = facts.highBits(v) ?? (bits === 64 ? x.wrap(x.shr(whole, x.i64(32n))) : whole);
  const outside = outsideWindow(bits, high, negative);
  if (zero) c.when(outside, () => unless(float.ne(v, float.floatOf(bits, 0n))));
  else unless(outside);
  const known = facts.of(v);
  facts.learn(v, {
    low: Math.max(window.low, known?.low ?? window.low),
    high: Math.min(window.high, known?.high ?? window.high),
    zero: zero && known?.zero !== false,
    negative: negative && known?.negative !== false,
  });
}

/**
 * Makes sure that an operation raises nothing but PE, and says what its result's range is; numbers for which that
 * cannot be known are the routine's affair.
 */
export function bounded(c: Sem, facts: FloatFacts, unless: Unless, name: Operation, args: readonly Val[]): Range {
  const [a, b = a] = args;
  if (a === undefined || b === undefined) throw new Error('no operand');
  const bits: FloatBits = a.ty === 'f64' ? 64 : 32;
  const format = FORMATS[bits];
  const mayBeZero = (v: Val): boolean => name !== 'div' || v !== b;
  const mayBeNegative = name !== 'sqrt';
  const narrowed = new Set<Val>();
  const rangeOf = (v: Val): Range => {
    const known = facts.of(v);
    if (known !== undefined) return known;
    narrow(c, facts, unless, v, mayBeZero(v), mayBeNegative);
    narrowed.add(v);
    return facts.of(v) ?? anyNormal(bits);
  };
  for (;;) {
    const [first, second] = [rangeOf(a), rangeOf(b)];
    const result = outcome(name, format, first, second, a === b || facts.same(a, b));
    const width = (r: Range): number => r.high - r.low;
    if (!inside(result, format)) {
      const wider = !narrowed.has(a) && (narrowed.has(b) || width(first) >= width(second)) ? a : b;
      if (narrowed.has(wider)) throw new Error('a window too wide');
      narrow(c, facts, unless, wider, mayBeZero(wider), mayBeNegative);
      narrowed.add(wider);
      continue;
    }
    if (name === 'div' && second.zero) {
      unless(float.eq(b, float.floatOf(bits, 0n)));
      facts.learn(b, { ...second, zero: false });
    }
    if (name === 'sqrt' && first.negative) {
      unless(float.lt(a, float.floatOf(bits, 0n)));
      facts.learn(a, { ...first, negative: false });
    }
    return result;
  }
}

/** A range that holds all numbers of both. */
export const either = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  zero: a.zero || b.zero,
  negative: a.negative || b.negative,
});
