import { describe, expect, test } from 'vitest';
import { isProblem } from '../machine/loader/problem.ts';
import { readArguments } from './arguments.ts';
import { readRunOptions } from './run/options.ts';

const KINDS = { name: 'value', file: 'values', loud: 'flag' } as const;

describe('arguments', () => {
  test('are read as --name value, --name=value and --flag, in any order', () => {
    const read = readArguments(['--file', 'a', 'x', '--loud', '--name=b=c', '--file', 'd', '--', '--y'], KINDS);
    if (isProblem(read)) throw new Error(read.detail);
    expect(Object.fromEntries(read.options)).toEqual({ file: ['a', 'd'], loud: [''], name: ['b=c'] });
    expect(read.positional).toEqual(['x', '--y']);
  });

  test('may be empty texts and begin with one dash', () => {
    const read = readArguments(['--name', '', '--file', '-'], KINDS);
    expect(isProblem(read) || Object.fromEntries(read.options)).toEqual({ name: [''], file: ['-'] });
  });

  test.for([
    [['--name'], '--name needs a value'],
    [['--name', '--loud'], '--name needs a value; write --name=--loud if that is it'],
    [['--name', 'a', '--name', 'b'], '--name is given twice'],
    [['--loud=yes'], '--loud takes no value'],
    [['--nam', 'a'], 'unknown option --nam (did you mean --name?)'],
    [['-x'], 'unknown option -x'],
    [['--toString'], 'unknown option --toString'],
  ] as const)('%j is refused', ([args, detail]) => {
    expect(readArguments(args, KINDS)).toMatchObject({ detail });
  });
});

describe('the options of run', () => {
  test('have defaults', () => {
    expect(readRunOptions([])).toEqual({
      kernel: null,
      commandLine: '',
      modules: [],
      memoryBytes: 128 << 20,
      cpu: 'intel',
      maxInstructions: Number.POSITIVE_INFINITY,
      record: null,
      replay: null,
      until: null,
      tracePrivilege: false,
      json: false,
    });
  });

  test('are all understood', () => {
    const args = ['--kernel', 'k', '--append', 'a b', '--module', 'm=1', '--module', 'n', '--memory', '64', '--cpu'];
    const more = ['amd', '--max-instructions', '5000000000', '--until', 'a+', '--trace-privilege', '--json'];
    expect(readRunOptions([...args, ...more])).toEqual({
      kernel: 'k',
      commandLine: 'a b',
      modules: ['m=1', 'n'],
      memoryBytes: 64 << 20,
      cpu: 'amd',
      maxInstructions: 5_000_000_000,
      record: null,
      replay: null,
      until: /a+/,
      tracePrivilege: true,
      json: true,
    });
  });

  test.for([
    [['--memory', '3073'], '--memory must be a whole number from 2 to 3072, not 3073'],
    [['--memory', '1.5'], '--memory must be a whole number from 2 to 3072, not 1.5'],
    [['--memory='], '--memory must be a whole number from 2 to 3072, not empty'],
    [
      ['--max-instructions', 'many'],
      /^--max-instructions must be a whole number from 0 to 9007199254740991, not many$/,
    ],
    [['--max-instructions', '99999999999999999999'], /^--max-instructions must be a whole number/],
    [['--cpu', 'via'], '--cpu must be intel or amd, not via'],
    [['--until', '('], '--until is not a regular expression: /(/: Unterminated group'],
    [['--kernel='], '--kernel needs the name of a file'],
  ] as const)('%j is refused', ([args, detail]) => {
    const read = readRunOptions(args);
    expect(isProblem(read) && read.detail).toMatch(detail);
  });
});
