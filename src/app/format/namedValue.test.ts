import { describe, expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { namedPart, partDigits, partValue } from './namedValue.ts';

const { registers } = viewAt(0, 0);

describe('names in micro-steps', () => {
  test('a bit range of an MSR, with and without its prefix', () => {
    expect(partValue(namedPart(registers, 'IA32_STAR[47:32]'))).toBe(8n);
    expect(partValue(namedPart(registers, 'STAR[63:48]'))).toBe(0x13n);
  });

  test('registers in either case', () => {
    expect(partValue(namedPart(registers, 'rsp'))).toBe(0x7fffffffeff0n);
    expect(partValue(namedPart(registers, 'R11'))).toBe(0n);
    expect(partValue(namedPart(registers, 'CS'))).toBe(0x23n);
    expect(partDigits(namedPart(registers, 'cs'))).toBe(4);
  });

  test('a single bit', () => {
    expect(partValue(namedPart(registers, 'IA32_EFER[0]'))).toBe(1n);
  });

  test('what is no register has no value', () => {
    expect(namedPart(registers, '[rsp+8]').whole).toBeNull();
  });
});
