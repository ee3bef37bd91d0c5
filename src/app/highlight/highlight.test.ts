import { describe, expect, test } from 'vitest';
import { tokenizeAssembly } from './assembly.ts';
import { tokenizeC } from './c.ts';
import { piecesOf, startState, type Tokenizer } from './tokens.ts';

function read(tokenize: Tokenizer, line: string): readonly string[] {
  return piecesOf(line, tokenize(line, startState).tokens)
    .filter(({ kind }) => kind !== 'text')
    .map(({ kind, text }) => `${kind} ${text}`);
}

describe('AT&T assembly', () => {
  test('an instruction with its operands and comment', () => {
    expect(read(tokenizeAssembly, '    mov $SYS_write, %rax  # one')).toEqual([
      'mnemonic mov',
      'number $SYS_write',
      'register %rax',
      'comment # one',
    ]);
  });

  test('a label before an instruction, and a local label as a target', () => {
    expect(read(tokenizeAssembly, '1:  jmp 1b')).toEqual(['label 1:', 'mnemonic jmp', 'number 1b']);
  });

  test('a prefix keeps its instruction a mnemonic only once', () => {
    expect(read(tokenizeAssembly, 'lea user_msg(%rip), %rsi')).toEqual([
      'mnemonic lea',
      'register %rip',
      'register %rsi',
    ]);
  });

  test('directives, strings and the preprocessor', () => {
    expect(read(tokenizeAssembly, 'msg: .asciz "a#b"')).toEqual(['label msg:', 'directive .asciz', 'string "a#b"']);
    expect(read(tokenizeAssembly, '#include "syscall.h"')).toEqual(['directive #include "syscall.h"']);
  });

  test('a block comment goes on over lines', () => {
    const { end } = tokenizeAssembly('nop /* begins', startState);
    expect(end.inComment).toBe(true);
    const { tokens, end: after } = tokenizeAssembly('ends */ nop', end);
    expect(tokens[0]).toEqual({ kind: 'comment', start: 0 });
    expect(after.inComment).toBe(false);
  });
});

describe('Intel assembly', () => {
  const { end } = tokenizeAssembly('    .intel_syntax noprefix', startState);
  const intel: Tokenizer = (line) => tokenizeAssembly(line, end);
  test('registers without %, sizes, numbers', () => {
    expect(read(intel, '    mov qword ptr [rbp + rcx*8 - 16], r10d')).toEqual([
      'mnemonic mov',
      'directive qword ptr',
      'register rbp',
      'register rcx',
      'number 8',
      'number 16',
      'register r10d',
    ]);
    expect(read(intel, 'lea rsi, message[rip]')).toEqual(['mnemonic lea', 'register rsi', 'register rip']);
    expect(read(intel, 'mov al, 0ffh')).toEqual(['mnemonic mov', 'register al', 'number 0ffh']);
    expect(read(intel, 'mov eax, offset text')).toEqual(['mnemonic mov', 'register eax', 'directive offset']);
  });
  test('a symbol that begins like a register is none', () => {
    expect(read(intel, 'call axle')).toEqual(['mnemonic call']);
  });
  test('until AT&T comes back', () => {
    expect(tokenizeAssembly('nop', end).end.intel).toBe(true);
    expect(tokenizeAssembly('.att_syntax', end).end.intel).toBe(false);
  });
});

test('C', () => {
  expect(read(tokenizeC, 'static long f(uint64_t x) { return 0x10UL; } // y')).toEqual([
    'mnemonic static',
    'register long',
    'register uint64_t',
    'mnemonic return',
    'number 0x10UL',
    'comment // y',
  ]);
});
