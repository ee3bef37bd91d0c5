import { expect, test } from 'vitest';
import { inDecimal } from './decimal.ts';

test.for([
  [1n, 0, '1'],
  [5n, -1, '2.5'],
  [1n << 63n, -63, '1'],
  [1n << 63n, -60, '8'],
  [10n, 0, '10'],
  [1n, -4, '0.0625'],
  [1n, -20, '9.5367431640625e-7'],
  [3n, 100, '3.802951800684688204490109616128e30'],
  // FLDPI, SDM vol. 1, 8.3.8.
  [0xc90fdaa22168c235n, -62, '≈3.14159265358979323851'],
  // The smallest denormal long double.
  [1n, -16445, '≈3.64519953188247460253e-4951'],
  [(1n << 64n) - 1n, 16320, '≈1.18973149535723176502e4932'],
] as const)('%s times 2 to the %s', ([sig, exp, text]) => {
  expect(inDecimal(sig, exp)).toBe(text);
});
