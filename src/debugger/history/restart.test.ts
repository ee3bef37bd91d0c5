import { expect, test } from 'vitest';
import { isProblem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { builtFile } from '../../testing/emergence.ts';
import { Session } from '../session.ts';
import { finish, History } from './history.ts';

function program(name: string): Uint8Array {
  const bytes = new Uint8Array(32 << 10);
  bytes.set(builtFile(name));
  return bytes;
}

function machine(): Machine {
  const made = Machine.create({
    kernel: builtFile('emergence'),
    commandLine: '',
    modules: [{ name: 'userprog', bytes: program('userprog') }],
    memoryBytes: 16 << 20,
    cpu: 'intel',
  });
  if (isProblem(made)) throw new Error(made.detail);
  return made;
}

const text = ({ output }: History): string => new TextDecoder().decode(output.slice(0, output.length));

test('programs edited are gone back over and repeated, here and from a record of the events', () => {
  const history = new History(machine());
  const session = new Session(history.machine, history);
  const { setup } = history.machine;
  const hashes: string[] = [];
  const places = [];
  history.run(30_000);
  for (const name of ['hello', 'echo', 'userprog']) {
    const before = history.machine.hash();
    session.load({ ...setup, modules: [{ name: 'userprog', bytes: program(name) }] }, 'userprog');
    places.push(history.position);
    hashes.push(history.machine.hash());
    expect(before).not.toBe(hashes.at(-1));
    history.run(8_000);
  }
  expect(text(history).match(/Emergence/g)).toHaveLength(4);
  const end = { position: history.position, hash: history.machine.hash(), text: text(history) };
  for (const n of [2, 0, 1, 0, 2]) {
    finish(history.seek(places[n]!));
    expect(history.machine.hash()).toBe(hashes[n]);
  }
  // Back over the edit stands the program before, and ahead of it the edited one again.
  finish(history.seek(places[1]!));
  finish(history.stepBack());
  expect(history.position.events).toBe(1);
  finish(history.seek(end.position));
  expect(history.machine.hash()).toBe(end.hash);
  expect(text(history)).toBe(end.text);

  const other = new History(machine());
  other.adopt(history.events, end.position);
  finish(other.seek(end.position));
  expect(other.machine.hash()).toBe(end.hash);
  expect(text(other)).toBe(end.text);
});
