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
