import { expect, test } from 'vitest';
import { addressColumns, codeAddress, codeBytes } from './code.ts';

test('addresses of the kernel half are shortened, others are whole', () => {
  expect(codeAddress(0xffffffff80100340n)).toBe('…80100340');
  expect(codeAddress(0x40001cn)).toBe('40001c');
  expect(codeAddress(0xfffffffe80100340n)).toBe('fffffffe80100340');
  expect(addressColumns([0x40001cn, 0xffffffff80100340n])).toBe(9);
});

test('long code ends in an ellipsis', () => {
  expect(codeBytes(Uint8Array.of(0x0f, 0x05))).toBe('0f 05');
  expect(codeBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBe('01 02 03 04 05 06 07…');
});
