import { expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { bootQemu, programText, TIME_LIMIT_MS } from './testing/qemu.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

const EXITED = '[USER] Process exited with code: 0\n';

describeWith('qemu-system-x86_64', 'the kernel under QEMU', () => {
  test('the documented program runs in ring 3 and the machine switches off', async () => {
    const { log } = await bootQemu({ programs: ['userprog'] });
    expect(log).toBe(
      'Emergence kernel, corrected layout, 128 MiB\n' +
        '[syscall] EFER.SCE=1 STAR=0013_0008_0000_0000 LSTAR=ffffffff80100340 FMASK=44700\n' +
        '[user] pid 1 userprog: entry 400000, stack 7ffffffff000\n' +
        'RING3 OK\n' +
        EXITED,
    );
  });

  test('without a module it says so and switches off', async () => {
    const { log } = await bootQemu({});
    expect(log).toContain('[panic] no user program: pass an ELF64 executable as a multiboot module\n');
  });

  test('init=NAME picks a module, and a wrong name is said', async () => {
    const programs = ['userprog', 'hello big world'];
    expect(programText((await bootQemu({ programs, append: 'init=hello' })).log)).toBe(
      'Hello from C in ring 3: pid 1, 3 arguments\n  argument 1: big\n  argument 2: world\n' +
        '[USER] Process exited with code: 2\n',
    );
    expect((await bootQemu({ programs, append: 'init=nobody' })).log).toContain('init=nobody: no module has that name');
  });

  test.for([
    ['the least memory', { memory: 16 }],
    ['memory on both sides of the hole below 4 GiB', { memory: 5000 }],
    ['a CPU without NX', { cpu: 'qemu64,-nx' }],
    ['a CPU with SMEP and SMAP', { cpu: 'max' }],
  ] as const)('runs with %s', async ([, machine]) => {
    const { log } = await bootQemu({ programs: ['forktree'], ...machine });
    expect(programText(log)).toBe(`a tree of depth 3 has 15 processes\nframes in use: 0 more than before\n${EXITED}`);
  });

  test.for(['timer=8254', 'timer=apic'])('%s takes turns between processes that never yield', async (append) => {
    const rounds = [1, 2, 3].map((round) => `counter A: round ${round}\ncounter B: round ${round}\n`);
    const { log } = await bootQemu({ programs: ['counters'], append });
    expect(programText(log)).toBe(`${rounds.join('')}both counters ended\n${EXITED}`);
  });

  test('reads lines, with echo and backspace, up to the end of input', async () => {
    const { log } = await bootQemu({ programs: ['echo'], input: 'one\rtwp\x7fo\n\x04' });
    expect(programText(log)).toBe(
      `Type lines; quit or Ctrl-D ends.\none\nyou said: one\ntwp\b \bo\nyou said: two\nend of input\n${EXITED}`,
    );
  });

  test('10,000 random system calls leave kernel, bystander and memory whole', async () => {
    const { log } = await bootQemu({ programs: ['fuzz', 'hello'] });
    expect(programText(log)).toBe(
      'bystander: exit code 0\n10000 random system calls: exit code 0\n' +
        `frames in use: 0 more than before\n${EXITED}`,
    );
  });

  test('every door leads to the same system call', async () => {
    const { log } = await bootQemu({ programs: ['doors'] });
    expect(programText(log).replace(/\d+$/gm, 'N')).toBe(
      'door                      result  TSC per call\n' +
        'SYSCALL, back by SYSRETQ  1  N\n' +
        'SYSCALL, back by IRETQ  1  N\n' +
        'INT 80h, back by IRETQ  1  N\n' +
        'call gate, back by IRETQ  1  N\n' +
        '[USER] Process exited with code: N\n',
    );
  });

  test('the shell runs programs, in the background too, and tells exit codes', async () => {
    const programs = ['userprog', 'shell', 'hello', 'counters', 'zoo'];
    const input = 'hello one\nnobody\ncounters &\nps\nzoo undefined\nwait\nexit\n';
    const { log } = await bootQemu({ programs, append: 'init=shell', input });
    const text = programText(log);
    expect(text).toContain(
      'argument 1: one\nexit code 1\n$ nobody\nnobody: no such program (try help)\nexit code 127\n',
    );
    expect(text).toMatch(/\[4\] started\n\$ ps\n {2}PID PARENT STATE {5}TICKS NAME\n {4}1 {6}0 running/);
    expect(text).toContain('killed: #UD invalid opcode\nexit code 134\n');
    expect(text).toContain('both counters ended\n[4] exit code 0\n$ exit\n');
  });
});
