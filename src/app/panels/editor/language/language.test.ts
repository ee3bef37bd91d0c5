import { describe, expect, test } from 'vitest';
import { viewAt } from '../../../testing/views.ts';
import { helpFor } from './help.ts';
import { instructionHelp } from './instructions.ts';
import { generalRegister, registerText } from './registerValue.ts';
import { definitionOf, headerConstants, isMnemonicPlace, wordAt } from './symbols.ts';

const firstSyscall = viewAt(18_000, 0);
const text = ['1:  nop', 'loop: dec %rbx', '    jnz loop', '    jmp 1b', '    jmp 1f', '1:  hlt', '.set size, 4'].join(
  '\n',
);

describe('names', () => {
  test('a label is found where it stands, numeric ones by direction', () => {
    expect(definitionOf(text, 'loop', 3)?.line).toBe(2);
    expect(definitionOf(text, '1b', 4)?.line).toBe(1);
    expect(definitionOf(text, '1f', 5)?.line).toBe(6);
    expect(definitionOf(text, 'size', 1)).toMatchObject({ line: 7, column: 6, kind: 'constant' });
    expect(definitionOf(text, 'none', 1)).toBeUndefined();
  });
  test('words carry their %, lose their $, and are not in comments or strings', () => {
    expect(wordAt('    mov $SYS_write, %rax # mov', 22)?.text).toBe('%rax');
    expect(wordAt('    mov $SYS_write, %rax # mov', 10)).toEqual({ text: 'SYS_write', start: 10, end: 19 });
    expect(wordAt('    mov $SYS_write, %rax # mov', 28)).toBeUndefined();
    expect(wordAt('  .ascii "mov"', 12)).toBeUndefined();
  });
  test('a mnemonic stands first, behind labels and prefixes', () => {
    expect(['  mo', 'a: b: mo', '  rep mov', ''].every(isMnemonicPlace)).toBe(true);
    expect(['  mov %ra', '  mov si', '  .set a'].some(isMnemonicPlace)).toBe(false);
  });
  test('a header’s constants come with their comments', () => {
    expect(headerConstants('#define SYS_exit        2   /* (code) */\n#define EFAULT 14\n#pragma once')).toEqual([
      { name: 'SYS_exit', value: '2', meaning: '(code)' },
      { name: 'EFAULT', value: '14', meaning: '' },
    ]);
  });
});

describe('help', () => {
  test('size suffixes are understood, and names that end like them', () => {
    expect(instructionHelp('movq')?.name).toBe('mov');
    expect(instructionHelp('SYSRETQ')?.privilege).toContain('CPL 0');
    expect(instructionHelp('sub')?.name).toBe('sub');
    expect(instructionHelp('jnz')?.does).toContain('ZF = 0');
    expect(instructionHelp('frobnicate')).toBeUndefined();
  });
  test('the manual’s volumes go by the first letter', () => {
    expect(instructionHelp('add')?.manual).toBe('SDM vol. 2A, ADD');
    expect(instructionHelp('syscall')?.manual).toBe('SDM vol. 2B, SYSCALL');
    expect(instructionHelp('wrmsr')?.manual).toBe('SDM vol. 2D, WRMSR');
  });
  test('a register shows its value now', () => {
    const registers = { ...firstSyscall.registers, gpr: firstSyscall.registers.gpr.with(0, 0x1234_5678_9abc_deffn) };
    expect(registerText('rax', registers)).toContain('123456789abcdeff');
    expect(registerText('ah', registers)).toContain('de (bits 15:8 of RAX)');
    expect(registerText('al', registers)).toContain('decimal -1');
    expect(registerText('r8d', registers)).toContain('00000000 (bits 31:0 of R8)');
    expect(generalRegister('r7')).toBeNull();
    expect(registerText('cs', registers)).toContain('0023');
    expect(registerText('xmm0', registers)).toBeUndefined();
  });
  test('a mnemonic is helped with where one stands, a constant anywhere', () => {
    const context = { text, line: 3, view: firstSyscall, constants: [{ name: 'EFAULT', value: '14', meaning: '' }] };
    const help = (line: string, column: number) => {
      const word = wordAt(line, column);
      return word === undefined ? null : helpFor(word, line.slice(0, word.start - 1), context);
    };
    expect(help('    syscall', 6)?.[0]).toContain('LSTAR');
    expect(help('    cmp $-EFAULT, %rax', 12)?.[0]).toBe('**EFAULT** = 14');
    expect(help('    jnz loop', 10)?.[0]).toContain('line 2');
    expect(help('    jnz add', 10)).toBeNull();
  });
});
