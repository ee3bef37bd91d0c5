/** Checks what an embedding page sends before anything is done with it. */
import type { BackTarget, ModuleFile, Target } from '../../worker/protocol.ts';
import type { LoadOptions, RunOptions } from './types.ts';

const MiB = 1 << 20;
const mostText = 1 * MiB;
const mostBytes = 64 * MiB;
const wordLimit = 1n << 64n;

/** Says what is wrong with an argument. The message holds nothing of what was sent. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

function refuse(what: string): never {
  throw new ArgumentError(what);
}

export function wholeNumber(value: unknown, what: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  return refuse(`${what}: a whole number from ${least} to ${most}.`);
}

export function text(value: unknown, what: string, most = mostText): string {
  if (typeof value === 'string' && value.length <= most) return value;
  return refuse(`${what}: a text of at most ${most} characters.`);
}

/** A 64-bit value: a bigint, a whole number, or a text like "0x400000". */
export function word(value: unknown, what: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value < wordLimit) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(value)) return BigInt(value);
  return refuse(`${what}: a bigint, a whole number or a text like "0x400000", of at most 64 bits.`);
}

export function words(value: unknown, what: string, most: number): readonly bigint[] {
  if (!Array.isArray(value) || value.length > most) return refuse(`${what}: a list of at most ${most} addresses.`);
  return value.map((entry) => word(entry, what));
}

export function bytes(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array && value.length <= mostBytes) return value;
  if (value instanceof ArrayBuffer && value.byteLength <= mostBytes) return new Uint8Array(value);
  return refuse(`${what}: a Uint8Array of at most ${mostBytes / MiB} MiB.`);
}

export function oneOf<Choice extends string>(value: unknown, what: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(`${what}: one of ${choices.join(', ')}.`);
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown, what: string, keys: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(`${what}: an object.`);
  for (const key of Object.keys(value)) if (!keys.includes(key)) refuse(`${what}: only ${keys.join(', ')}.`);
  return value as Fields;
}

const targets: readonly BackTarget[] = [
  'breakpoint',
  'syscall',
  'sysret',
  'ring-change',
  'exception',
  'interrupt',
  'output',
  'start',
];
export const backTarget = (value: unknown): BackTarget => oneOf(value, 'What to run back to', targets);

/** Pieces of state to be watched. */
export function watched(value: unknown): readonly Target[] {
  if (!Array.isArray(value) || value.length > 32) return refuse('What is watched: a list of at most 32.');
  return value.map((one) => target(one, 4096));
}

/** What is to be changed: registers and MSRs by their names too. */
export const written = (value: unknown): Target | string =>
  typeof value === 'string' ? text(value, 'The name of a register', 32) : target(value);

/** `most`: bytes of memory. */
export function target(value: unknown, most = 8): Target {
  const fields = record(value, 'A piece of state', ['kind', 'name', 'table', 'index', 'address', 'bytes']);
  const kind = oneOf(fields['kind'], 'Its kind', ['register', 'msr', 'descriptor', 'memory', 'physical']);
  switch (kind) {
    case 'register':
    case 'msr':
      return { kind, name: text(fields['name'], 'Its name', 32) };
    case 'descriptor':
      return {
        kind,
        table: oneOf(fields['table'], 'Its table', ['gdt', 'idt', 'ldt']),
        index: wholeNumber(fields['index'], 'Its index', 0, 8191),
      };
    default:
      return {
        kind,
        address: word(fields['address'], 'Its address'),
        bytes: wholeNumber(fields['bytes'], 'Its bytes', 1, most),
      };
  }
}

function modules(value: unknown): readonly ModuleFile[] {
  if (!Array.isArray(value) || value.length > 64) return refuse('Modules: a list of at most 64.');
  return value.map((entry) => {
    const fields = record(entry, 'A module', ['name', 'bytes']);
    return { name: text(fields['name'], 'The name of a module', 4096), bytes: bytes(fields['bytes'], 'A module') };
  });
}

export function loadOptions(value: unknown): LoadOptions {
  if (value === undefined) return {};
  const keys = ['program', 'kernel', 'modules', 'commandLine', 'memoryMiB', 'cpu', 'stopAt'];
  const fields = record(value, 'What to load', keys);
  const has = (key: string): boolean => fields[key] !== undefined;
  return {
    ...(has('program') && { program: text(fields['program'], 'The program') }),
    ...(has('kernel') && { kernel: bytes(fields['kernel'], 'The kernel') }),
    ...(has('modules') && { modules: modules(fields['modules']) }),
    ...(has('commandLine') && { commandLine: text(fields['commandLine'], 'The command line', 4096) }),
    ...(has('memoryMiB') && { memoryMiB: wholeNumber(fields['memoryMiB'], 'The memory', 2, 2048) }),
    ...(has('cpu') && { cpu: oneOf(fields['cpu'], 'The CPU', ['intel', 'amd']) }),
    ...(has('stopAt') && { stopAt: oneOf(fields['stopAt'], 'Where to stop', ['first-syscall', 'entry']) }),
  };
}

/** Milliseconds to wait; ten minutes at most. */
export const timeout = (value: unknown): number => wholeNumber(value, 'The timeout', 0, 600_000);

export function runOptions(value: unknown): RunOptions {
  if (value === undefined) return {};
  const fields = record(value, 'How to run', ['until', 'timeout']);
  return {
    ...(fields['until'] !== undefined && {
      until: oneOf(fields['until'], 'Until when', ['syscall', 'ring-change', 'ever']),
    }),
    ...(fields['timeout'] !== undefined && { timeout: timeout(fields['timeout']) }),
  };
}
