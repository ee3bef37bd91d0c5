import type { Field, RegisterDescription } from './field.ts';

/**
 * Bit masks for hot code, derived from the descriptions. All are signed 32-bit numbers, so that
 * `(value & MASK) === MASK` also holds for bit 31.
 */

// biome-ignore format: a table of bit numbers
type LowBit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15
  | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31;
// biome-ignore format: a table of bit numbers
type HighBit = 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41 | 42 | 43 | 44 | 45 | 46 | 47
  | 48 | 49 | 50 | 51 | 52 | 53 | 54 | 55 | 56 | 57 | 58 | 59 | 60 | 61 | 62 | 63;

/** Property name of a field: "R/W" becomes RW; names with a space (fragments, reserved bits) have none. */
type Key<N extends string> = N extends `${string} ${string}`
  ? never
  : N extends `${infer A}/${infer B}`
    ? Key<`${A}${B}`>
    : N;

export type LowMasks<F extends Field> = {
  readonly [K in Key<Extract<F, { readonly low: LowBit }>['name']>]: number;
};
export type HighMasks<F extends Field> = {
  readonly [K in Key<Extract<F, { readonly high: HighBit }>['name']>]: number;
};

/** Bits `high`..`low` of a 32-bit word as a signed 32-bit mask. */
export function mask32(high: number, low: number): number {
  const width = high - low + 1;
  return width >= 32 ? -1 : (((1 << width) - 1) << low) | 0;
}

function collect(fields: readonly Field[], from: number): Record<string, number> {
  const masks: Record<string, number> = {};
  for (const field of fields) {
    if (field.name.includes(' ') || field.high < from || field.low > from + 31) continue;
    const low = Math.max(field.low - from, 0);
    const high = Math.min(field.high - from, 31);
    masks[field.name.replaceAll('/', '')] = mask32(high, low);
  }
  return masks;
}

/** Masks in bits 31:0, one property per field that reaches into them. */
export function lowMasks<D extends RegisterDescription>(description: D): LowMasks<D['fields'][number]> {
  return Object.freeze(collect(description.fields, 0)) as LowMasks<D['fields'][number]>;
}

/** Masks in bits 63:32, counted from bit 32: for code that keeps 64-bit registers as two 32-bit halves. */
export function highMasks<D extends RegisterDescription>(description: D): HighMasks<D['fields'][number]> {
  return Object.freeze(collect(description.fields, 32)) as HighMasks<D['fields'][number]>;
}
