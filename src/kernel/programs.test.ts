import { expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { bootQemu, programText, TIME_LIMIT_MS } from './testing/qemu.ts';

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
  x87: 135,
  sse: 134,
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

describeWith('qemu-system-x86_64', 'user programs under QEMU', () => {
  test('each system call and each error code', async () => {
    const { log } = await bootQemu({ programs: ['errors', 'hello'] });
    expect(programText(log).split('\n')).toEqual([...ERRORS, EXITED, '']);
  });

  test('heap, maps and stack', async () => {
    const { log } = await bootQemu({ programs: ['memory'] });
    expect(programText(log).split('\n')).toEqual([...MEMORY, EXITED, '']);
  });

  // QEMU 7.2 reads ring 3's IRETQ frame with ring 0's rights, so that with SMAP the read itself is #PF.
  test.for([
    ['qemu64', {}],
    ['max', { 'iret-to-ring0': 142 }],
  ] as const)('each bad thing a program can do ends that program only (-cpu %s)', async ([cpu, differences]) => {
    const { log } = await bootQemu({ programs: ['zoo'], cpu });
    const codes = [...log.matchAll(/^zoo (\S+): exit code (\d+)$/gm)].map(([, name, code]) => [name, Number(code)]);
    expect(Object.fromEntries(codes)).toEqual({ ...ZOO, ...differences });
    expect(log).toContain(EXITED);
    expect(log).not.toContain('[panic]');
  });
});
