import { arithmetic } from './arithmetic.ts';
import { bits } from './bits.ts';
import { control } from './control.ts';
import type { EncodingRow } from './encodingRow.ts';
import { flagOps } from './flags.ts';
import { hints } from './hints.ts';
import { mmx } from './mmx.ts';
import { move } from './move.ts';
import { parseRow } from './parseRow.ts';
import type { RowSource } from './row.ts';
import { saveArea } from './saveArea.ts';
import { sse } from './sse.ts';
import { sse4 } from './sse4.ts';
import { stack } from './stack.ts';
import { stringIo } from './stringIo.ts';
import { system } from './system.ts';
import { x87 } from './x87.ts';

export type { EncodingRow } from './encodingRow.ts';

/** What every kernel executes. */
const BASE: readonly (readonly RowSource[])[] = [
  arithmetic,
  bits,
  move,
  stack,
  control,
  stringIo,
  flagOps,
  system,
  hints,
  saveArea,
];
/** x87 and vectors. No bytes fit a row here and a row of the base groups: the table's test holds that. */
const VECTOR: readonly (readonly RowSource[])[] = [x87, mmx, sse, sse4];

let base: readonly EncodingRow[] | undefined;
let parsed: readonly EncodingRow[] | undefined;

/** The rows of the base groups: the first ones of `rows()`. They are parsed sooner, because start-up waits for them. */
export function baseRows(): readonly EncodingRow[] {
  base ??= BASE.flat().map(parseRow);
  return base;
}

/** The encoding table: every form the processor knows, in a fixed order (`EncodingRow.index` counts it). */
export function rows(): readonly EncodingRow[] {
  if (parsed === undefined) {
    const first = baseRows();
    parsed = [...first, ...VECTOR.flat().map((source, i) => parseRow(source, first.length + i))];
  }
  return parsed;
}
