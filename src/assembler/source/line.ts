/** A line of source as the assembler reads it, with comments blanked and cpp macros expanded. */
export interface Line {
  readonly text: string;
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Column (from 1) in the file for each offset of `text`; null when offset + 1 is the column. */
  readonly columns: Int32Array | null;
}

/** Column in the file of an offset of the line's text. */
export function columnOf(line: Line, offset: number): number {
  if (line.columns === null) return offset + 1;
  return line.columns[Math.min(offset, line.columns.length - 1)] ?? 1;
}
