import { expect, test } from 'vitest';
import { withEdited } from './editedPrograms.ts';

const file = (name: string, byte: number) => ({ name, bytes: Uint8Array.of(byte) });
const names = (modules: readonly { name: string; bytes: Uint8Array }[]) =>
  modules.map((m) => `${m.name}:${m.bytes[0]}`);

test('an edited program takes the place of the built one and keeps its arguments', () => {
  expect(names(withEdited([file('userprog', 1), file('echo a b', 2)], [file('echo', 9)], 'init=echo'))).toEqual([
    'userprog:1',
    'echo a b:9',
  ]);
});

test('without init= the edited program comes first, because the first module runs', () => {
  expect(names(withEdited([file('userprog', 1)], [file('mine', 9)], ''))).toEqual(['mine:9', 'userprog:1']);
  expect(names(withEdited([file('userprog', 1)], [file('mine', 9)], 'init=userprog'))).toEqual([
    'userprog:1',
    'mine:9',
  ]);
});

test('nothing edited, nothing changed', () => {
  const modules = [file('userprog', 1)];
  expect(withEdited(modules, [], '')).toBe(modules);
});
