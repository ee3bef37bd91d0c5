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
  x87,
  mmx,
  sse,
  sse4,
];

let parsed: readonly EncodingRow[] | undefined;

/** The encoding table: every form the processor knows, in a fixed order (`EncodingRow.index` counts it). */
export function rows(): readonly EncodingRow[] {
  parsed ??= GROUPS.flat().map(parseRow);
  return parsed;
}
