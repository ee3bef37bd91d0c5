import { describe, expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { gdtRows } from './gdt.ts';

const { gdt, registers } = viewAt(0, 0);

describe('the GDT as rows', () => {
  test('a TSS descriptor takes two rows', () => {
    const rows = gdtRows(gdt, registers);
    expect(rows[5]?.descriptor?.kind).toBe('tss');
    expect(rows[5]?.descriptor?.base).toBe(0xffffffff80104000n);
    expect(rows[6]).toMatchObject({ second: true, descriptor: null });
  });

  test('segment registers mark the entry they name', () => {
    const rows = gdtRows(gdt, registers);
    expect(rows[4]?.marks).toEqual([{ name: 'cs', differs: false }]);
    expect(rows[3]?.marks.map(({ name }) => name)).toEqual(['ss', 'ds', 'es']);
    expect(rows[5]?.marks.map(({ name }) => name)).toEqual(['tr']);
    expect(rows[0]?.marks).toEqual([]);
  });

  test('a hidden part that was not loaded from its descriptor is told', () => {
    const withoutLong = gdt.map((word, index) => (index === 4 ? 0x00cffb000000ffffn : word));
    expect(gdtRows(withoutLong, registers)[4]?.marks).toEqual([{ name: 'cs', differs: true }]);
  });

  test('a word whose page is not mapped has no descriptor', () => {
    expect(gdtRows([0n, null], registers)[1]).toMatchObject({ word: null, descriptor: null, second: false });
  });

  test('selectors of the LDT have TI = 1, and mark only its entries', () => {
    const { segments } = registers;
    const inLdt = { ...registers, segments: { ...segments, ds: { ...segments.ds, selector: 0x0f } } };
    const rows = gdtRows([0n, 0x00cff3000000ffffn], inLdt, 'ldt');
    expect(rows.map(({ selector }) => selector)).toEqual([4, 12]);
    expect(rows[1]?.marks).toEqual([{ name: 'ds', differs: false }]);
    expect(gdtRows(gdt, inLdt)[1]?.marks).toEqual([]);
  });
});
