import { describe, expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { programText, TIME_LIMIT_MS } from './testing/boot.ts';
import { MACHINE } from './testing/machine.ts';
import { QEMU } from './testing/qemu.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

const EXITED = '[USER] Process exited with code: 0';

/** What errors.c prints: each system call, each error it can answer with (syscall.h has the numbers). */
const ERRORS = [
  'write from address 0: -14',
  'write from the kernel: -14',
  'write from nowhere: -14',
  'write up to the end of the address space: -14',
  'write from a non-canonical address: -14',
  'write that wraps around: -14',
  'write of nothing from nowhere: 0',
  'write across the end of a page: -14',
  'exec of a name in the kernel: -14',
  'info into the kernel: -14',
  'info into read-only data: -14',
  'write to descriptor 3: -9',
  'write to descriptor 0: -9',
  'read from descriptor 1: -9',
  'mmap of no length: -22',
  'mmap at an odd address: -22',
  'mmap over the program: -17',
  'mmap over the kernel: -22',
  'mmap of nothing readable: -22',
  'mmap of too much: -22',
  'munmap at an odd address: -22',
  'munmap of the kernel: -22',
  'brk below the heap: -22',
  'brk too far: -12',
  'waitpid without children: -10',
  'waitpid for a stranger: -10',
  'exec of an unknown program: -2',
  'exec of too long a line: -7',
  'info of no kind: -22',
  'info past the last module: -2',
  'return_by of no kind: -22',
  'system call 0: -38',
  'system call 99: -38',
  'system call -1: -38',
  'getpid: 1',
  'yield: 0',
  'sleep: 0',
  'uptime after that is at least 20: 1',
  'waitpid gives the child: 1',
  'and its code: 42',
  'Hello from C in ring 3: pid 3, 3 arguments',
  '  argument 1: one',
  '  argument 2: two',
  'exec in a child: 1',
  'and its code: 2',
  'waitpid into the kernel: -14',
];

/** What memory.c prints: pages come when they are touched, and only where they may be. */
const MEMORY = [
  'brk: 100 pages more, frames used now: 0',
  'brk: two pages touched, frames used now: 2',
  'brk: an untouched byte is 0',
  '[user] pid 3 memory: killed: #PF page fault',
  'brk: given back, a touch ends with exit code 142',
  'mmap: 700000000000, a byte is 0',
  'munmap of the middle: 0',
  'mmap: both ends are still a and c',
  '[user] pid 4 memory: killed: #PF page fault',
  'mmap: the middle ends with exit code 142',
  '[user] pid 5 memory: killed: #PF page fault',
  'mmap: calling a page without PROT_EXEC ends with exit code 142',
  'mmap: a byte of a read-only page is 0',
  '[user] pid 6 memory: killed: #PF page fault',
  'mmap: writing to a read-only page ends with exit code 142',
  'mmap: calling RET in a page with PROT_EXEC ends with exit code 0',
  'stack: 200 calls deep: 200',
  "frames more than before, the stack's and tables': 28",
];

/** The exit code of each of zoo.c's misdeeds: 128 plus the vector that stopped it, or 0 where the kernel shrugs. */
const ZOO: Readonly<Record<string, number>> = {
  'null-read': 142,
  'kernel-read': 142,
  'kernel-write': 142,
  'kernel-jump': 142,
  'text-write': 142,
  'non-canonical': 141,
  'stack-run': 142,
  'stack-overflow': 142,
  divide: 128,
  breakpoint: 131,
  undefined: 134,
  'single-step': 129,
  x87: 144,
  sse: 147,
  'sse-misaligned': 141,
  'mxcsr-reserved': 141,
  cli: 141,
  hlt: 141,
  'in-port': 141,
  'write-msr': 141,
  'write-cr3': 141,
  'load-gdt': 141,
  'swap-gs': 141,
  sysret: 141,
  'kernel-ss': 141,
  'int-no-gate': 141,
  'int-kernel-gate': 141,
  'iret-to-ring0': 141,
  'call-kernel-code': 141,
  'syscall-tf': 129,
  'syscall-flags': 0,
  'syscall-nt': 0,
  'syscall-df': 0,
  'interrupt-flags': 0,
  'syscall-kernel-rsp': 0,
  'syscall-top': 141,
  'interrupt-top': 141,
  'ldt-gate': 141,
  'gate-tf': 0,
  'memory-hog': 142,
  'process-hog': 0,
  'by-iretq': 0,
};

// QEMU 7.2 reads ring 3's IRETQ frame with ring 0's rights, so that with SMAP the read itself is #PF.
// It never raises #XM, and takes reserved bits of MXCSR.
const ZOO_ON_QEMU = { ...ZOO, 'iret-to-ring0': 142, sse: 0, 'mxcsr-reserved': 0 };

for (const { name, tools, boot } of [MACHINE, QEMU]) {
  describeWith(tools, `user programs on ${name}`, () => {
    test('the documented program runs in ring 3 and the machine switches off', async () => {
      const { log, exceptions } = await boot({ programs: ['userprog'] });
      expect(log).toBe(
        'Emergence kernel, corrected layout, 128 MiB\n' +
          '[syscall] EFER.SCE=1 STAR=0013_0008_0000_0000 LSTAR=ffffffff80100340 FMASK=44700\n' +
          '[user] pid 1 userprog: entry 400000, stack 7ffffffff000\n' +
          `RING3 OK\n${EXITED}\n`,
      );
      expect(exceptions).toEqual([]);
    });

    test('without a module the kernel says so and switches off', async () => {
      const { log } = await boot({});
      expect(log).toContain('[panic] no user program: pass an ELF64 executable as a multiboot module\n');
    });

    test('init=NAME picks a module, and a wrong name is said', async () => {
      const programs = ['userprog', 'hello big world'];
      expect(programText((await boot({ programs, append: 'init=hello' })).log)).toBe(
        'Hello from C in ring 3: pid 1, 3 arguments\n  argument 1: big\n  argument 2: world\n' +
          '[USER] Process exited with code: 2\n',
      );
      expect((await boot({ programs, append: 'init=nobody' })).log).toContain('init=nobody: no module has that name');
    });

    test('each system call and each error code', async () => {
      const { log } = await boot({ programs: ['errors', 'hello'] });
      expect(programText(log).split('\n')).toEqual([...ERRORS, EXITED, '']);
    });

    test('heap, maps and stack', async () => {
      const { log } = await boot({ programs: ['memory'] });
      expect(programText(log).split('\n')).toEqual([...MEMORY, EXITED, '']);
    });

    test('a fork tree, every frame of which comes back', async () => {
      const { log } = await boot({ programs: ['forktree'] });
      expect(programText(log)).toBe(
        `a tree of depth 3 has 15 processes\nframes in use: 0 more than before\n${EXITED}\n`,
      );
    });

    test('the timer takes turns between processes that never yield', async () => {
      const rounds = [1, 2, 3].map((round) => `counter A: round ${round}\ncounter B: round ${round}\n`);
      const { log } = await boot({ programs: ['counters'], append: 'timer=8254' });
      expect(programText(log)).toBe(`${rounds.join('')}both counters ended\n${EXITED}\n`);
    });

    test('reads lines, with echo and backspace, up to the end of input', async () => {
      const { log } = await boot({ programs: ['echo'], input: 'one\rtwp\x7fo\n\x04' });
      expect(programText(log)).toBe(
        'Type lines; quit or Ctrl-D ends.\n' +
          `one\nyou said: one\ntwp\b \bo\nyou said: two\nend of input\n${EXITED}\n`,
      );
    });

    test('10,000 random system calls leave kernel, bystander and memory whole', async () => {
      const { log } = await boot({ programs: ['fuzz', 'hello'] });
      expect(programText(log)).toBe(
        'bystander: exit code 0\n10000 random system calls: exit code 0\n' +
          `frames in use: 0 more than before\n${EXITED}\n`,
      );
    });

    test('every door leads to the same system call', async () => {
      const { log } = await boot({ programs: ['doors'] });
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
      const { log } = await boot({ programs, append: 'init=shell', input });
      const text = programText(log);
      expect(text).toContain('argument 1: one\nexit code 1\n$ nobody\nnobody: no such program (try help)\n');
      expect(text).toMatch(/\[4\] started\n\$ ps\n {2}PID PARENT STATE {5}TICKS NAME\n {4}1 {6}0 running/);
      expect(text).toContain('killed: #UD invalid opcode\nexit code 134\n');
      expect(text).toContain('both counters ended\n[4] exit code 0\n$ exit\n');
    });
  });
}

describeWith(QEMU.tools, 'the zoo on QEMU', () => {
  test('each bad thing a program can do ends that program only', async () => {
    const { log } = await QEMU.boot({ programs: ['zoo'], memory: 32 });
    const codes = [...log.matchAll(/^zoo (\S+): exit code (\d+)$/gm)].map(([, animal, code]) => [animal, Number(code)]);
    expect(Object.fromEntries(codes)).toEqual(ZOO_ON_QEMU);
    expect(log).toContain(EXITED);
    expect(log).not.toContain('[panic]');
  });
});

describe('the zoo on our machine', () => {
  for (const [animal, code] of Object.entries(ZOO)) {
    test(animal, async () => {
      const { log } = await MACHINE.boot({ programs: [`zoo ${animal}`], append: 'timer=off', memory: 32 });
      expect(log).toContain(`[USER] Process exited with code: ${code}\n`);
    });
  }
});
