import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from '../history/history.ts';
import { Session } from '../session.ts';
import { CALLS, ERRORS, quoted } from './calls.ts';
import { kernelView } from './lookBack.ts';
import type { KernelView } from './views.ts';

function after(programs: readonly string[], instructions: number, commandLine = 'timer=off') {
  const { machine } = emergence(programs, commandLine);
  const history = new History(machine);
  const session = new Session(machine, history);
  history.run(instructions);
  const hash = machine.hash();
  const view: KernelView = finish(kernelView(session, history));
  expect(machine.hash()).toBe(hash);
  return { view, machine, session, history };
}

describe('the kernel as it runs', () => {
  it('lists calls with their arguments and results, in order, and ends where it began', () => {
    const { view } = after(['userprog'], 10_000_000);
    const calls = view.calls.map(({ name, arguments: args, result, process }) => [
      `${name}(${args.map(({ text }) => text).join(', ')})`,
      result,
      process,
    ]);
    expect(calls).toEqual([
      ['write(1, "RING3 OK\\n", 9)', '9', 'userprog (1)'],
      ['exit(0)', null, 'userprog (1)'],
    ]);
    expect(view.complete).toBe(true);
    const [first, second, third] = view.crossings.map(({ title, from, to }) => `${title} ${from}>${to}`);
    expect([first, second, third]).toEqual(['SYSRET 0>3', 'SYSCALL 3>0', 'SYSRET 0>3']);
    expect(view.crossings[1]?.entered).toBe('syscall_entry');
  });

  it('reads the process table by its debug information', () => {
    const { view } = after(['forktree'], 400_000, '');
    expect(view.reason).toBeNull();
    expect(view.processes?.length).toBeGreaterThan(1);
    expect(view.processes?.[0]).toMatchObject({ pid: 1, name: 'forktree' });
    expect(view.processes?.filter(({ current }) => current).length).toBeLessThanOrEqual(1);
    expect(view.processes?.map(({ state }) => state)).toEqual(
      view.processes?.map(() => expect.stringMatching(/^(ready|running|sleeping|zombie)$/)),
    );
    const child = view.processes?.find(({ pid }) => pid === 2);
    expect(child?.parent).toBe(1);
  });
});

it('names and errors are those of the kernel’s own header', () => {
  const header = readFileSync(new URL('../../kernel/arch/x86_64/include/syscall.h', import.meta.url), 'utf8');
  const defined = (pattern: RegExp): [number, string][] =>
    [...header.matchAll(pattern)].map(([, name, number]) => [Number(number), name ?? '']);
  const calls = defined(/^#define SYS_(\w+) +(\d+) +\/\*/gm);
  expect(Object.entries(CALLS).map(([number, { name }]) => [Number(number), name])).toEqual(calls);
  expect(Object.entries(ERRORS)).toEqual(defined(/^#define (E[A-Z0-9]+) +(\d+)$/gm).map(([n, name]) => [`${n}`, name]));
});

it('shows bytes as C writes them', () => {
  expect(quoted([65, 10, 0, 34, null], true)).toBe('"A\\n\\x00\\"?"…');
});
