import type { Field, RegisterDescription } from './field.ts';

export interface FieldValue {
  readonly field: Field;
  readonly value: bigint;
}

/** Bits `high`..`low` of a value, moved down to bit 0. */
export function bitsOf(value: bigint, high: number, low: number): bigint {
  return (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
}

/** The value of each field, in the description's order. */
export function extract(description: RegisterDescription, value: bigint): FieldValue[] {
  return description.fields.map((field) => ({ field, value: bitsOf(value, field.high, field.low) }));
}

/** `value` with one field replaced. Bits of `content` beyond the field are dropped. */
export function withField(field: Field, value: bigint, content: bigint): bigint {
  const width = BigInt(field.high - field.low + 1);
  const mask = ((1n << width) - 1n) << BigInt(field.low);
  return (value & ~mask) | ((content << BigInt(field.low)) & mask);
}

function maskOf(fields: readonly Field[]): bigint {
  let mask = 0n;
  for (const field of fields) mask = withField(field, mask, -1n);
  return mask;
}

/** Bits that must be 0: in no field, described so, or above the processor's physical address width. */
export function reservedMask(description: RegisterDescription, physicalBits = 52): bigint {
  const all = (1n << BigInt(description.bits)) - 1n;
  let mask = all & ~maskOf(description.fields.filter((field) => field.reserved !== 'zero'));
  for (const field of description.fields) {
    if (field.physical !== true || field.high < physicalBits) continue;
    mask |= maskOf([{ ...field, low: Math.max(physicalBits, field.low) }]);
  }
  return mask;
}

/** Bits that read as 1 whatever is written. */
export function fixedOnes(description: RegisterDescription): bigint {
  return maskOf(description.fields.filter((field) => field.reserved === 'one'));
}

/** The description with its gaps filled by reserved fields, for drawings of every bit; from the highest bit down. */
export function allFields(description: RegisterDescription): Field[] {
  const result: Field[] = [];
  const gap = (high: number, low: number): Field => ({
    name: `reserved ${high === low ? high : `${high}:${low}`}`,
    high,
    low,
    title: 'Reserved',
    meaning: 'Must be 0.',
    manual: description.manual,
    reserved: 'zero',
  });
  let next = 0;
  for (const field of description.fields.toSorted((a, b) => a.low - b.low)) {
    if (field.low > next) result.push(gap(field.low - 1, next));
    result.push(field);
    next = field.high + 1;
  }
  if (next < description.bits) result.push(gap(description.bits - 1, next));
  return result.reverse();
}

/** A field that may be split over several places. */
export interface JoinedField {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly manual: string;
  readonly value: bigint;
  /** Width of the whole in bits. */
  readonly bits: number;
  /** Where it stands: bits `high`..`low` of the register hold the whole's bits from `at` upwards. */
  readonly fragments: readonly { readonly high: number; readonly low: number; readonly at: number }[];
  readonly reserved?: Field['reserved'];
  readonly values?: Field['values'];
  readonly ignoredIn64?: string;
}

/** Like `extract`, with the fragments of split fields put together, low fragment first. */
export function extractJoined(description: RegisterDescription, value: bigint): JoinedField[] {
  const joined = new Map<string, JoinedField>();
  for (const field of description.fields) {
    const name = field.part?.of ?? field.name;
    const at = field.part?.at ?? 0;
    const bits = bitsOf(value, field.high, field.low) << BigInt(at);
    const fragment = { high: field.high, low: field.low, at };
    const width = at + field.high - field.low + 1;
    const before = joined.get(name);
    if (before === undefined) {
      const { title, meaning, manual } = field;
      joined.set(name, {
        name,
        title,
        meaning,
        manual,
        value: bits,
        bits: width,
        fragments: [fragment],
        ...(field.reserved !== undefined && { reserved: field.reserved }),
        ...(field.values !== undefined && { values: field.values }),
        ...(field.ignoredIn64 !== undefined && { ignoredIn64: field.ignoredIn64 }),
      });
    } else {
      joined.set(name, {
        ...before,
        value: before.value | bits,
        bits: Math.max(before.bits, width),
        fragments: [...before.fragments, fragment].sort((a, b) => a.at - b.at),
      });
    }
  }
  return [...joined.values()];
}
