import { expect, test } from 'vitest';
import { briefText, isDenormal, lanesOf, realNotation, realText, withLane } from './lanes.ts';

test('a register in lanes, the lowest first, and one of them changed', () => {
  const value = 0x0f0e0d0c_0b0a0908_07060504_03020100n;
  expect(lanesOf(value, 32)).toEqual([0x03020100n, 0x07060504n, 0x0b0a0908n, 0x0f0e0d0cn]);
  expect(lanesOf(value, 8)).toHaveLength(16);
  expect(withLane(value, 16, 7, 0xabcdn)).toBe(0xabcd0d0c_0b0a0908_07060504_03020100n);
  expect(withLane(value, 64, 0, -1n)).toBe(0x0f0e0d0c_0b0a0908_ffffffff_ffffffffn);
});

test.for([
  [0x3dcccccdn, 32, '0.1'],
  [0x3fb999999999999an, 64, '0.1'],
  [0x80000000n, 32, '−0'],
  [0x7f7fffffn, 32, '3.4028235e+38'],
  [0x4b800001n, 32, '16777218'],
  [0xff800000n, 32, '−∞'],
  [0x7fc00000n, 32, 'quiet NaN'],
  [0xfff8000000000123n, 64, '−quiet NaN 123'],
  [0x7f800001n, 32, 'signaling NaN 1'],
  [1n, 64, '5e-324'],
] as const)('%s of %s bits is %s', ([bits, width, text]) => {
  expect(realText(bits, width)).toBe(text);
});

test('a long float is cut and says so', () => {
  expect(briefText(0xbf8ccccdn, 32)).toBe('−1.1');
  expect(briefText(0x7f7fffffn, 32)).toBe('≈3.403e+38');
  expect(briefText(0x80800000n, 32)).toBe('≈−1.175e-38');
  expect(briefText(0x3fb999999999999an, 64)).toBe('0.1');
});

test('denormal numbers are told from normal ones and zero', () => {
  expect([0n, 1n, 0x807fffffn, 0x00800000n].map((bits) => isDenormal(bits, 32))).toEqual([false, true, true, false]);
});

test('numbers are typed in decimal', () => {
  const { parse, show } = realNotation(64);
  expect(parse(' -1.5e3 ')).toBe(0xc097700000000000n);
  expect(parse('inf')).toBe(0x7ff0000000000000n);
  expect(parse('-inf')).toBe(0xfff0000000000000n);
  expect(parse('nan')).toBe(0x7ff8000000000000n);
  expect(realNotation(32).parse('0.1')).toBe(0x3dcccccdn);
  for (const wrong of ['', '1,5', 'e5', '0x10', '1e', 'infinite']) expect(parse(wrong), wrong).toBeNull();
  expect(show(0xc097700000000000n)).toBe('-1500');
});
