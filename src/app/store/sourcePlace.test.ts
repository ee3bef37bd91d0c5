import { expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import type { BuiltProgram } from './programs.ts';
import { codeOf, lineIn } from './sourcePlace.ts';

const build: BuiltProgram = {
  executable: new Uint8Array(0),
  size: 4,
  text: 'a\nb\nc\nd',
  lines: [
    { line: 2, address: 0x40001an, bytes: Uint8Array.of(0x31, 0xff) },
    { line: 4, address: 0x40001cn, bytes: Uint8Array.of(0x0f, 0x05) },
  ],
};
const lines = (text: string) => [...codeOf(build, text).keys()];

test('addresses stay beside their lines while others change', () => {
  expect(lines(build.text)).toEqual([2, 4]);
  expect(lines('a\nb\nnew\nnew\nc\nd')).toEqual([2, 6]);
  expect(lines('a\nb changed\nc\nd')).toEqual([4]);
});

test('the machine stands in a line when its bytes are that line’s', () => {
  const view = { ...viewAt(18_000, 0), source: null };
  expect(view.registers.rip).toBe(0x40001cn);
  expect(lineIn(build, view)).toBe(4);
  const other = { ...build, lines: build.lines.map((l) => ({ ...l, bytes: Uint8Array.of(0x90, 0x90) })) };
  expect(lineIn(other, view)).toBeNull();
});
