import { expect, test } from 'vitest';
import { idtGates, realVectors, vectorName } from './idt.ts';

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

test('outside IA-32e mode gates take 8 bytes', () => {
  const [gate] = idtGates([0n, 0x0010_8e00_0008_1234n], false);
  expect(gate).toMatchObject({ vector: 1, slots: 1 });
  expect(gate?.descriptor.type).toBe('32-bit interrupt gate');
  expect(gate?.descriptor.target).toMatchObject({ selector: 8, offset: 0x101234n });
});

test('vectors of real-address mode are 4 bytes: IP, then CS', () => {
  expect(realVectors([0xf000_1234_0000_0000n, null, 0x0n])).toEqual([{ vector: 1, segment: 0xf000, offset: 0x1234 }]);
});
