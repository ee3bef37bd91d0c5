import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Session } from '../session.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { buildProgram } from './program.ts';
import type { Build } from './views.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const headers = Object.fromEntries(
  readdirSync(new URL('src/kernel/arch/x86_64/include/', root)).map((name) => [
    name,
    read(`src/kernel/arch/x86_64/include/${name}`),
  ]),
);
const EXAMPLES = 'src/app/panels/editor/examples/';

function built(text: string, others: Record<string, string> = {}): Build {
  const answer = buildProgram({ file: 'user/test.S', text, others }, headers);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.build;
}

/** What a program prints after the kernel has started it; `input` is typed when it waits. */
function output(executable: Uint8Array, input = ''): string {
  const machine = Machine.create({
    kernel: new Uint8Array(readFileSync(new URL('public/kernel/emergence.elf', root))),
    commandLine: '',
    modules: [{ name: 'test', bytes: executable }],
    memoryBytes: 32 << 20,
    cpu: 'intel',
  });
  if (isProblem(machine)) throw new Error(machine.detail);
  let printed = '';
  machine.onSerial = (byte) => {
    printed += String.fromCharCode(byte);
  };
  const session = new Session(machine);
  const run = () => {
    session.begin('ever');
    for (let n = 0; n < 20 && !session.advance(1_000_000); n++);
  };
  run();
  if (input !== '') {
    session.type(new TextEncoder().encode(input));
    run();
  }
  return printed.slice(printed.indexOf('[user] pid 1'));
}

const EXPECTED: Readonly<Record<string, readonly [exitCode: number, ...texts: string[]]>> = {
  'hello.S': [0, 'Hello from ring 3\n'],
  'echo.S': [0, 'say something> ', 'abc\n'],
  'count.S': [0, 'T minus 5\nT minus 4\nT minus 3\nT minus 2\nT minus 1\n'],
  'bad-pointer.S': [0, 'write answered -EFAULT'],
  'privileged.S': [141, 'about to switch interrupts off', '#GP general protection, error code 0'],
  'rcx-is-lost.S': [0, 'RCX holds the return address, RBX what it held'],
  'non-canonical.S': [141, 'return address 0000800000000000 is not canonical'],
  'intel.S': [0, "Hello in Intel's syntax\n"],
  'int-80.S': [0, 'by INT 80h\nby SYSCALL\n'],
  'fork.S': [0, 'child: RAX was 0\nparent: the child has ended\n'],
  'page-fault.S': [142, 'the stack grew by a page fault\n', '#PF page fault, error code 7'],
  'empty.S': [0],
};

describe('every example assembles, and does on the kernel what it says', () => {
  test('all are listed here', () => {
    expect(readdirSync(new URL(EXAMPLES, root)).filter((name) => name.endsWith('.S'))).toEqual(
      Object.keys(EXPECTED).sort(),
    );
  });
  test.each(Object.entries(EXPECTED))('%s', (name, [exitCode, ...texts]) => {
    const printed = output(built(read(EXAMPLES + name)).executable, name === 'echo.S' ? 'abc\n\n' : '');
    for (const text of texts) expect(printed).toContain(text);
    expect(printed).toContain(`Process exited with code: ${exitCode}`);
  });
});

describe('userprog.S', () => {
  const text = read('src/kernel/user/userprog.S');
  test('each line has its address and its bytes as linked', () => {
    const { lines, size } = built(text);
    const shown = lines.map(
      ({ line, address, bytes }) => `${line} ${address.toString(16)} ${Buffer.from(bytes).toString('hex')}`,
    );
    expect(shown).toEqual([
      '9 400000 48c7c001000000',
      '10 400007 48c7c701000000',
      '11 40000e 488d35eb0f0000',
      '12 400015 48c7c209000000',
      '13 40001c 0f05',
      '15 40001e 48c7c002000000',
      '16 400025 31ff',
      '17 400027 0f05',
      '18 400029 ebfe',
      '22 401000 52494e4733204f4b0a',
    ]);
    expect(size).toBe(52);
  });
  test('what is wrong is said with its place and what to write', () => {
    const answer = buildProgram({ file: 'user/test.S', text: text.replace('movq $1', 'movk $1'), others: {} }, headers);
    expect(answer).toEqual({
      ok: false,
      problems: [
        {
          file: 'user/test.S',
          line: 10,
          column: 5,
          length: 4,
          message: 'there is no instruction movk',
          hint: 'Did you mean mov?',
        },
      ],
    });
  });
});

test('a program without a beginning is told how to have one', () => {
  const answer = buildProgram({ file: 'user/a.S', text: '    nop\n_start:\n    nop\n', others: {} }, headers);
  expect(answer.ok ? [] : answer.problems).toMatchObject([
    { file: 'user/a.S', hint: expect.stringContaining('.globl _start') },
  ]);
});

test('the person’s other files can be included', () => {
  const { lines } = built('.globl _start\n_start:\n.include "part.S"\n', { 'user/part.S': 'nop\nsyscall\n' });
  expect(lines).toEqual([]);
  expect(built('.globl _start\n_start:\n#include "part.S"\n hlt\n', { 'user/part.S': 'nop\n' }).lines).toEqual([
    { line: 4, address: 0x400001n, bytes: Uint8Array.of(0xf4) },
  ]);
});
