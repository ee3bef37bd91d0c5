import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { Session } from './session.ts';

const built = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../public/kernel/${name}.elf`, import.meta.url)));

let session: Session;
let printed = '';

beforeEach(() => {
  const machine = Machine.create({
    kernel: built('emergence'),
    commandLine: '',
    modules: [{ name: 'userprog', bytes: built('userprog') }],
    memoryBytes: 32 << 20,
    cpu: 'intel',
  });
  if (isProblem(machine)) throw new Error(machine.detail);
  printed = '';
  machine.onSerial = (byte) => {
    printed += String.fromCharCode(byte);
  };
  session = new Session(machine);
});

function run(goal: 'ever' | 'first-syscall'): void {
  session.begin(goal);
  while (!session.advance(1_000_000));
}

test('another program takes the place of the present one in the same memory', () => {
  run('first-syscall');
  const { kernel, commandLine } = session.machine.setup;
  printed = '';
  const modules = [{ name: 'userprog', bytes: built('hello') }];
  expect(session.load({ kernel, commandLine, modules })).toBeUndefined();
  run('ever');
  expect(printed).toContain('Hello from C in ring 3');
  expect(printed).not.toContain('RING3 OK');
});

test('files that cannot be booted leave the machine as it stands', () => {
  run('first-syscall');
  const before = session.machine.hash();
  const { commandLine, modules } = session.machine.setup;
  expect(session.load({ kernel: Uint8Array.of(1, 2, 3), commandLine, modules })?.title).toBeDefined();
  expect(session.machine.hash()).toBe(before);
});

test('a run stops before the instruction at a breakpoint, and goes on from there', () => {
  session.setBreakpoints([0x400007n, 0x40001en]);
  run('ever');
  expect(session.machine.cpu.rip).toBe(0x400007n);
  expect(session.view().stop).toEqual({ text: 'Breakpoint at _start+0x7, CPL 3.', reason: 'breakpoint' });
  run('ever');
  expect(session.machine.cpu.rip).toBe(0x40001en);
  expect(printed).toContain('RING3 OK');
  session.setBreakpoints([]);
  run('ever');
  expect(session.state()).toBe('off');
});

test('stepping over a SYSCALL stops at a breakpoint inside it', () => {
  run('first-syscall');
  const entry = session.machine.cpu;
  const lstar = session.view().registers.msrs['IA32_LSTAR'] ?? 0n;
  session.setBreakpoints([lstar]);
  session.begin('over');
  while (!session.advance(100_000));
  expect(entry.rip).toBe(lstar);
});
