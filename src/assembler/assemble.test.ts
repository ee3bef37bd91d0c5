import { describe, expect, it } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { assemble, isRejected, type Problem } from './index.ts';
import { gas } from './oracle/binutils.ts';
import { differences } from './oracle/compare.ts';

function bytesOf(source: string, fileName = 'test.S'): string {
  const result = assemble(source, { fileName, include: (path) => HEADERS[path] ?? null, defines: { GIVEN: '7' } });
  if (isRejected(result)) throw new Error(JSON.stringify(result.problems));
  return result.listing.map((line) => Buffer.from(line.bytes).toString('hex')).join(' ');
}

const HEADERS: Readonly<Record<string, string>> = {
  'numbers.h': '#pragma once\n#define ONE 1\n#define ADD(a, b) ((a) + (b))\n',
};

function problemsOf(source: string): readonly Problem[] {
  const result = assemble(source, { fileName: 'test.S' });
  return isRejected(result) ? result.problems : [];
}

describe('the C preprocessor', () => {
  it('replaces macros, with arguments and from headers', () => {
    expect(bytesOf('#include "numbers.h"\n.byte ADD(ONE, 2), GIVEN')).toBe('0307');
  });

  it('knows which branch counts', () => {
    expect(
      bytesOf('#if defined(GIVEN) && GIVEN > 6\n.byte 1\n#else\n.byte 2\n#endif\n#ifndef GIVEN\n.byte 3\n#endif'),
    ).toBe('01');
  });

  it('takes # for a comment where it is no directive', () => {
    expect(bytesOf('# a comment with /* nothing\n# */ inside\n.byte 1 # one\n.byte 2 // two')).toBe('01 02');
  });

  it('leaves .s files alone', () => {
    expect(bytesOf('#define nop hlt\nnop', 'test.s')).toBe('90');
  });
});

describe('the listing', () => {
  it('gives what a macro made to the line that called it', () => {
    const result = assemble('.macro two\nnop\nnop\n.endm\ntwo\nhlt\n', { fileName: 'test.S' });
    if (isRejected(result)) throw new Error('rejected');
    expect(result.listing.map(({ line, section, address }) => ({ line, section, address }))).toEqual([
      { line: 5, section: '.text', address: 0 },
      { line: 5, section: '.text', address: 1 },
      { line: 6, section: '.text', address: 2 },
    ]);
  });

  it('has the final bytes of branches', () => {
    expect(
      bytesOf('1: jmp 2f\n.skip 200\n2: jmp 2b\njmp 1b')
        .split(' ')
        .filter((bytes) => bytes.length < 20),
    ).toEqual(['e9c8000000', 'ebfe', 'e92cffffff']);
  });
});

describe('problems', () => {
  it.each<[source: string, expected: Partial<Problem>]>([
    [
      'nop\n  movv %rax, %rbx',
      { line: 2, column: 3, length: 4, message: 'there is no instruction movv', hint: 'Did you mean mov?' },
    ],
    ['movl %rax, %ebx', { line: 1, column: 12, length: 4, message: '%rax is 64 bits wide and %ebx 32' }],
    ['mov %raxx, %rbx', { column: 5, length: 5, message: 'there is no register %raxx', hint: 'Did you mean %rax?' }],
    ['movb %eax, (%rbx)', { column: 6, length: 4, message: '%eax is 32 bits wide, but the suffix of movb says 8' }],
    ['.quod 1', { column: 1, length: 5, message: 'there is no directive .quod', hint: 'Did you mean .quad?' }],
    ['jmp 1f', { line: 1, column: 1, message: 'there is no label 1: after this line' }],
    ['jmp 1b', { column: 5, length: 2, message: 'there is no label 1: before this line' }],
    ['a:\na: nop', { line: 2, column: 1, length: 1, message: 'a is defined already' }],
    ['mov $1, $2', { column: 9, length: 2, message: 'a constant cannot be the destination' }],
    ['mov (%rax), (%rbx)', { message: 'mov cannot have two memory operands' }],
    ['movb %ah, %r8b', { column: 6, message: '%ah cannot be used in an instruction with a REX prefix' }],
    ['.macro m\nbogus\n.endm\nm', { line: 4, column: 1, length: 1 }],
    ['#include "none.h"', { line: 1, message: 'there is no file none.h' }],
    ['.if 1\nnop', { line: 1, message: 'this .if has no .endif' }],
    ['.ascii "open', { line: 1, column: 8, message: 'the string does not end' }],
    ['.set a, b\n.set b, a\n.long a', { line: 3, message: expect.stringContaining('depends on itself') as string }],
    ['loop 1f\n.skip 200\n1:', { line: 1, message: expect.stringContaining('reaches 127') as string }],
    ['lock mov %eax, (%rbx)', { column: 6, length: 3, message: 'lock cannot stand before this mov' }],
    ['pushl %eax', { message: expect.stringContaining('pushl') as string }],
    ['.intel_syntax noprefix\nmov [rax], 1', { line: 2, message: 'nothing tells the size of the operand of mov' }],
    ['.bss\njmp 1f\n.skip 200\n1:', { line: 2, message: expect.stringContaining('.bss holds no bytes') as string }],
    ['.bss\njmp elsewhere', { line: 2, message: expect.stringContaining('.bss holds no bytes') as string }],
    [
      '.data\n.org table + 100\ntable:\n.byte 1',
      { line: 2, message: expect.stringContaining('never come to rest') as string },
    ],
    ['.skip 0x2000000', { message: expect.stringContaining('16 MiB') as string }],
  ])('%j', (source, expected) => {
    expect(problemsOf(source)[0]).toMatchObject(expected);
  });

  it('two inclusions of itself in a file end soon', () => {
    const source = '#include "self.S"\n#include "self.S"\nnop';
    const result = assemble(source, { fileName: 'self.S', include: () => source });
    expect(isRejected(result) ? result.problems.map(({ message }) => message) : []).toEqual([
      'files include each other without end',
    ]);
  });

  it('reports several at once', () => {
    expect(problemsOf('foo\nnop\nbar %rax\n.quod').map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  it('warns where GNU as does', () => {
    const result = assemble('nop\nadd $1, (%rax)', { fileName: 'test.S' });
    expect(isRejected(result) ? [] : result.warnings).toMatchObject([{ line: 2, column: 1, length: 14 }]);
  });
});

/** Every directive, and the corners of those that students use. */
const SOURCES: Readonly<Record<string, string>> = {
  data: ".byte 1, -1, 255, -128, 'a, '\\n, 0b101, 017\n.short 0x1234, -2\n.long 0x80000000\n.quad -1, 0x123456789abcdef0\n.octa 0x112233445566778899aabbccddeeff00",
  strings: '.ascii "a\\tb", "\\101\\x42"\n.asciz "x\\"y\\\\"\n.string "\u00e9", ""\n.string16 "ab"',
  floats: '.float 1.5, -0.1, 1e10\n.double 3.14159, -2e-5\n.single 0\n.tfloat 1.1, -3.5e100',
  space:
    '.skip 3\n.skip 4, 0xcc\n.zero 2\n.space 1, 7\n.fill 3, 2, 0x1234\n.fill 2\n.fill 2, 8, 0x1122334455\n.org 100\n.byte 1\n.org 120, 0x90',
  align:
    'nop\n.p2align 4\nnop\n.balign 8, 0xcc\nnop\n.align 16\n.p2align 4,,3\nnop\n.data\n.byte 1\n.balign 4\n.byte 2, 3\n.balignw 8, 0x1234\n.p2alignl 4, 0x11223344\n',
  expressions:
    '.long 2==1+1, 1||0&&0, 3&1==1, 7!2+1, 4/2*3, -7/2, -7%3, ~5, !0, 1<<2+1, 1<2, 10-3-2, (1+2)*3, 0x10|1+1, 1<>2\n.quad -1>>1',
  symbols:
    '.globl a\n.weak w\n.hidden h\n.type a, @function\na: nop\n.size a, . - a\n.set b, a + 4\nc = 5\n.equ d, c + 1\n.comm e, 8, 8\n.local f\n.comm f, 4\n.lcomm g, 16\nh:\n.long b - a, c, d\n.quad a, w, e, f, g, h\nw: ret\n.globl c',
  sections:
    '.section .text.start, "ax"\nnop\n.section .rodata.str1.1, "aMS", @progbits, 1\n.asciz "x"\n.pushsection .data\n.byte 1\n.popsection\n.asciz "y"\n.previous\nret\n.section .note.GNU-stack, "", @progbits\n.section .custom, "aw", @nobits\n.skip 8\n.section .init_array, "aw"\n.quad 0',
  labels: '1: nop\njmp 1b\njmp 1f\n1: jmp 1b\njne 2f\n.skip 130\n2: loop 2b\njrcxz 2b',
  macros:
    '.macro put first=1, second, rest:vararg\n.byte \\first, \\second\n.ifnb \\rest\n.byte \\rest\n.endif\n.ascii "\\@"\n.endm\nput 2, 3\nput , 4\nput second=5\nput 1 2 3, 4\nput (1 + 2), 3 - 1\n.purgem put\n.macro rec n\n.byte \\n\n.if \\n\nrec (\\n-1)\n.endif\n.endm\nrec 3\n.macro leave_early\n.byte 1\n.exitm\n.byte 2\n.endm\nleave_early\n.macro reg r\nmov %e\\r, %\\()r\\r\n.endm\n.macro load r\nmov 8(%\\r\\()), %\\r\n.endm\nload rax',
  repeats:
    '.rept 3\n.byte 1\n.rept 2\n.byte 2\n.endr\n.endr\n.irp x, 1, 2, 3\n.byte \\x\n.endr\n.irpc c, abc\n.ascii "\\c"\n.endr\n.rept 0\n.error "x"\n.endr',
  conditions:
    '.set x, 3\n.if x == 3\n.byte 1\n.elseif x == 4\n.byte 2\n.else\n.byte 3\n.endif\n.ifdef y\n.byte 4\n.else\n.byte 5\n.endif\n.ifc abc, abc\n.byte 6\n.endif\n.ifgt x - 2\n.byte 7\n.endif\n.ifeq x\n.byte 8\n.endif\n.ifndef x\n.byte 9\n.endif\n.if 0\n.if 1\n.byte 10\n.else\n.byte 11\n.endif\n.endif',
  leb: '.uleb128 0, 127, 128, 0x123456789\n.sleb128 -1, 63, 64, -65, -0x12345678\na:\n.uleb128 b - a\n.skip 200\nb:',
  relocations:
    'mov x@GOTPCREL(%rip), %rax\ncall *x@GOTPCREL(%rip)\ncall x@PLT\njmp x\njne x\nlea x+4(%rip), %rdx\nmovl $x, x(%rax)\nmovl $1, x(%rip)\nmovabs $x, %rax\nmovabs x, %al\npush $x\nmovb $x, %al\nmov %fs:x@tpoff, %eax\n.quad x, x - ., x + 8\n.long x - . + 4\n.byte x\ncall local\njmp local\n.section .other, "ax"\nnop\nlocal: ret',
  constants:
    'movq $later, %rax\naddl $later, %ebx\n.set later, 6\nadd $later, %ecx\nmovl $(9f - 8f), %edx\n8: nop\n9:\nadd $(9b - 8b), %eax',
  immediates:
    'add $1, %eax\nadd $128, %eax\nadd $0x1000, %ecx\nadd $-1, %ax\nadd $0xffff, %ax\nsub $0xffffffff, %ebx\nand $0xfffffffffffffff0, %rsp\nmov $-1, %rax\nmov $0xffffffff, %rax\nmov $0x80000000, %eax\npush $127\npush $128\npushw $1\nimul $3, %eax\nimul $300, (%rbx), %eax\ntest $1, %al\ncmp $200, %al\nint $3\nint $0x80\nenter $8, $1\nret $16\nshl $1, %eax\nshl %eax\nshl $4, %rax',
  sizes:
    'mov $1, (%rax)\npush (%rax)\nfld (%rax)\nfild (%rax)\ncvtsi2sd (%rax), %xmm0\nmov %ds, %rax\nmov %rax, %ds\nxchg %rax, %rax\nxchg %eax, %eax\nxchg %ecx, %ebx\nxchg %eax, (%rbx)\ntest (%rax), %ecx\nin %dx, %al\ninb $0x60\noutl %eax, %dx\nmovd %rax, %xmm0\nmovq %xmm0, %xmm1\nmovq (%r8), %xmm1\nstr %rax\nlar %ax, %rax\npextrw $1, %xmm0, %rax',
  code16:
    '.code16\nmov $1, %ax\nmov $1, %eax\nmov (%bx,%si), %al\nmov 4(%bp), %cx\nmov (%eax), %ebx\nljmp $8, $1f\n1: jmp 1b\nlgdt 8(%di)\nlgdtl 8(%di)\npush %ax\ncall 1b\nret\n.balign 16\nhlt',
  code32:
    '.code32\nmov $1, %ax\nmov 0x1234, %eax\nmov %eax, 0x1234\nmov %al, foo\ninc %eax\npush %es\nljmp $8, $foo\nlgdt foo\npusha\npopf\nles (%eax), %ecx\nmov (%bx), %eax\nbound %eax, (%ebx)\naam\ndaa\njmp *%eax\ncall *foo(,%eax,4)\nret',
  system:
    'lgdt (%rax)\nlidt (%rax)\nltr %ax\nmov %rax, %cr3\nmov %cr8, %rdx\nmov %db7, %rax\nwrmsr\nswapgs\nsysretq\nsysretl\niretq\niretl\nlretq\nlcall *(%rax)\nljmp *(%rax)\ninvlpg (%rax)\nfxsave64 (%rax)\ninvpcid (%rax), %rcx\nmonitor\nmwait\nlmsw %ax\nrdfsbase %rax\ncli\nhlt\npause\nrep; nop\nud2',
  prefixes:
    'lock addl $1, (%rax)\nrep movsb\nrepne scasb\nrep stosq\nmovsl %fs:(%rsi), %es:(%rdi)\nlock\naddr32 mov (%eax), %eax\ndata16 lea x(%rip), %rdi\nrex.W call *%rax\nnotrack jmp *%rax\njne,pt 1f\n1: cs nopw 0(%rax,%rax,1)\nmov %gs:8(%rbx), %rax\nmov %ds:(%rbp), %eax',
  x87: 'fadd\nfaddp\nfsub %st, %st(1)\nfsubrp %st, %st(1)\nfsubp\nfxch\nfucomi %st(1)\nfucomip\nfstsw\nfnstsw %ax\nfinit\nfstcw (%rax)\nflds 4(%rax)\nfldt (%rax)\nfildll (%rax)\nfisttpl (%rax)\nfbstp (%rax)\nfcmove %st(2), %st\nfdivr %st, %st(3)',
  intel:
    '.intel_syntax noprefix\nmov eax, dword ptr [rbp+rcx*4-8]\nlea rdx, message[rip]\nlea rdx, [rip+message+4]\nmov eax, OFFSET FLAT:message\nmov rax, QWORD PTR fs:40\nadd byte ptr [rax], 7\njmp [QWORD PTR [rax+rsi*8]]\ncall message\njmp rax\nmovzx eax, byte ptr [rsi]\nmovsx rcx, eax\nrep movsb\nshl eax, cl\nimul eax, ebx, 10\nmov [rax+rsp], rdx\nmov al, ds:[0x1234]\nenter 8, 0\nfadd st, st(1)\nfild word ptr [rax]\nmovsd xmm0, QWORD PTR [rax]\nmovsd\nin al, dx\nout 0x60, al\nxchg eax, [rbx]\ntest al, 1\npush 5\nret 8\nmov rax, message\n.att_syntax\nmov %eax, %ebx\n.data\nmessage: .long 1',
  alignments:
    '.rept 20\n1: jmp 1f\n.skip 100\n.p2align 4,,10\n1:\nnop\n.endr\n.p2align 6\nret\n.p2align 8\nnop\n.skip 130\n.p2align 8',
};

describeWith('gcc', 'gives what GNU as gives', () => {
  it.each(Object.entries(SOURCES))('%s', (name, source) => {
    const theirs = gas(`${source}\n`, '.s').object;
    const ours = assemble(`${source}\n`, { fileName: `${name}.s` });
    if (isRejected(ours)) throw new Error(JSON.stringify(ours.problems));
    expect(theirs).not.toBeNull();
    expect(differences(ours.object, theirs!)).toEqual([]);
  });
});
