import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { assemble, isRejected, type LinkInput, link } from './index.ts';
import { USER_LAYOUT } from './linker/userLayout.ts';
import { inFolder, runTool } from './oracle/binutils.ts';
import { loadedSegments } from './oracle/compare.ts';
import { Random } from './oracle/random.ts';

function object(name: string, source: string): LinkInput {
  const result = assemble(source, { fileName: `${name}.S` });
  if (isRejected(result)) throw new Error(JSON.stringify(result.problems));
  return { name: `${name}.o`, object: result.object, listing: result.listing };
}

function objects(sources: readonly string[]): LinkInput[] {
  return sources.map((source, n) => object(`file${n}`, source));
}

const problemsOf = (sources: readonly string[], script?: string) => {
  const result = link(objects(sources), script === undefined ? {} : { script });
  return 'problems' in result ? result.problems : [];
};

const START = '.globl _start\n_start: ';

describe('problems of a link', () => {
  it('an undefined symbol, at the line that names it', () => {
    expect(problemsOf([`${START}nop\ncall sys_wirte\n`, '.globl sys_write\nsys_write: ret'])).toEqual([
      {
        file: 'file0.S',
        line: 3,
        column: 1,
        length: 1,
        message: 'sys_wirte is defined nowhere',
        hint: 'Did you mean sys_write?',
      },
    ]);
  });

  it('a name defined twice', () => {
    expect(problemsOf([`${START}nop`, `${START}nop`])).toMatchObject([
      { file: 'file1.S', line: 2, message: '_start is defined in file0.o already' },
    ]);
  });

  it('no _start', () => {
    expect(problemsOf(['nop'])).toMatchObject([{ message: '_start, where the program starts, is defined nowhere' }]);
  });

  it('an address that does not fit', () => {
    expect(problemsOf([`${START}nop\nmovl $far, %eax`, '.globl far\n.set far, 0x123456789'])).toMatchObject([
      { line: 3, message: expect.stringContaining('does not fit') as string },
    ]);
  });

  it('a failed ASSERT, a script that is none', () => {
    expect(problemsOf([`${START}nop`], `${USER_LAYOUT}\nASSERT(SIZEOF(.text) == 2, "text has changed")`)).toMatchObject(
      [{ message: 'text has changed' }],
    );
    expect(problemsOf([`${START}nop`], 'SECTIONS {\n  .text : { *(.text ) }\n  }}')).toMatchObject([{ line: 3 }]);
  });

  it('a file that is no object', () => {
    const result = link([{ name: 'x.o', object: new Uint8Array([1, 2, 3]) }]);
    expect(result).toMatchObject({ problems: [{ file: 'x.o', message: 'x.o is not an ELF file' }] });
  });
});

it('tells where everything has gone', () => {
  const result = link(
    objects([`${START}call next\n`, '.globl next\nnext: ret\n.data\n.globl word\nword: .quad next\n']),
  );
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  expect(result.entry).toBe(0x400000n);
  expect(result.symbols.get('next')).toBe(0x400005n);
  expect(result.sections).toContainEqual({ file: 'file1.o', section: '.text', address: 0x400005n, size: 1 });
  expect(result.sections).toContainEqual({ file: 'file1.o', section: '.data', address: 0x401000n, size: 8 });
});

it('objects changed at random give a program or problems, never an exception', () => {
  const [original] = objects([
    `${START}call next\nmov $text, %eax\n.section .rodata.str1.1, "aMS", @progbits, 1\ntext: .asciz "a"\n.asciz "ba"`,
  ]);
  for (let seed = 0; seed < 3000; seed++) {
    const random = new Random(seed);
    const bytes = (original?.object ?? new Uint8Array()).slice();
    for (let n = 1 + random.below(6); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
    const cut = random.chance(20) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
    const result = link([{ name: 'x.o', object: cut }]);
    if ('problems' in result) expect(result.problems.length).toBeGreaterThan(0);
  }
});

const CASES: Readonly<Record<string, readonly string[]>> = {
  'strings merged, with tails and alignment': [
    `${START}mov $a, %eax
    mov $b+1, %ebx
    lea a(%rip), %rax
    .section .rodata.str1.1, "aMS", @progbits, 1
a:  .asciz "one and two"
b:  .asciz "two"
    .asciz ""
    .section .rodata.str1.8, "aMS", @progbits, 1
    .balign 8
    .asciz "eight"
    .balign 8
    .asciz "an eight"
    .section .rodata.cst8, "aM", @progbits, 8
    .quad 1, 2, 1`,
    `.globl other
other: lea c(%rip), %rax
    lea d(%rip), %rax
    movq e(%rip), %rax
    .section .rodata.str1.1, "aMS", @progbits, 1
c:  .asciz "two"
d:  .asciz "a longer one and two"
    .asciz "last"
    .section .rodata.str1.8, "aMS", @progbits, 1
    .balign 8
    .asciz "eight"
    .section .rodata.cst8, "aM", @progbits, 8
e:  .quad 2, 3`,
  ],
  'code of odd sizes, with gaps filled': [
    `${START}nop\n.section .text.hot, "ax"\n.balign 16\nret`,
    '.text\n.balign 32\nret\n.section .text.cold, "ax"\nnop',
    '.text\n.balign 64\nret',
  ],
  'weak and strong definitions, weak references': [
    `${START}call f\ncall g\nmov $absent, %eax\n.weak absent\n.weak f\nf: nop\n.weak g\ng: nop`,
    '.globl f\nf: ret',
  ],
  'common storage and .bss': [
    `${START}mov $a, %eax\nmov $b, %eax\n.comm a, 24, 16\n.bss\n.globl c\nc: .skip 3`,
    'mov $a, %ecx\nmov $c, %edx\n.data\n.globl b\nb: .quad a, c',
  ],
  'GOT accesses made direct': [
    `${START}movq v@GOTPCREL(%rip), %rax
    movq v@GOTPCREL(%rip), %r9
    movl v@GOTPCREL(%rip), %eax
    call *f@GOTPCREL(%rip)
    jmp *f@GOTPCREL(%rip)
    addq v@GOTPCREL(%rip), %rdx
    cmpq v@GOTPCREL(%rip), %r10
    testq %r11, v@GOTPCREL(%rip)`,
    '.globl f, v\nf: ret\n.data\nv: .quad 1',
  ],
  'all plain relocations': [
    `${START}jmp f\njne f\ncall f@PLT\nmovabs $f, %rax\nmov $f, %eax\nmov $f, %rax\nmov f(%rip), %eax\nmov f+8, %eax
    .data
    .quad f, f - ., f + 4
    .long f, f - .
    .globl small
    .short small
    .byte small`,
    '.globl f, small\nf: ret\n.set small, 5',
  ],
  'a segment with nothing in the file': [`${START}ret\n.section .rodata\n.skip 5000, 1\n.bss\n.balign 64\n.skip 100`],
  'thread-local storage': [
    `${START}mov %fs:own@tpoff, %eax\nmov $own@tpoff, %rax`,
    '.section .tdata, "awT", @progbits\n.globl own\n.quad 1\nown: .quad 2',
  ],
};

/** Thread-local sections belong to a segment of their own. */
const TLS_LAYOUT = USER_LAYOUT.replace('.data :', '.tdata : { *(.tdata) } :data :tls\n  .data :').replace(
  'data   PT_LOAD',
  'tls    PT_TLS FLAGS(4);\n  data   PT_LOAD',
);

describeWith('gcc', 'beside GNU ld', () => {
  it.each(Object.entries(CASES))('%s', (name, sources) => {
    const script = name.startsWith('thread') ? TLS_LAYOUT : USER_LAYOUT;
    const inputs = objects(sources);
    const theirs = inFolder((folder) => {
      const files = inputs.map((input) => join(folder, input.name));
      inputs.forEach((input, n) => {
        writeFileSync(files[n] ?? '', input.object);
      });
      writeFileSync(join(folder, 'script.ld'), script);
      const target = join(folder, 'program');
      const flags = ['-nostdlib', '-static', '-z', 'max-page-size=4096', '-z', 'noexecstack', '--build-id=none'];
      runTool('ld', [...flags, '-T', join(folder, 'script.ld'), '-o', target, ...files]);
      return new Uint8Array(readFileSync(target));
    });
    const ours = link(inputs, { script });
    if ('problems' in ours) throw new Error(JSON.stringify(ours.problems));
    expect(loadedSegments(ours.program)).toEqual(loadedSegments(theirs));
  });
});
