/** Typing while an instruction is half done. */
import { expect, test } from 'vitest';
import { emergence } from '../testing/emergence.ts';
import { finish, History } from './history/history.ts';
import { Session } from './session.ts';

test.each([1, 4, 9])('what is typed after %i micro-steps of a SYSCALL is there when that is repeated', (steps) => {
  const { machine } = emergence(['echo']);
  const history = new History(machine);
  const session = new Session(machine, history);
  session.begin('first-syscall');
  session.advance(10_000_000);
  for (let n = 0; n < steps; n++) session.microStep();
  session.type(Uint8Array.of(104, 105, 13));
  session.begin('ever');
  session.advance(20_000);
  const [end, hash] = [history.position, machine.hash()];
  const again = new History(emergence(['echo']).machine);
  again.adopt(history.events, end);
  finish(again.seek(end));
  expect(again.position).toEqual(end);
  expect(again.machine.hash()).toBe(hash);
});
