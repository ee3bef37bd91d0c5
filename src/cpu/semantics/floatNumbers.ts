/** Single floats and doubles in definitions: what kind of number one is, found out from its bits as an integer. */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import * as float from '../language/floats.ts';
import type { FloatBits, Range } from '../language/floats.ts';
import type { Sem } from '../language/semantics.ts';
import type { Unless } from './floatLanes.ts';
import { anyNormal } from './floatRange.ts';

/** Bits of a number, doubled to lose the sign: of infinity and of the smallest normal number. */
const INFINITE: Record<FloatBits, Val> = { 32: x.i32(0xff000000), 64: x.i64(0xffe0000000000000n) };
const SMALLEST: Record<FloatBits, Val> = { 32: x.i32(0x01000000), 64: x.i64(0x0020000000000000n) };
const bitsOf = (v: Val): FloatBits => (v.ty === 'f64' ? 64 : 32);
const one = (bits: FloatBits): Val => x.constant(bits, 1n);

/** Whether some value is not finite and larger than the smallest normal number. */
export function strangeNumbers(values: readonly Val[]): Val {
  const outside = values.map((v) => {
    const bits = bitsOf(v);
    const least = x.add(SMALLEST[bits], one(bits));
    return x.geU(x.sub(x.shl(float.reinterpret(v), one(bits)), least), x.sub(INFINITE[bits], least));
  });
  return outside.reduce(x.or);
}

/**
 * Only numbers that are zero, normal or infinite, which can be compared without an exception; what is known of such a
 * number. `infinite`: whether infinity may pass where nothing else is known.
 */
export function unlessComparable(c: Sem, unless: Unless, v: Val, infinite = true): Range | undefined {
  const { floats } = c;
  const known = floats?.of(v);
  if (known !== undefined) return known;
  const bits = bitsOf(v);
  const doubled = c.let(x.shl(float.reinterpret(v), one(bits)));
  const mayPass = infinite || floats === undefined;
  c.when(x.geU(x.sub(doubled, SMALLEST[bits]), x.sub(INFINITE[bits], SMALLEST[bits])), () => {
    const zero = x.eqz(doubled);
    unless(x.eqz(mayPass ? x.or(zero, x.eq(doubled, INFINITE[bits])) : zero));
  });
  if (!mayPass) floats?.learn(v, anyNormal(bits));
  return floats?.of(v);
}
