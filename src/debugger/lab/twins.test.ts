import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isProblem } from '../../machine/loader/problem.ts';
import { FLAWS } from './flaws.ts';
import { Twins } from './twins.ts';
import type { LabSetup } from './views.ts';

const file = (name: string) => new Uint8Array(readFileSync(`public/kernel/${name}.elf`));
const kernel = file('emergence');

function twins(
  setup: Pick<LabSetup, 'program'> & { readonly left?: LabSetup['left']; readonly right: LabSetup['right'] },
) {
  const found = Twins.create(
    { left: { flaws: [], cpu: 'intel' }, ...setup },
    { kernel, program: file(setup.program.split(' ')[0] ?? '') },
  );
  if (isProblem(found)) throw new Error(found.detail);
  return found;
}

test('two equal machines do the same', () => {
  const { difference, left, right } = twins({ program: 'userprog', right: { flaws: [], cpu: 'intel' } }).view();
  expect(difference).toBeNull();
  expect(left.events).toEqual(right.events);
  expect(left.events.map(({ title }) => title)).toEqual(['SYSRETQ', 'SYSCALL', 'SYSRETQ', 'SYSCALL']);
  expect(left.output).toContain('RING3 OK');
});

test.each(FLAWS)('$word shows in $program', ({ word, program }) => {
  const pair = twins({ program, right: { flaws: [word], cpu: 'intel' } });
  const { difference, left, right, next } = pair.view();
  if (difference === null) throw new Error('no difference');
  expect(next).toEqual({ left: Math.min(difference, left.events.length), right: difference });
  expect(right.machine.instructions).toBe(right.events[difference]?.count);
  expect(left.events.slice(0, difference).map(({ title }) => title)).toEqual(
    right.events.slice(0, difference).map(({ title }) => title),
  );
  expect(left.events[difference]).not.toEqual(right.events[difference]);
  pair.move('fault');
  expect(pair.view().right.machine.why.length).toBeGreaterThan(0);
  pair.move('end');
  const end = pair.view();
  expect(end.right.machine.instructions).toBeGreaterThan(0);
  expect(end.next).toEqual({ left: left.events.length, right: right.events.length });
});
