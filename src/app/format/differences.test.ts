import { expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { differences } from './differences.ts';

const view = viewAt(100, 0);

test('equal machines have no differences', () => {
  expect(differences(view, viewAt(100, 0))).toEqual([]);
});

test('registers, segments, MSRs and GDT entries that differ are named with both values', () => {
  const { registers } = view;
  const other = {
    ...view,
    gdt: [...view.gdt.slice(0, 3), 0xcff2000000ffffn, ...view.gdt.slice(4)],
    registers: {
      ...registers,
      gpr: [7n, ...registers.gpr.slice(1)],
      segments: { ...registers.segments, cs: { ...registers.segments.cs, selector: 0x1b } },
      msrs: { ...registers.msrs, IA32_STAR: 0x0008_0018_0000_0000n },
    },
  };
  const rows = differences(view, other);
  expect(rows.map(({ name }) => name)).toEqual(['CS', 'IA32_STAR', 'RAX', 'GDT[18h]']);
  expect(rows[0]).toEqual({ name: 'CS', left: '0023', right: '001b' });
});

test('a table that ends earlier says so', () => {
  expect(differences(view, { ...view, gdt: view.gdt.slice(0, -1) }).at(-1)?.right).toBe('beyond the limit');
});
