import { expect, test } from 'vitest';
import { errorCodeText } from './errorCode.ts';

test('the bits of a page fault are named', () => {
  expect(errorCodeText(14, 0x15)).toBe('P, U/S, I/D');
  expect(errorCodeText(14, 0)).toBe('not present, supervisor read');
});

test('a selector at fault is told with its table', () => {
  expect(errorCodeText(13, 0x18)).toBe('selector 18h');
  expect(errorCodeText(13, 0x402)).toBe('IDT entry 80h');
  expect(errorCodeText(11, 0x0c)).toBe('selector Ch');
});

test('an external event, and no particular selector', () => {
  expect(errorCodeText(12, 1)).toBe('external event');
  expect(errorCodeText(13, 0)).toBeNull();
});
