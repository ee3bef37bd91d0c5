import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatText } from './format.ts';

test.each([
  ['mov   $1,%rax', '    mov $1, %rax'],
  ['1:jmp 1b', '1:  jmp 1b'],
  ['  start:  mov  8(%rax,%rbx, 4) ,%rcx  # why', 'start: mov 8(%rax,%rbx, 4), %rcx    # why'],
  ['  .ascii  "a  b,c # d"   // text', '    .ascii "a  b,c # d"             // text'],
  ['#include <x.h>', '#include <x.h>'],
  ['  # alone', '    # alone'],
  ['a:', 'a:'],
  ['', ''],
])('%j becomes %j', (before, after) => {
  expect(formatText(before)).toBe(after);
});

test('block comments are left alone', () => {
  const text = '/* one\n   two,three\n */\n';
  expect(formatText(text)).toBe(text);
});

describe('the examples are laid out so', () => {
  const folder = new URL('../examples/', import.meta.url);
  test.each(readdirSync(folder))('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(formatText(text)).toBe(text);
  });
});
