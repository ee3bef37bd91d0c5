import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'as-ld-'));
  mkdirSync(join(folder, 'include'));
  writeFileSync(join(folder, 'include/numbers.h'), '#define EXIT 2\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function machine(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'machine', '--', ...args], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const PROGRAM = `#include "numbers.h"
    .globl _start
_start:
    movq $EXIT, %rax
    movl $CODE, %edi
    syscall
    call helper
`;

it('assembles, links, and the machine runs the program', { timeout: 120_000 }, () => {
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('main.S'), PROGRAM);
  writeFileSync(file('helper.S'), '    .globl helper\nhelper:\n    ret\n');
  const include = ['-I', file('include')];
  expect(machine('as', file('main.S'), '-o', file('main.o'), ...include, '-D', 'CODE=41')).toEqual({
    status: 0,
    output: '',
  });
  expect(machine('as', file('helper.S'), '-o', file('helper.o'))).toEqual({ status: 0, output: '' });
  expect(machine('ld', file('main.o'), file('helper.o'), '-o', file('program'))).toEqual({ status: 0, output: '' });
  expect(readFileSync(file('program')).readUInt16LE(16)).toBe(2);
  const ran = machine('run', '--module', file('program'), '--until', 'exited with code: 41');
  expect(ran.output).toContain('exited with code: 41');
});

it('says what is wrong, where, and what to write', { timeout: 60_000 }, () => {
  const source = join(folder, 'wrong.S');
  writeFileSync(source, 'nop\n    movv %rax, %rbx\n');
  const { status, output } = machine('as', source, '-o', join(folder, 'wrong.o'));
  expect(status).toBe(1);
  expect(output).toBe(
    `${source}:2:5: there is no instruction movv\n      movv %rax, %rbx\n      ^^^^\n  Did you mean mov?\n`,
  );
});

it('an undefined symbol is a problem of the link', { timeout: 60_000 }, () => {
  const source = join(folder, 'calls.S');
  writeFileSync(source, '.globl _start\n_start: call nowhere\n');
  expect(machine('as', source, '-o', join(folder, 'calls.o')).status).toBe(0);
  const { status, output } = machine('ld', join(folder, 'calls.o'), '-o', join(folder, 'calls'));
  expect(status).toBe(1);
  expect(output).toContain('nowhere is defined nowhere (.text+0x1)');
});

it.each([[['as']], [['as', 'x.S']], [['as', 'x.S', '-x', 'y', '-o', 'z']], [['ld', '-o', 'program']]])(
  '%j is not understood',
  { timeout: 60_000 },
  (args) => {
    expect(machine(...args).status).toBe(2);
  },
);
