import { expect, test } from 'vitest';
import { wordsOf } from './words.ts';

test('words are read from the low byte up; a missing byte spoils its word only', () => {
  const bytes = [1, 2, 0, 0, 0, 0, 0, 0x80, 1, null, 0, 0, 0, 0, 0, 0];
  expect(wordsOf(bytes)).toEqual([0x8000000000000201n, null]);
  expect(wordsOf([1, 2, 3])).toEqual([]);
});
