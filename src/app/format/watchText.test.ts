import { expect, test } from 'vitest';
import { watchOf } from './watchText.ts';

test.each([
  ['rax', 'RAX', { kind: 'register', name: 'rax' }],
  [' R15 ', 'R15', { kind: 'register', name: 'r15' }],
  ['CR3', 'CR3', { kind: 'register', name: 'cr3' }],
  ['gs', 'GS', { kind: 'register', name: 'gs' }],
  ['ia32_lstar', 'IA32_LSTAR', { kind: 'msr', name: 'IA32_LSTAR' }],
  ['GDT 18', 'GDT 18', { kind: 'descriptor', table: 'gdt', index: 3 }],
  ['gdt 0x2b', 'GDT 28', { kind: 'descriptor', table: 'gdt', index: 5 }],
  ['IDT 14', 'IDT gate 14', { kind: 'descriptor', table: 'idt', index: 28 }],
  ['0x400000', '8 bytes at 400000', { kind: 'memory', address: 0x400000n, bytes: 8 }],
  ['ffff8000_1000 + 256', '256 bytes at ffff80001000', { kind: 'memory', address: 0xffff80001000n, bytes: 256 }],
])('%s is watched as %s', (typed, name, target) => {
  expect(watchOf(typed)).toEqual({ name, target });
});

test.each(['', 'rxx', 'cr9', 'IA32_NOTHING', 'IDT 256', '400000 + 0', '400000 + 5000', 'zz', 'GDT'])(
  '"%s" is nothing that can be watched',
  (typed) => {
    expect(watchOf(typed)).toBeNull();
  },
);
