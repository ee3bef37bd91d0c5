import { arithmetic } from './arithmetic.ts';
import { bits } from './bits.ts';
import { control } from './control.ts';
import type { EncodingRow } from './encodingRow.ts';
import { flagOps } from './flags.ts';
import { hints } from './hints.ts';
import { move } from './move.ts';
import { parseRow } from './parseRow.ts';
import type { RowSource } from './row.ts';
import { saveArea } from './saveArea.ts';
import { stack } from './stack.ts';
import { stringIo } from './stringIo.ts';
import { system } from './system.ts';

export type { EncodingRow } from './encodingRow.ts';

const GROUPS: readonly (readonly RowSource[])[] = [
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

let parsed: readonly EncodingRow[] | undefined;

/** The encoding table: every form the processor knows, in a fixed order (`EncodingRow.index` counts it). */
export function rows(): readonly EncodingRow[] {
  parsed ??= GROUPS.flat().map(parseRow);
  return parsed;
}
