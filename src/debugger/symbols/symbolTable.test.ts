import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseElf } from '../../machine/loader/elf.ts';
import { readElfSymbols } from '../../machine/loader/elfSymbols.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { describeWith, haveTool } from '../../testing/tools.ts';
import { SymbolTable } from './symbolTable.ts';

const work = mkdtempSync(join(tmpdir(), 'symbols-'));
afterAll(() => rmSync(work, { recursive: true }));

function load(bytes: Uint8Array): { elf: Exclude<ReturnType<typeof parseElf>, { title: string }>; table: SymbolTable } {
  const elf = parseElf(bytes);
  if (isProblem(elf)) throw new Error(elf.detail);
  return { elf, table: new SymbolTable(elf) };
}

const SOURCES: Readonly<Record<string, string>> = {
  'main.c': `#include "lib/inline.h"
static int table[4];
int twice(int x);

int helper(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    sum += square(i) + twice(table[i & 3]);
    if (sum > 1000)
      sum /= 3;
  }
  return sum;
}

void _start(void) {
  table[1] = helper(10);
  for (;;)
    ;
}
`,
  'lib/inline.h': `static inline int square(int x) {
  int y = x;
  return y * x;
}
`,
  'lib/asm.S': `    .section .note.GNU-stack, "", @progbits
    .text
    .globl twice
    .type twice, @function
twice:
    mov %edi, %eax
.Llocal:
    add %eax, %eax
    /* a line without code */
    ret
    .size twice, . - twice
unsized:
    nop
    nop
    .set CONSTANT, 0x1234
    .globl CONSTANT
`,
};

function build(...flags: string[]): string {
  mkdirSync(join(work, 'lib'), { recursive: true });
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(work, name), text);
  const output = join(work, `program${flags.join('')}`);
  execFileSync(
    'gcc',
    ['-g', ...flags, '-ffreestanding', '-nostdlib', '-static', '-no-pie', '-o', output, 'main.c', 'lib/asm.S'],
    { cwd: work },
  );
  return output;
}

/** `[file name, line]` of each address, as binutils see it; null where they know none. */
function addr2line(file: string, addresses: readonly bigint[]): ([string, number] | null)[] {
  const input = addresses.map((address) => address.toString(16)).join('\n');
  const lines = execFileSync('addr2line', ['-e', file], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
    .trim()
    .split('\n');
  return lines.map((line) => {
    const match = /([^/]+):(\d+)/.exec(line);
    return match?.[1] === undefined || match[1] === '??' ? null : [match[1], Number(match[2])];
  });
}

function compareWithAddr2line(file: string): number {
  const { elf, table } = load(new Uint8Array(readFileSync(file)));
  const addresses: bigint[] = [];
  for (const section of elf.sections) {
    if ((section.flags & 4n) === 0n) continue;
    for (let offset = 0n; offset < section.size; offset++) addresses.push(section.address + offset);
  }
  const mismatches: unknown[] = [];
  addr2line(file, addresses).forEach((expected, i) => {
    const address = addresses[i] ?? 0n;
    const found = table.line(address);
    const actual = found && [found.file.split('/').at(-1), found.line];
    if (JSON.stringify(actual) !== JSON.stringify(expected)) mismatches.push([address.toString(16), expected, actual]);
  });
  expect(mismatches).toEqual([]);
  return addresses.length;
}

/** The rows objdump decodes; of several for one address the last counts. */
function compareWithObjdump(file: string): number {
  const { table } = load(new Uint8Array(readFileSync(file)));
  const text = execFileSync('objdump', ['--dwarf=decodedline', file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const expected = new Map<bigint, string>();
  for (const match of text.matchAll(/^(\S+) +(\d+) +(0x[0-9a-f]+)/gm)) {
    expected.set(BigInt(match[3] ?? 0), `${match[1]}:${match[2]}`);
  }
  const actual = new Map<bigint, string>();
  for (const address of expected.keys()) {
    const found = table.line(address);
    actual.set(address, `${found?.file.split('/').at(-1)}:${found?.line}`);
  }
  expect(actual).toEqual(expected);
  return expected.size;
}

describeWith('gcc', 'against binutils', () => {
  it.each([
    ['-gdwarf-4', '-O0'],
    ['-gdwarf-4', '-O2'],
    ['-gdwarf-3', '-O1'],
    ['-gdwarf-2', '-O1'],
  ])('agrees with addr2line on every byte of code with %s %s', (...flags) => {
    expect(compareWithAddr2line(build(...flags))).toBeGreaterThan(50);
  });

  // addr2line 2.40 names the wrong file for number 1 of a version 5 table; objdump and gdb read it as the standard says.
  it.each([
    ['-gdwarf-5', '-O0'],
    ['-gdwarf-5', '-O2'],
    ['-gdwarf64', '-gdwarf-5'],
    ['-gdwarf-4', '-O2'],
  ])('agrees with objdump on every row with %s %s', (...flags) => {
    expect(compareWithObjdump(build(...flags))).toBeGreaterThan(15);
  });

  it.each(['-gdwarf-4', '-gdwarf-5'])('finds files and lines both ways with %s', (version) => {
    const { table } = load(new Uint8Array(readFileSync(build(version, '-O0'))));
    expect(table.files).toEqual(['lib/asm.S', 'lib/inline.h', 'main.c']);
    const twice = table.address('twice') ?? 0n;
    expect(table.line(twice)).toEqual({ file: 'lib/asm.S', line: 6 });
    expect(table.addressesOf('asm.S', 8)).toEqual([twice + 2n]);
    expect(table.addressesOf('lib/asm.S', 9)).toEqual([]);
    expect(table.linesWithCode('asm.S')).toEqual([6, 8, 10, 13, 14]);
    expect(table.addressesOf('none.c', 1)).toEqual([]);
    for (const line of table.linesWithCode('main.c')) {
      for (const address of table.addressesOf('main.c', line))
        expect(table.line(address)).toEqual({ file: 'main.c', line });
    }
  });

  it('names addresses by the nearest symbol of their section', () => {
    const { table } = load(new Uint8Array(readFileSync(build('-gdwarf-4', '-O0'))));
    const twice = table.address('twice') ?? 0n;
    expect(table.nearest(twice)).toEqual({ name: 'twice', offset: 0 });
    expect(table.nearest(twice + 3n)).toEqual({ name: 'twice', offset: 3 });
    expect(table.nearest(twice + 5n)).toEqual({ name: 'unsized', offset: 0 });
    expect(table.address('CONSTANT')).toBe(0x1234n);
    expect(table.address('.Llocal')).toBeNull();
    expect(table.nearest(0x1234n)).toBeNull();
    expect(table.nearest(0n)).toBeNull();
    expect(table.nearest(2n ** 64n - 1n)).toBeNull();
    expect(table.nearest(table.address('table') ?? 0n)).toEqual({ name: 'table', offset: 0 });
  });

  it('does without debug information', () => {
    const file = build('-gdwarf-4', '-O0');
    execFileSync('strip', ['-g', '-o', `${file}.stripped`, file]);
    const { table } = load(new Uint8Array(readFileSync(`${file}.stripped`)));
    expect(table.files).toEqual([]);
    expect(table.line(table.address('twice') ?? 0n)).toBeNull();
    execFileSync('strip', ['-o', `${file}.bare`, file]);
    expect(load(new Uint8Array(readFileSync(`${file}.bare`))).table.address('twice')).toBeNull();
  });
});

const KERNEL = 'public/kernel/emergence.elf';
describe.skipIf(!existsSync(KERNEL))('the built kernel', () => {
  const bytes = existsSync(KERNEL) ? new Uint8Array(readFileSync(KERNEL)) : new Uint8Array();

  it.skipIf(!haveTool('gcc'))('agrees with binutils on every byte of code', () => {
    expect(compareWithAddr2line(KERNEL)).toBeGreaterThan(10_000);
  });

  it('knows its entry points and files', () => {
    const { table } = load(bytes);
    const entry = table.address('syscall_entry') ?? 0n;
    expect(table.nearest(entry + 1n)).toEqual({ name: 'syscall_entry', offset: 1 });
    expect(table.line(entry)?.file).toBe('arch/x86_64/syscall_entry.S');
  });

  it('survives any damage to its debug information', () => {
    const { elf } = load(bytes);
    const mutable = bytes.slice();
    const targets = ['.debug_line', '.symtab', '.strtab'].map((name) => {
      const section = elf.sections.find((candidate) => candidate.name === name);
      return { at: (section?.bytes.byteOffset ?? 0) - bytes.byteOffset, length: section?.bytes.length ?? 0 };
    });
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 150; round++) {
      const undo: [number, number][] = [];
      for (let i = 0; i < 12; i++) {
        const target = targets[random(targets.length)];
        // Half of the damage goes into the first unit's header.
        const at = (target?.at ?? 0) + random(i % 2 === 0 ? 64 : (target?.length ?? 1));
        undo.push([at, mutable[at] ?? 0]);
        mutable[at] = random(256);
      }
      const { table } = load(mutable);
      table.line(0xffffffff80101000n);
      table.nearest(0xffffffff80101000n);
      for (const [at, value] of undo.reverse()) mutable[at] = value;
    }
    expect(readElfSymbols(load(mutable).elf)).toEqual(readElfSymbols(elf));
  });
});
