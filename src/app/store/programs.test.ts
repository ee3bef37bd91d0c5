import { describe, expect, test } from 'vitest';
import {
  changedLines,
  freeName,
  isEditable,
  isProgram,
  moduleName,
  nameProblem,
  shiftLines,
  toggled,
  withEarlier,
} from './programs.ts';

test('assembly of programs and of the kernel can be edited, C and what programs are linked with cannot', () => {
  const files = ['user/userprog.S', 'user/start.S', 'user/hello.c', 'arch/x86_64/boot.S', 'core/main.c', 'user/my-2.S'];
  expect(files.filter(isEditable)).toEqual(['user/userprog.S', 'arch/x86_64/boot.S', 'user/my-2.S']);
  expect(files.filter(isProgram)).toEqual(['user/userprog.S', 'user/my-2.S']);
  expect(moduleName('user/mine-2.S')).toBe('mine-2');
});

test('earlier texts are kept within bounds, none twice in a row', () => {
  expect(withEarlier(['a'], 'a')).toEqual(['a']);
  const texts = Array.from({ length: 60 }, (_, n) => `text ${n}`);
  const many = texts.reduce<readonly string[]>((kept, text) => withEarlier(kept, text), []);
  expect([many.length, many[0], many.at(-1)]).toEqual([40, 'text 20', 'text 59']);
  expect(withEarlier(many, 'x'.repeat(400_000))).toHaveLength(1);
  expect(withEarlier(many, 'x'.repeat(400_001))).toEqual([]);
});

describe('names', () => {
  const taken = ['user/hello.S', 'user/hello-2.S'];
  test('one that is taken gets a number', () => {
    expect(freeName('hello.S', taken)).toBe('hello-3');
    expect(freeName('other', taken)).toBe('other');
    expect(freeName('12 monkeys!.s', taken)).toBe('monkeys-');
    expect(freeName('ééé', taken)).toBe('program');
  });
  test('what is wrong with one is said', () => {
    expect(nameProblem('good_name-1', taken)).toBeNull();
    expect(nameProblem('hello', taken)).toContain('already');
    expect(nameProblem('two words', taken)).toContain('letters');
    expect(nameProblem('a'.repeat(32), taken)).toContain('31');
  });
});

describe('breakpoints keep their lines', () => {
  const afterEdit = (before: string, after: string, lines: number[]) => {
    const { from, to, count } = changedLines(before, after);
    return shiftLines(lines, from, to, count);
  };
  test('when lines are put in or taken out above them', () => {
    expect(afterEdit('a\nb\nc\nd', 'a\nnew\nnew\nb\nc\nd', [1, 2, 3])).toEqual([1, 4, 5]);
    expect(afterEdit('a\nb\nc\nd', 'a\nd', [1, 4])).toEqual([1, 2]);
  });
  test('when their own line changes', () => {
    expect(afterEdit('a\nb\nc', 'a\nbb\nc', [2, 3])).toEqual([2, 3]);
  });
  test('when everything is replaced by less', () => {
    expect(afterEdit('a\nb\nc', 'x', [1, 2, 3])).toEqual([1]);
  });
  test('are put in and taken out in order', () => {
    expect(toggled([2, 9], 5)).toEqual([2, 5, 9]);
    expect(toggled([2, 5, 9], 5)).toEqual([2, 9]);
  });
});
