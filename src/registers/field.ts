/**
 * How a register is described: once, as data. The processor's masks, the panel's bit strip, the editor and the tooltip
 * all come from the same description.
 */

/** What a reserved bit must hold: 0, 1, or anything (the processor does not look). */
export type Reserved = 'zero' | 'one' | 'ignored';

export interface Field {
  /** The manual's short name: "SCE", "R/W", "IOPL"; parts of a split field say which: "Base 23:16". */
  readonly name: string;
  /** Highest and lowest bit, counted from bit 0. */
  readonly high: number;
  readonly low: number;
  /** The name in words. */
  readonly title: string;
  /** What it does, in a sentence. */
  readonly meaning: string;
  /** Where the rule stands. */
  readonly manual: string;
  readonly reserved?: Reserved;
  /** Meanings of single values. */
  readonly values?: Readonly<Record<number, string>>;
  /** For a fragment of a split field: the whole's name, and the bit of the whole at which this fragment starts. */
  readonly part?: { readonly of: string; readonly at: number };
  /** A physical address: bits at and above the processor's MAXPHYADDR are reserved. */
  readonly physical?: boolean;
  /** Set when 64-bit mode does not look at the field; says what holds instead. */
  readonly ignoredIn64?: string;
}

export interface RegisterDescription {
  /** Architectural name: "IA32_EFER", "CR0", "PTE". */
  readonly name: string;
  /** MSR number, for model-specific registers. */
  readonly address?: number;
  readonly bits: number;
  readonly title: string;
  readonly manual: string;
  /** From bit 0 upwards. Bits in no field are reserved and must be zero. */
  readonly fields: readonly Field[];
}

/** Optional facts of a field. */
export type FieldExtra = Partial<Pick<Field, 'manual' | 'reserved' | 'values' | 'part' | 'physical' | 'ignoredIn64'>>;

/** Builders for fields that share a place in the manual. The literal name and bits stay in the type. */
export function fieldsOf(manual: string) {
  function field<const N extends string, const H extends number, const L extends number>(
    name: N,
    high: H,
    low: L,
    title: string,
    meaning: string,
    extra: FieldExtra = {},
  ): Field & { readonly name: N; readonly high: H; readonly low: L } {
    return { name, high, low, title, meaning, manual, ...extra };
  }
  function bit<const N extends string, const B extends number>(
    name: N,
    at: B,
    title: string,
    meaning: string,
    extra: FieldExtra = {},
  ): Field & { readonly name: N; readonly high: B; readonly low: B } {
    return field(name, at, at, title, meaning, extra);
  }
  return { field, bit };
}

/** Keeps the literal types of a description, so that its masks have named, checked properties. */
export function describeRegister<const D extends RegisterDescription>(description: D): D {
  return description;
}
