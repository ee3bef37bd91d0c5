import { expect, test } from 'vitest';
import * as a from './arguments.ts';

test('64-bit values come in three ways, and nothing else is one', () => {
  expect(a.word(5n, 'It')).toBe(5n);
  expect(a.word(0x400000, 'It')).toBe(0x400000n);
  expect(a.word('0xFFFFffff80100340', 'It')).toBe(0xffffffff80100340n);
  for (const wrong of [-1n, 1n << 64n, -1, 0.5, Number.NaN, 2 ** 60, '', '0x', '12', '0x12345678123456789', null, {}]) {
    expect(() => a.word(wrong, 'It'), String(wrong)).toThrow(a.ArgumentError);
  }
});

test('what is watched is a short list, and memory in it may be a page', () => {
  const page = { kind: 'memory', address: 0x1000n, bytes: 4096 };
  expect(a.watched([page])).toEqual([page]);
  expect(() => a.watched([{ ...page, bytes: 4097 }])).toThrow(a.ArgumentError);
  expect(() => a.watched(Array.from({ length: 33 }, () => page))).toThrow(a.ArgumentError);
  expect(() => a.watched(page)).toThrow(a.ArgumentError);
  expect(a.written('RCX')).toBe('RCX');
  expect(() => a.written('x'.repeat(33))).toThrow(a.ArgumentError);
});

test('a piece of state has exactly its own parts', () => {
  expect(a.target({ kind: 'register', name: 'rax' })).toEqual({ kind: 'register', name: 'rax' });
  expect(a.target({ kind: 'memory', address: '0x1000', bytes: 8 })).toEqual({
    kind: 'memory',
    address: 0x1000n,
    bytes: 8,
  });
  const wrong: readonly unknown[] = [
    null,
    [],
    { kind: 'nothing' },
    { kind: 'register' },
    { kind: 'register', name: 'x'.repeat(33) },
    { kind: 'memory', address: 0, bytes: 9 },
    { kind: 'descriptor', table: 'tss', index: 1 },
    { kind: 'descriptor', table: 'gdt', index: 8192 },
    { kind: 'register', name: 'rax', [Symbol.iterator.toString()]: 1 },
  ];
  for (const value of wrong) expect(() => a.target(value)).toThrow(a.ArgumentError);
});

test('what is to be loaded is capped', () => {
  expect(a.loadOptions(undefined)).toEqual({});
  expect(a.loadOptions({ memoryMiB: 16, cpu: 'amd', kernel: new ArrayBuffer(4) })).toMatchObject({ memoryMiB: 16 });
  for (const wrong of [
    { memoryMiB: 1 },
    { memoryMiB: 4096 },
    { cpu: 'arm' },
    { program: 'x'.repeat((1 << 20) + 1) },
    { modules: Array.from({ length: 65 }, () => ({ name: 'a', bytes: new Uint8Array(1) })) },
    { modules: [{ name: 'a', bytes: 'text' }] },
    { kernel: [1, 2, 3] },
    { nothing: 1 },
  ]) {
    expect(() => a.loadOptions(wrong)).toThrow(a.ArgumentError);
  }
});

test('the message of a refusal holds nothing of what was sent', () => {
  for (const bad of ['<img src=x>', { '<b>': 1 }, ['<i>']]) {
    for (const check of [a.word, a.text, a.bytes, a.words] as ((
      v: unknown,
      what: string,
      most?: number,
    ) => unknown)[]) {
      try {
        check(bad, 'It', 3);
      } catch (error) {
        expect(String(error)).not.toContain('<');
      }
    }
  }
});
