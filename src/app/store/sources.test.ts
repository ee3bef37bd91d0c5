import { expect, test } from 'vitest';
import type { CodeLine } from '../../worker/protocol.ts';
import { addCode } from './sources.ts';

function line(address: bigint, bytes: number[], at: number | null): CodeLine {
  const source = at === null ? null : { file: 'a.S', line: at };
  return { address, bytes: Uint8Array.from(bytes), mnemonic: 'nop', operands: '', label: null, source };
}

test('instructions of one source line are shown as one stretch', () => {
  const code = addCode({}, [line(0x10n, [1, 2], 4), line(0x12n, [3], 4), line(0x13n, [4], 5)]);
  expect(code['a.S']?.get(4)).toEqual({ address: 0x10n, bytes: Uint8Array.of(1, 2, 3) });
  expect(code['a.S']?.get(5)).toEqual({ address: 0x13n, bytes: Uint8Array.of(4) });
});

test('seeing the same code again changes nothing', () => {
  const seen = [line(0x10n, [1, 2], 4), line(0x12n, [3], 4)];
  const code = addCode({}, seen);
  expect(addCode(code, seen)).toBe(code);
});

test('a line whose code lies in two places keeps the first', () => {
  const code = addCode({}, [line(0x10n, [1], 4), line(0x11n, [2], 5), line(0x12n, [3], 4)]);
  expect(code['a.S']?.get(4)).toEqual({ address: 0x10n, bytes: Uint8Array.of(1) });
});
