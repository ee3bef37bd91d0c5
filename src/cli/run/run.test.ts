import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { makeElf, multiboot1 } from '../../machine/loader/testElf.ts';
import { builtFile } from '../../testing/emergence.ts';
import { CODE, TINY_ENTRY, tinyGuest } from '../../testing/tinyGuest.ts';
import { runCli, scratchFolder, startCli } from '../testing/runCli.ts';

vi.setConfig({ testTimeout: 60_000 });

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const guest = (name: string, code: readonly number[]): string => scratch.file(name, tinyGuest(code));

const COM1 = 0x3f8;

describe('Emergence, when nothing is said', () => {
  test('runs to the text that was asked for', async () => {
    const { status, stdout, summary } = await runCli(['run', '--until', 'exited with code: 0']);
    const text = stdout.toString();
    expect(status).toBe(0);
    expect(text).toMatch(/^Emergence kernel, corrected layout, 128 MiB\n/);
    expect(text).toContain('\nRING3 OK\n');
    expect(text.endsWith('[USER] Process exited with code: 0')).toBe(true);
    expect(summary()).toMatchObject({ reason: 'until', exitCode: null, cpl: 0 });
    expect(Object.keys(summary())).toEqual(['instructions', 'reason', 'exitCode', 'cpl', 'rip', 'hash', 'mips']);
  });

  test('runs to its end, the same each time', async () => {
    const [one, other] = await Promise.all([runCli(['run']), runCli(['run'])]);
    expect(one.status).toBe(0);
    expect(one.stdout.toString()).toContain('RING3 OK\n[USER] Process exited with code: 0\n');
    expect(one.summary()).toMatchObject({ reason: 'exit', exitCode: 0, cpl: 0 });
    expect(one.summary().rip).toMatch(/^0x[0-9a-f]+$/);
    expect(one.summary().hash).toMatch(/^[0-9a-f]{16}$/);
    expect(one.summary().mips).toBeGreaterThan(0);
    expect({ ...other.summary(), mips: 0 }).toEqual({ ...one.summary(), mips: 0 });
  });

  test('--trace-privilege tells each change of CPL, with names', async () => {
    const { errors, stdout } = await runCli(['run', '--trace-privilege']);
    expect(stdout.toString()).toMatch(/^Emergence kernel/);
    const place = '[0-9a-f]{4}:[0-9a-f]{16}';
    const line = (rest: string): RegExp => new RegExp(`^ *[0-9]+  ${rest}$`);
    expect(errors).toHaveLength(5);
    expect(errors[0]).toMatch(
      line(`sysretq +CPL 0 -> 3  ${place} <return_to_user.*> -> 0023:0000000000400000 <_start>`),
    );
    expect(errors[1]).toMatch(line(`syscall +CPL 3 -> 0  0023:.* <_start\\+.*> -> 0008:f.* <syscall_entry>`));
    expect(errors[2]).toMatch(line('sysretq +CPL 0 -> 3  .*'));
    expect(errors[3]).toMatch(line('syscall +CPL 3 -> 0  .*'));
  });

  test('--json makes every line of standard error an object', async () => {
    const { errors } = await runCli(['run', '--trace-privilege', '--json']);
    const [first, second] = errors.map((line) => JSON.parse(line));
    expect(errors).toHaveLength(5);
    expect(first).toMatchObject({ cause: 'sysretq', from: { cpl: 0, cs: '0x8' }, to: { cpl: 3, symbol: '_start' } });
    expect(second.at).toBeGreaterThan(first.at);
  });

  test('programs are there to be picked, and a module given replaces them', async () => {
    const hello = await runCli(['run', '--append', 'init=hello']);
    expect(hello.stdout.toString()).toContain('Hello from C in ring 3: pid 1, 1 arguments\n');
    const file = scratch.file('a=b.elf', builtFile('hello'));
    const given = await runCli(['run', '--module', `${file}=big world`, '--memory', '32', '--cpu', 'amd']);
    expect(given.stdout.toString()).toContain('32 MiB\n');
    expect(given.stdout.toString()).toContain('  argument 1: big\n  argument 2: world\n');
  });

  test('standard input is typed on the serial line', async () => {
    const { status, stdout } = await runCli(['run', '--append', 'init=shell'], 'hello one\rnobody\rexit\r');
    const text = stdout.toString();
    expect(status).toBe(0);
    expect(text).toContain('$ hello one\n');
    expect(text).toContain('argument 1: one\nexit code 1\n$ nobody\nnobody: no such program (try help)\n');
  });

  test('standard input from a file gives the same run each time', () => {
    const typed = scratch.file('typed', Buffer.from('ps\rmem\rexit\r'));
    const [one, other] = [0, 1].map(() =>
      spawnSync('sh', ['-c', `node .ci/runScript.js src/cli/main.ts run --append init=shell < ${typed}`], {
        encoding: 'utf8',
      }),
    );
    const hash = /"hash":"[0-9a-f]{16}"/;
    expect(one?.status).toBe(0);
    expect(one?.stdout).toContain('$ ps\n');
    expect(one?.stderr).toMatch(hash);
    expect(hash.exec(other?.stderr ?? '')?.[0]).toBe(hash.exec(one?.stderr ?? '')?.[0]);
  });

  test('input that comes late is taken too', async () => {
    const { child, finished } = startCli(['run', '--append', 'init=echo']);
    child.stdout?.once('data', () => {
      child.stdin?.write('late\r');
      setTimeout(() => child.stdin?.write('quit\r'), 300);
    });
    const { status, stdout } = await finished;
    expect(status).toBe(0);
    expect(stdout.toString()).toContain('you said: late\n');
  });
});

describe('how a guest ends', () => {
  test('reaching --max-instructions: status 4, after exactly as many', async () => {
    const { status, summary } = await runCli(['run', '--max-instructions', '12345']);
    expect(status).toBe(4);
    expect(summary()).toMatchObject({ reason: 'limit', instructions: 12345, exitCode: null });
    const none = await runCli(['run', '--max-instructions', '0']);
    expect(none.summary()).toMatchObject({ reason: 'limit', instructions: 0, cpl: 0 });
  });

  test('--until and --max-instructions at the same count give the same state', async () => {
    const until = (await runCli(['run', '--until', 'RING3'])).summary();
    const limit = (await runCli(['run', '--max-instructions', String(until.instructions)])).summary();
    expect({ ...limit, reason: '', mips: 0 }).toEqual({ ...until, reason: '', mips: 0 });
  });

  test('triple fault: status 3, and the chain of exceptions with their reasons', async () => {
    // lidt of an empty table, then an undefined instruction
    const lidt = [0x0f, 0x01, 0x1d, ...[9, 0, 0x10, 0].map((byte, i) => (i === 0 ? (TINY_ENTRY & 0xff) + byte : byte))];
    const kernel = guest('triple', [...lidt, ...CODE.ud2, 0, 0, 0, 0, 0, 0]);
    const { status, errors, summary } = await runCli(['run', '--kernel', kernel]);
    expect(status).toBe(3);
    expect(summary()).toMatchObject({ reason: 'triple-fault', instructions: 1, exitCode: null, rip: '0x100013' });
    const text = errors.join('\n');
    expect(text).toMatch(/Triple fault at [0-9a-f]{4}:0000000000100013, CPL 0:\n {2}#UD because /);
    expect(text.match(/^ {2}#.. ?(\(.*?\))?(?= because)/gm)).toEqual(
      ['#UD', '#GP(33h)', '#GP(6Bh)', '#DF(0h)', '#GP(43h)'].map((name) => `  ${name}`),
    );
    expect(text).toMatch(/expected: .*\n +actual: /);
    const json = await runCli(['run', '--kernel', kernel, '--json']);
    const { tripleFault } = JSON.parse(json.errors.at(-2) ?? '');
    expect(tripleFault).toMatchObject({ cpl: 0, rip: '0x100013' });
    expect(tripleFault.chain.map(({ name }: { name: string }) => name)).toEqual(['#UD', '#GP', '#GP', '#DF', '#GP']);
    expect(tripleFault.chain[1].why.manual).toContain('SDM');
  });

  test('HLT with interrupts off: halted', async () => {
    const { status, summary } = await runCli(['run', '--kernel', guest('halt', [...CODE.cli, ...CODE.hlt])]);
    expect(status).toBe(0);
    expect(summary()).toMatchObject({ reason: 'halted', instructions: 2, exitCode: null });
  });

  test('HLT with nothing left to wake it: halted, also while standard input is open', async () => {
    const kernel = guest('idle', [...CODE.maskAll, ...CODE.sti, ...CODE.hlt]);
    const { finished, child } = startCli(['run', '--kernel', kernel]);
    const { status, summary } = await finished;
    expect(child.stdin?.writable).not.toBe(true);
    expect([status, summary().reason]).toEqual([0, 'halted']);
  });

  test.for([
    ['power off', CODE.out(0x604, 0), [...[0xb8, 0, 0x20, 0, 0], 0x66, 0xba, 4, 6, 0x66, 0xef], 0, 0],
    ['0 on the debug exit port', [], CODE.out(0xf4, 0), 1, 0],
    ['an error on the debug exit port', [], CODE.out(0xf4, 3), 7, 1],
  ] as const)('%s', async ([name, before, last, exitCode, status]) => {
    const finished = await runCli(['run', '--kernel', guest(name.replaceAll(' ', '-'), [...before, ...last])]);
    expect(finished.summary()).toMatchObject({ reason: 'exit', exitCode });
    expect(finished.status).toBe(status);
  });

  test('an interrupt signal ends it politely', async () => {
    const kernel = guest('forever', [...CODE.print('running'), ...CODE.forever]);
    const { child, finished } = startCli(['run', '--kernel', kernel]);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { status, summary } = await finished;
    expect(status).toBe(130);
    expect(summary().reason).toBe('interrupted');
    expect(summary().instructions).toBeGreaterThan(20);
  });
});

describe('standard output', () => {
  test('has every byte as it was sent', async () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    const code = [...bytes.flatMap((byte) => CODE.out(COM1, byte)), ...CODE.cli, ...CODE.hlt];
    const { stdout } = await runCli(['run', '--kernel', guest('bytes', code)]);
    expect([...stdout]).toEqual(bytes);
  });

  test('ends at the byte that completes the match', async () => {
    const kernel = guest('text', [...CODE.print('one two\r\nthree\n'), ...CODE.forever]);
    const stopped = async (pattern: string): Promise<string> =>
      (await runCli(['run', '--kernel', kernel, '--until', pattern])).stdout.toString();
    expect(await stopped('t')).toBe('one t');
    expect(await stopped('two\\s+th')).toBe('one two\r\nth');
    expect(await stopped('^one')).toBe('one');
    expect(await stopped('three$')).toBe('one two\r\nthree');
  });

  test('may be closed by the reader', () => {
    // again: mov $'x', %al; mov $0x3f8, %dx; out %al, (%dx); jmp again
    const kernel = guest('endless', [...CODE.print('x'), 0xeb, -9 & 0xff]);
    const command = `node .ci/runScript.js src/cli/main.ts run --kernel ${kernel} | head -c 1000`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stdout).toBe('x'.repeat(1000));
    expect(stderr).toMatch(/^\{.*"reason":"interrupted".*\}\n$/);
  });
});

describe('what cannot be started gets one clear line and status 2', () => {
  const kernel = (): Uint8Array => builtFile('emergence');
  const segment = (physical: number): Uint8Array =>
    makeElf({ segments: [{ virtual: physical, physical, bytes: Uint8Array.from(multiboot1(0)) }], entry: physical });

  /** An ELF64 file whose last segment has another physical address. */
  const withSegmentAt = (file: Uint8Array, physical: number): Uint8Array => {
    const view = new DataView(file.buffer);
    const last = Number(view.getBigUint64(0x20, true)) + 56 * (lastLoad(view) ?? 0);
    view.setBigUint64(last + 24, BigInt(physical), true);
    return file;
  };
  const lastLoad = (view: DataView): number | undefined =>
    Array.from({ length: view.getUint16(0x38, true) }, (_, i) => i).findLast(
      (i) => view.getUint32(Number(view.getBigUint64(0x20, true)) + 56 * i, true) === 1,
    );

  test.for([
    ['text', () => Buffer.from('not a kernel at all'), /multiboot header/],
    ['empty', () => new Uint8Array(), /empty/],
    ['truncated', () => kernel().subarray(0, 5000), /cut off/],
    ['nearly whole', () => kernel().subarray(0, kernel().length - 100), /cut off/],
    ['only a header', () => kernel().subarray(0, 64), /multiboot|cut off/],
    ['a user program', () => builtFile('userprog'), /User programs are given as modules/],
    ['half', () => kernel().subarray(0, kernel().length / 2), /cut off/],
    ['moved out of memory in part', () => withSegmentAt(kernel(), 0xfff0_0000), /memory up to/],
    ['outside memory', () => segment(0x7000_0000), /memory/i],
  ] as const)('a kernel that is %s', async ([name, bytes, reason]) => {
    const path = scratch.file(name.replaceAll(' ', '-'), bytes());
    const { status, errors, stdout } = await runCli(['run', '--kernel', path]);
    expect(status).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^machine: /);
    expect(errors[0]).toMatch(reason);
    expect(stdout).toHaveLength(0);
  });

  test.for([
    [['run', '--kernel', '/no/such/file'], /\/no\/such\/file: there is no such file/],
    [['run', '--kernel', 'src'], /src: it is a folder/],
    [['run', '--module', '/no/such/file=x y'], /\/no\/such\/file: there is no such file/],
    [['run', '--unknown'], /unknown option --unknown/],
    [['run', '--memory', '1'], /--memory must be a whole number from 2 to 3072, not 1/],
    [['run', 'kernel.elf'], /unexpected argument kernel.elf \(a kernel is given as --kernel FILE\)/],
    [['fly'], /unknown command fly/],
  ] as const)('%j', async ([args, reason]) => {
    const { status, errors, stdout } = await runCli(args);
    expect(status).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(reason);
    expect(stdout).toHaveLength(0);
  });

  test('no command: the list of commands, status 2; asked for, it is status 0', async () => {
    const none = await runCli([]);
    expect([none.status, none.errors[0]]).toEqual([2, 'usage: npm run -s machine -- COMMAND [OPTION]...']);
    const help = await runCli(['--help']);
    expect([help.status, help.stdout.toString()]).toEqual([0, `${none.errors.join('\n')}\n`]);
    const run = await runCli(['run', '--help']);
    expect(run.status).toBe(0);
    expect(run.stdout.toString()).toContain('--trace-privilege');
  });
});
