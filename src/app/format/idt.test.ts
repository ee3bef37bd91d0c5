import { expect, test } from 'vitest';
import { idtGates, vectorName } from './idt.ts';

test('a gate over two words: where it leads, its DPL and its stack', () => {
  const words = [0n, 0n, ...Array<bigint>(24).fill(0n), 0x8010_8e01_0008_1234n, 0xffffffffn];
  const [gate, ...others] = idtGates(words);
  expect(others).toEqual([]);
  expect(gate?.vector).toBe(13);
  expect(gate?.descriptor.target).toEqual({ selector: 8, offset: 0xffffffff80101234n, ist: 1 });
  expect(gate?.descriptor.dpl).toBe(0);
  expect(gate?.descriptor.type).toBe('64-bit interrupt gate');
});

test('unmapped and empty entries are no gates', () => {
  expect(idtGates([null, 0n, 0n, 0n, 1n])).toEqual([]);
});

test('vectors by name', () => {
  expect(vectorName(14)).toBe('#PF page fault');
  expect(vectorName(32)).toBe('interrupt');
});
