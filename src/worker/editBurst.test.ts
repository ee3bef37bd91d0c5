import { expect, test } from 'vitest';
import { withdraw } from '../debugger/history/branching.ts';
import { finish, History } from '../debugger/history/history.ts';
import { builtFile, emergence } from '../testing/emergence.ts';
import { EditBurst } from './editBurst.ts';

function edit(history: History, burst: EditBurst, program: string, now: number): void {
  if (burst.goesOn(history, 'userprog', now)) finish(withdraw(history));
  const { kernel, commandLine } = history.machine.setup;
  const modules = [{ name: 'userprog', bytes: builtFile(program) }];
  history.record({ kind: 'load', kernel, commandLine, modules, label: program });
  burst.began(history, 'userprog', now);
  history.run(500_000);
}

test('keys soon after each other are one event; a pause, or something done in between, begins another', () => {
  const history = new History(emergence(['userprog']).machine);
  const burst = new EditBurst();
  history.run(20_000);
  const place = history.position;
  for (const [n, program] of ['hello', 'zoo', 'hello', 'errors'].entries()) edit(history, burst, program, 100 * n);
  expect(history.events.map(({ event }) => 'label' in event && event.label)).toEqual(['errors']);
  expect(history.events[0]?.at).toEqual(place);
  expect(history.branches.all()).toHaveLength(0);

  const alone = new History(emergence(['userprog']).machine);
  alone.run(20_000);
  edit(alone, new EditBurst(), 'errors', 0);
  expect(history.machine.hash()).toBe(alone.machine.hash());

  edit(history, burst, 'hello', 5000);
  expect(history.events).toHaveLength(2);
  history.record({ kind: 'reset' });
  edit(history, burst, 'zoo', 5100);
  expect(history.events).toHaveLength(4);
});
