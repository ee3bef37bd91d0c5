/** Finds where two endings of a case differ. */
import { type Ending, FIELDS, type Field, FIRST_WATCH } from './record.ts';
import type { TestCase } from './testCase.ts';

export interface Difference {
  /** A field of the record, "watch n", or "ending". */
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

const hex = (v: bigint): string => v.toString(16);

/** What differs; empty when nothing does. */
export function differences(c: TestCase, ours: Ending, theirs: Ending): Difference[] {
  if (ours === 'triple fault' || theirs === 'triple fault') {
    if (ours === theirs) return [];
    const name = (e: Ending): string => (e === 'triple fault' ? e : `vector ${hex(e.get('vector'))}`);
    return [{ field: 'ending', ours: name(ours), theirs: name(theirs) }];
  }
  const found: Difference[] = [];
  const look = (field: string, a: bigint, b: bigint): void => {
    if (a !== b) found.push({ field, ours: hex(a), theirs: hex(b) });
  };
  FIELDS.forEach((field: Field, i) => {
    if (!c.ignored.includes(field)) look(field, ours.words[i] ?? 0n, theirs.words[i] ?? 0n);
  });
  c.watches.forEach(({ name }, i) => {
    look(name, ours.words[FIRST_WATCH + i] ?? 0n, theirs.words[FIRST_WATCH + i] ?? 0n);
  });
  return found;
}

export const describe = (c: TestCase, found: readonly Difference[]): string =>
  `${found.map((d) => `${d.field}: ${d.ours}, QEMU ${d.theirs}`).join('; ')}\n    ${c.describe()}`;
