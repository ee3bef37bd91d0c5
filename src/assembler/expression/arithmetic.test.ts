import { expect, it } from 'vitest';
import { assemble, isRejected } from '../assemble.ts';
import { binary } from '../linker/arithmetic.ts';
import { evaluateCondition } from '../source/condition.ts';
import { operate } from './arithmetic.ts';

it('is exact, has truths, and no quotient by zero', () => {
  expect(operate('<<', 1n, 63n)).toBe(1n << 63n);
  expect(operate('<<', 1n, 64n)).toBe(0n);
  expect(operate('>>', -8n, 1n)).toBe(-4n);
  expect(operate('%', -7n, 2n)).toBe(-1n);
  expect(operate('/', 1n, 0n)).toBeNull();
  expect(operate('>=', 1n, 1n)).toBe(true);
  expect(() => operate('**', 1n, 1n)).toThrow();
});

function assembled(expression: string): bigint {
  const result = assemble(`.quad ${expression}`, { fileName: 'a.s' });
  if (isRejected(result)) throw new Error(result.problems[0]?.message);
  const [{ bytes } = { bytes: new Uint8Array(8) }] = result.listing;
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
}

it('true is -1 for the assembler, 1 for && there, for #if and in scripts', () => {
  expect([assembled('1 < 2'), assembled('1 && 2'), assembled('2 < 1')]).toEqual([-1n, 1n, 0n]);
  expect([binary('<', 1n, 2n), evaluateCondition('1 < 2', () => false)]).toEqual([1n, 1n]);
});

it('the assembler and scripts shift zeros in, #if the sign', () => {
  expect(assembled('-1 >> 60')).toBe(15n);
  expect(binary('>>', 2n ** 64n - 1n, 60n)).toBe(15n);
  expect(evaluateCondition('(-1 >> 60) == -1', () => false)).toBe(1n);
});

it('scripts wrap without a sign', () => {
  expect(binary('-', 0n, 1n)).toBe(2n ** 64n - 1n);
  expect(binary('/', 1n, 0n)).toBe(0n);
});
