import { expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { addressOf, codeAddress, stackAddress } from './followed.ts';

const { registers } = viewAt(0, 0);
const { segments } = registers;

test('hexadecimal, or a name with an offset', () => {
  expect(addressOf(registers, 'ffffffff80100000')).toBe(0xffffffff80100000n);
  expect(addressOf(registers, '0x40_0000')).toBe(0x400000n);
  expect(addressOf(registers, 'rsp+10')).toBe((registers.gpr[4] ?? 0n) + 0x10n);
  expect(addressOf(registers, 'RIP')).toBe(registers.rip);
  expect(addressOf(registers, 'tss + 4')).toBe(segments.tr.base + 4n);
  expect(addressOf(registers, 'gdt')).toBe(registers.gdtr.base);
  expect(addressOf(registers, 'rax-1')).toBe(((registers.gpr[0] ?? 0n) - 1n) & ((1n << 64n) - 1n));
});

test('what is neither is no address; words that are hexadecimal stay that', () => {
  for (const text of ['', 'rxx', 'rsp+', 'rsp+zz', '12345678901234567']) expect(addressOf(registers, text)).toBeNull();
  expect(addressOf(registers, 'dead')).toBe(0xdeadn);
});

test('outside 64-bit mode offsets count from the segment, in 32 bits', () => {
  const real = {
    ...registers,
    rip: 0x1234n,
    segments: {
      ...segments,
      cs: { ...segments.cs, base: 0xffff0000n, attributes: 0x93 },
      ss: { ...segments.ss, base: 0x8000n },
    },
  };
  expect(codeAddress(real)).toBe(0xffff1234n);
  expect(stackAddress(real)).toBe((0x8000n + (registers.gpr[4] ?? 0n)) & 0xffffffffn);
});
