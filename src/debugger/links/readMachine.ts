/** From the JSON of a link or file to a machine, with every value checked. */
import { FLOAT_REGISTERS } from '../floatRegisters.ts';
import type { Position } from '../history/position.ts';
import { GENERAL, MAX_BYTES, msrNumber, TABLES, type Target } from '../history/target.ts';
import { SYSTEM_REGISTERS } from '../systemRegisters.ts';
import { fromBase64Url } from './base64.ts';
import type { SharedEvent, SharedFile, SharedFiles, SharedMachine, SharedSources } from './shared.ts';

/** Says which part is wrong. The message holds no text of the link. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
}

const MOST_EVENTS = 100_000;
const MOST_FILES = 64;
const MOST_BREAKPOINTS = 1000;
const MOST_PANELS = 32;
const MOST_NAME = 256;
const MOST_COMMAND_LINE = 4096;
const MOST_TYPED = 1 << 20;
const MOST_SOURCE = 1 << 20;
/** Instructions and nanoseconds: more than a week of running. */
const MOST_COUNT = 2 ** 48;

/** Of the widest register. */
const XMM_DIGITS = 32;
const POKED = new Set([
  ...GENERAL,
  'rip',
  'rflags',
  'cr0',
  'cr2',
  'cr3',
  'cr4',
  ...FLOAT_REGISTERS,
  ...SYSTEM_REGISTERS,
]);

type Row = readonly unknown[];

function fail(what: string): never {
  throw new DamageError(what);
}
function record(value: unknown, keys: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(`${what} is not a record`);
  for (const key of Object.keys(value))
    if (key.length !== 1 || !keys.includes(key)) fail(`${what} has an unknown part`);
  return value as Readonly<Record<string, unknown>>;
}
function list(value: unknown, most: number, what: string): Row {
  if (!Array.isArray(value)) return fail(`${what} is not a list`);
  if (value.length > most) fail(`${what} has more than ${most} entries`);
  return value;
}
function whole(value: unknown, most: number, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most) {
    return fail(`${what} is not a number from 0 to ${most}`);
  }
  return value;
}
function text(value: unknown, most: number, what: string): string {
  if (typeof value !== 'string') return fail(`${what} is not a text`);
  if (value.length > most) fail(`${what} is longer than ${most} characters`);
  return value;
}
function hex(value: unknown, what: string, most = 16): bigint {
  const digits = text(value, most, what);
  if (!/^[0-9a-f]+$/.test(digits)) fail(`${what} is not a hexadecimal number`);
  return BigInt(`0x${digits}`);
}

/** A file of the kernel's that is assembled. */
const ASSEMBLY = /^arch\/x86_64\/\w{1,64}\.S$/;

function sources(parts: unknown, changes: unknown): SharedSources {
  const hash = text(parts, 8, 'the hash of a build');
  if (!/^[0-9a-f]{8}$/.test(hash)) fail('the hash of a build is not one');
  const seen = new Set<string>();
  return {
    parts: hash,
    changes: list(changes, MOST_FILES, 'the list of changed sources').map((entry) => {
      const row = list(entry, 4, 'a changed source');
      const path = text(row[0], MOST_NAME, 'the name of a source');
      if (!ASSEMBLY.test(path) || seen.has(path)) fail('a changed source is none of the kernel’s, or there twice');
      seen.add(path);
      const [head, tail] = [row[1], row[2]].map((kept) => whole(kept, MOST_SOURCE, 'the kept part of a source'));
      return { path, head: head ?? 0, tail: tail ?? 0, text: text(row[3], MOST_SOURCE, 'a source text') };
    }),
  };
}

function kernel(value: unknown): SharedFile {
  const row = list(value, 4, 'a file');
  if (row[1] !== 's') return file(value);
  return { name: text(row[0], MOST_NAME, 'the name of a file'), sources: sources(row[2], row[3]) };
}

function file(value: unknown): SharedFile {
  const row = list(value, 3, 'a file');
  const name = text(row[0], MOST_NAME, 'the name of a file');
  if (row.length === 1) return { name };
  if (row.length !== 3) fail('a file has neither text nor bytes');
  if (row[1] === 'h') {
    const hash = text(row[2], 8, 'the hash of a file');
    return /^[0-9a-f]{8}$/.test(hash) ? { name, hash } : fail('the hash of a file is not one');
  }
  if (row[1] === 't') return { name, text: text(row[2], MOST_SOURCE, 'a source text') };
  if (row[1] !== 'b' || typeof row[2] !== 'string') fail('a file has neither text nor bytes');
  return { name, bytes: fromBase64Url(row[2] as string) ?? fail('the bytes of a file are damaged') };
}

function files(part: Readonly<Record<string, unknown>>): SharedFiles {
  return {
    kernel: part.k === undefined ? null : kernel(part.k),
    commandLine: part.c === undefined ? '' : text(part.c, MOST_COMMAND_LINE, 'the command line'),
    modules: part.f === undefined ? null : list(part.f, MOST_FILES, 'the list of files').map(file),
  };
}

function target(value: unknown): Target {
  const row = list(value, 3, 'a changed piece of state');
  switch (row[0]) {
    case 'r': {
      const name = text(row[1], 16, 'a register');
      return POKED.has(name) ? { kind: 'register', name } : fail('a register is unknown');
    }
    case 'm': {
      const name = text(row[1], 32, 'an MSR');
      return msrNumber(name) === undefined ? fail('an MSR is unknown') : { kind: 'msr', name };
    }
    case 'd': {
      const table = TABLES.find((name) => name === row[1]);
      if (table === undefined) return fail('a descriptor table is unknown');
      return { kind: 'descriptor', table, index: whole(row[2], 8191, 'a descriptor index') };
    }
    case 'l':
    case 'p': {
      const bytes = whole(row[2], MAX_BYTES, 'a length in memory');
      if (bytes === 0) fail('a length in memory is 0');
      return { kind: row[0] === 'l' ? 'memory' : 'physical', address: hex(row[1], 'an address'), bytes };
    }
    default:
      return fail('a changed piece of state is unknown');
  }
}

function event(row: Row): SharedEvent {
  switch (row[0]) {
    case 't': {
      const typed = text(row[1], MOST_TYPED, 'typed text');
      const bytes = Uint8Array.from(typed, (c) => c.charCodeAt(0));
      for (let i = 0; i < typed.length; i++) if (typed.charCodeAt(i) > 255) fail('typed text has no such characters');
      return { kind: 'serial', bytes };
    }
    case 'p':
      return { kind: 'poke', target: target(row[1]), value: hex(row[2], 'a changed value', XMM_DIGITS) };
    case 'r':
      return { kind: 'reset' };
    case 'l':
      return {
        kind: 'load',
        label: text(row[1], MOST_NAME, 'a label'),
        ...(row[3] === undefined ? {} : { restart: text(row[3], MOST_NAME, 'the name of a program') }),
        ...files(record(row[2], 'kcf', 'an edit')),
      };
    default:
      return fail('an event is of an unknown kind');
  }
}

function events(value: unknown): SharedMachine['events'] {
  let [count, idle, turn] = [0, 0, 0];
  return list(value, MOST_EVENTS, 'the list of events').map((entry, n) => {
    const row = list(entry, 7, 'an event');
    count = whole(count + whole(row[0], MOST_COUNT, 'the time of an event'), MOST_COUNT, 'the time of an event');
    idle = whole(idle + whole(row[1], MOST_COUNT, 'the time of an event'), MOST_COUNT, 'the time of an event');
    turn = whole(turn + whole(row[2], MOST_COUNT, 'the turn of an event'), MOST_COUNT, 'the turn of an event');
    return { at: { count, time: count + idle, turn, events: n }, event: event(row.slice(3)) };
  });
}

function position(value: unknown, recorded: SharedMachine['events']): { position: Position; microSteps: number } {
  const row = list(value, 5, 'the place to stand');
  if (row.length < 4) fail('the place to stand is not complete');
  const count = whole(row[0], MOST_COUNT, 'the instruction to stand at');
  const idle = whole(row[1], MOST_COUNT, 'the time to stand at');
  const place = {
    count,
    time: count + idle,
    turn: whole(row[2], MOST_COUNT, 'the turn to stand at'),
    events: whole(row[3], recorded.length, 'the number of events before the place to stand'),
  };
  return { position: place, microSteps: row[4] === undefined ? 0 : whole(row[4], 200, 'the number of micro-steps') };
}

/** `mostMiB`: memory that the machine may have. Throws DamageError. */
export function readMachine(value: unknown, mostMiB: number): SharedMachine {
  const all = record(value, 'kcfmpeabwh', 'the content');
  const recorded = all.e === undefined ? [] : events(all.e);
  const cpu = all.p === undefined ? 'intel' : all.p;
  if (cpu !== 'intel' && cpu !== 'amd') return fail('the CPU is unknown');
  const memoryMiB = all.m === undefined ? 128 : whole(all.m, mostMiB, 'the memory size in MiB');
  if (memoryMiB < 2) fail('the memory is smaller than 2 MiB');
  const hash = all.h === undefined ? null : text(all.h, 16, 'the state hash');
  if (hash !== null && !/^[0-9a-f]{16}$/.test(hash)) fail('the state hash is not one');
  const panels = all.w === undefined ? [] : list(all.w, MOST_PANELS, 'the list of panels');
  return {
    ...files(all),
    memoryMiB,
    cpu,
    events: recorded,
    ...position(all.a, recorded),
    breakpoints: (all.b === undefined ? [] : list(all.b, MOST_BREAKPOINTS, 'the list of breakpoints')).map((address) =>
      hex(address, 'a breakpoint'),
    ),
    panels: panels.map((panel) => {
      const name = text(panel, 32, 'the name of a panel');
      return /^[a-z][a-z0-9-]*$/.test(name) ? name : fail('a panel is unknown');
    }),
    hash,
  };
}
