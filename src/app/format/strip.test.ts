import { expect, test } from 'vitest';
import { decodeDescriptor } from '../../registers/decodeDescriptor.ts';
import { stripRows } from './strip.ts';

test('every bit of a TSS descriptor stands in one part, and the four pieces of its base are told apart', () => {
  const { fields } = decodeDescriptor(0x1050_0067, 0x8000_8b08, { nextLow: 0xffff_ffff, nextHigh: 0 });
  const rows = stripRows(fields, 128);
  expect(rows.map(({ high, low }) => [high, low])).toEqual([
    [127, 96],
    [95, 64],
    [63, 32],
    [31, 0],
  ]);
  for (const { high, low, parts } of rows) {
    expect(parts[0]?.high).toBe(high);
    expect(parts.at(-1)?.low).toBe(low);
    for (const [n, part] of parts.entries()) if (n > 0) expect(part.high).toBe((parts[n - 1]?.low ?? 0) - 1);
  }
  const base = rows.flatMap(({ parts }) => parts).filter(({ field }) => field?.name === 'Base');
  expect(base.map(({ fragment }) => fragment)).toEqual([
    [63, 32],
    [31, 24],
    [23, 16],
    [15, 0],
  ]);
});
