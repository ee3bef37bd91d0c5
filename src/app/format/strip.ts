/** The bits of a descriptor as they stand in memory, row by row, with the fragments of split fields named alike. */
import type { DescriptorField } from '../../registers/decodeDescriptor.ts';

export interface StripPart {
  readonly high: number;
  readonly low: number;
  /** Null for bits that belong to no field. */
  readonly field: DescriptorField | null;
  /** The field's own bits that stand here: high and low, when it stands in several places. */
  readonly fragment: readonly [high: number, low: number] | null;
}

export interface StripRow {
  readonly high: number;
  readonly low: number;
  /** From the highest bit down, without gaps. */
  readonly parts: readonly StripPart[];
}

/** Rows of 32 bits, the highest first, as the manuals draw descriptors. */
export function stripRows(fields: readonly DescriptorField[], bits: number): readonly StripRow[] {
  const pieces = fields.flatMap((field) =>
    field.fragments.map(({ high, low, at }) => ({
      high,
      low,
      field,
      at,
      split: field.fragments.length > 1,
    })),
  );
  const rows: StripRow[] = [];
  for (let low = bits - 32; low >= 0; low -= 32) {
    const high = low + 31;
    const parts: StripPart[] = [];
    let next = high;
    const inRow = pieces.filter((piece) => piece.high >= low && piece.low <= high).toSorted((a, b) => b.high - a.high);
    for (const { field, at, split, ...piece } of inRow) {
      const [top, bottom] = [Math.min(piece.high, high), Math.max(piece.low, low)];
      if (top < next) parts.push({ high: next, low: top + 1, field: null, fragment: null });
      const base = at + bottom - piece.low;
      parts.push({ high: top, low: bottom, field, fragment: split ? [base + top - bottom, base] : null });
      next = bottom - 1;
    }
    if (next >= low) parts.push({ high: next, low, field: null, fragment: null });
    rows.push({ high, low, parts });
  }
  return rows;
}
