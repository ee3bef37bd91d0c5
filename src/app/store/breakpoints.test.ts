import { expect, test } from 'vitest';
import { addressAt, breakpointAddresses } from './breakpoints.ts';
import { type BuiltProgram, editedModules, initialPrograms } from './programs.ts';

const built = (...lines: readonly (readonly [number, bigint])[]): BuiltProgram => ({
  executable: Uint8Array.of(lines.length),
  size: lines.length,
  text: '',
  lines: lines.map(([line, address]) => ({ line, address, bytes: Uint8Array.of(0x90) })),
});
const mine = built([3, 0x400000n], [5, 0x400001n]);
const none = { code: {}, lines: {} };
const state = { ...initialPrograms, builds: { 'user/mine.S': mine }, running: 'user/mine.S' };

test('a line without code stands for the next one that has some', () => {
  const lines = [[5, 0x400001n] as const, [3, 0x400000n] as const];
  expect([1, 3, 4, 5, 6].map((line) => addressAt(lines, line))).toEqual([
    0x400000n,
    0x400000n,
    0x400001n,
    0x400001n,
    null,
  ]);
});

test('of user programs, which share their addresses, only the running one stops', () => {
  const breakpoints = { 'user/mine.S': [4, 5], 'user/other.S': [3] };
  expect(breakpointAddresses({ ...state, breakpoints }, none)).toEqual([0x400001n]);
  expect(breakpointAddresses({ ...state, breakpoints, running: 'user/other.S' }, none)).toEqual([]);
});

test('a line of the kernel stops once its address is known', () => {
  const breakpoints = { 'arch/x86_64/syscall_entry.S': [20, 21] };
  const code = {
    'arch/x86_64/syscall_entry.S': new Map([[20, { address: 0xffffffff80100340n, bytes: new Uint8Array(3) }]]),
  };
  expect(breakpointAddresses({ ...state, breakpoints }, none)).toEqual([]);
  expect(breakpointAddresses({ ...state, breakpoints }, { code, lines: {} })).toEqual([0xffffffff80100340n]);
});

test('of a file whose lines are all known, a line without code stands for the next one', () => {
  const breakpoints = { 'core/main.c': [7, 9] };
  const lines = { 'core/main.c': new Map([[8, { address: 0x10n, bytes: new Uint8Array(0) }]]) };
  expect(breakpointAddresses({ ...state, breakpoints }, { code: {}, lines })).toEqual([0x10n]);
});

test('a boot gets the running program, and all of them when the command line may name others', () => {
  const programs = { 'user/a.S': { text: '', revision: 0 }, 'user/mine.S': { text: '', revision: 0 } };
  const both = { ...state, programs, builds: { ...state.builds, 'user/a.S': built() } };
  expect(editedModules(both, '').map(({ name }) => name)).toEqual(['mine']);
  expect(editedModules(both, 'init=shell').map(({ name }) => name)).toEqual(['mine', 'a']);
  expect(editedModules({ ...both, builds: {} }, '')).toEqual([]);
});
