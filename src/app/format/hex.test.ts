import { describe, expect, test } from 'vitest';
import { hexGroups, hexH, parseAddress, splitDigits, thousands } from './hex.ts';

describe('numbers as the panels print them', () => {
  test('words are grouped by four digits from the right', () => {
    expect(hexGroups(0x0013_0008_0000_0000n)).toBe('0013 0008 0000 0000');
    expect(hexGroups(0xd01n, 4)).toBe('0d01');
  });

  test('selectors carry the manual’s h', () => {
    expect(hexH(0x1b)).toBe('1Bh');
  });

  test('thousands are separated', () => {
    expect(thousands(1204331)).toBe('1\u2009204\u2009331');
    expect(thousands(12)).toBe('12');
  });

  test('only the digits from the first changed one on are marked', () => {
    expect(splitDigits('000040001e', '0000000000')).toEqual(['0000', '40001e']);
    expect(splitDigits('0000', null)).toEqual(['000', '0']);
  });

  test('typed addresses', () => {
    expect(parseAddress(' 0xffffffff_80100340 ')).toBe(0xffffffff80100340n);
    expect(parseAddress('1Bh')).toBe(0x1bn);
    expect(parseAddress('userprog')).toBeNull();
    expect(parseAddress('1'.repeat(17))).toBeNull();
  });
});
