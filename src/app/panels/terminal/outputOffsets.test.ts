import { expect, test } from 'vitest';
import { columnOffsets, lineStart } from './outputOffsets.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('lines are counted from the last', () => {
  const log = bytes('one\ntwo\r\n> ');
  expect(lineStart(log, 0)).toBe(9);
  expect(lineStart(log, 1)).toBe(4);
  expect(lineStart(log, 2)).toBe(0);
  expect(lineStart(log, 3)).toBe(-1);
  expect(lineStart(bytes(''), 0)).toBe(0);
});

test('a column holds the byte drawn there last', () => {
  expect(columnOffsets(bytes('ab\rc'), 0)).toEqual([3, 1]);
  expect(columnOffsets(bytes('ab\bX'), 0)).toEqual([0, 3]);
  expect(columnOffsets(bytes('\x1b[31mred\nnext'), 0)).toEqual([5, 6, 7]);
  expect(columnOffsets(bytes('é!'), 0)).toEqual([0, 2]);
});
