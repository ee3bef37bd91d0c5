import { describe, expect, test } from 'vitest';
import { loadedSegments } from '../../assembler/oracle/compare.ts';
import { SymbolTable } from '../symbols/symbolTable.ts';
import { parseElf } from '../../machine/loader/elf.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { builtFile, recordedMachine } from '../../testing/emergence.ts';
import { kernelText, presentParts } from '../../testing/kernelParts.ts';
import { type AssembledCache, buildKernel } from './kernel.ts';
import type { KernelAnswer } from './views.ts';

const ENTRY = 'arch/x86_64/syscall_entry.S';

function kernelOf(answer: KernelAnswer): Uint8Array {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.build.kernel;
}

function symbolsOf(file: Uint8Array): SymbolTable {
  const elf = parseElf(file);
  if (isProblem(elf)) throw new Error(elf.detail);
  return new SymbolTable(elf);
}

function run(kernel: Uint8Array): { readonly log: string; readonly reason: string } {
  const modules = [{ name: 'userprog', bytes: builtFile('userprog') }];
  const { machine, log } = recordedMachine({ kernel, commandLine: '', modules, memoryBytes: 16 << 20, cpu: 'intel' });
  const reason = machine.run(2_000_000);
  return { log: log(), reason };
}

describe('the kernel from its unchanged sources', () => {
  const answer = buildKernel(presentParts());

  test('is loaded as the one that gcc and GNU ld made', () => {
    expect(loadedSegments(kernelOf(answer))).toEqual(loadedSegments(builtFile('emergence')));
  });

  test('has the same names and the same source lines', () => {
    const [ours, theirs] = [symbolsOf(kernelOf(answer)), symbolsOf(builtFile('emergence'))];
    expect(ours.files).toEqual(theirs.files);
    for (const file of theirs.files) {
      expect([file, ours.linesWithCode(file)]).toEqual([file, theirs.linesWithCode(file)]);
      for (const line of theirs.linesWithCode(file)) {
        expect([file, line, ours.addressesOf(file, line)]).toEqual([file, line, theirs.addressesOf(file, line)]);
      }
    }
    for (const name of ['_start', 'syscall_entry', 'syscall_dispatch', 'gdt_init', 'symbol_table']) {
      expect([name, ours.address(name)]).toEqual([name, theirs.address(name)]);
    }
  });

  test('tells which bytes each line became', () => {
    if (!answer.ok) throw new Error('not built');
    const line =
      kernelText(ENTRY)
        .split('\n')
        .findIndex((text) => text.includes('swapgs')) + 1;
    const built = answer.build.lines[ENTRY]?.find((entry) => entry.line === line);
    expect(built?.address).toBe(symbolsOf(builtFile('emergence')).address('syscall_entry'));
    expect([...(built?.bytes ?? [])]).toEqual([0x0f, 0x01, 0xf8]);
  });
});

describe('a changed kernel', () => {
  const cache: AssembledCache = new Map();
  const changed = (from: string | RegExp, to: string): KernelAnswer => {
    const text = kernelText(ENTRY).replace(from, to);
    expect(text).not.toBe(kernelText(ENTRY));
    return buildKernel(presentParts({ [ENTRY]: text }), cache);
  };

  test('runs as it was changed', () => {
    expect(run(kernelOf(changed(/^syscall_entry:/m, 'syscall_entry:\n    nop'))).log).toContain('RING3 OK');
    // Before the stacks are switched, where no handler can run.
    const { log } = run(kernelOf(changed(/^syscall_entry:/m, 'syscall_entry:\n    ud2')));
    expect(log).not.toContain('RING3 OK');
    expect(log).toContain('#DF double fault');
  });

  test('is refused with places', () => {
    const refused = (answer: KernelAnswer) => (answer.ok ? [] : answer.problems);
    const line =
      kernelText(ENTRY)
        .split('\n')
        .findIndex((text) => /^syscall_entry:/.test(text)) + 2;
    expect(refused(changed(/^syscall_entry:/m, 'syscall_entry:\n    swagps'))).toEqual([
      expect.objectContaining({ file: ENTRY, line, message: expect.stringContaining('swagps') }),
    ]);
    expect(refused(changed(/^syscall_entry:/m, 'syscall_entry:\n    call syscall_dispach'))).toEqual([
      expect.objectContaining({ file: ENTRY, line, message: expect.stringContaining('syscall_dispach') }),
    ]);
    expect(refused(changed(/^(\s*\.globl syscall_entry)/m, '# $1'))[0]?.message).toContain('syscall_entry');
  });

  test('may lose all of its code, or grow out of its place, with nothing but a problem', () => {
    const answer = buildKernel(presentParts({ [ENTRY]: '' }), cache);
    expect(answer.ok).toBe(false);
    const long = buildKernel(presentParts({ [ENTRY]: `${kernelText(ENTRY)}\n.text\n.skip 0x300000\n` }), cache);
    expect(long.ok ? '' : long.problems[0]?.message).toContain('vm_init maps the kernel with one page table');
  });
});
