/** Writes links and files (FORMAT.md). */
import type { Position } from '../history/position.ts';
import type { Target } from '../history/target.ts';
import { toBase64Url } from './base64.ts';
import { compress } from './compression.ts';
import type { SharedEvent, SharedFile, SharedFiles, SharedMachine } from './shared.ts';

/** The version that is written. */
export const VERSION = 3;
/** First bytes of a file: "EMRG"; the version follows. */
export const FILE_MAGIC: readonly number[] = [0x45, 0x4d, 0x52, 0x47];

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json };

const file = ({ name, bytes, text, hash, sources }: SharedFile): Json => {
  if (hash !== undefined) return [name, 'h', hash];
  if (sources !== undefined) {
    return [name, 's', sources.parts, sources.changes.map((c) => [c.path, c.head, c.tail, c.text])];
  }
  if (bytes !== undefined) return [name, 'b', toBase64Url(bytes)];
  return text === undefined ? [name] : [name, 't', text];
};

function files({ kernel, commandLine, modules }: SharedFiles): { [key: string]: Json } {
  return {
    ...(kernel === null ? {} : { k: file(kernel) }),
    ...(commandLine === '' ? {} : { c: commandLine }),
    ...(modules === null ? {} : { f: modules.map(file) }),
  };
}

function target(t: Target): Json {
  switch (t.kind) {
    case 'register':
      return ['r', t.name];
    case 'msr':
      return ['m', t.name];
    case 'descriptor':
      return ['d', t.table, t.index];
    default:
      return [t.kind === 'memory' ? 'l' : 'p', t.address.toString(16), t.bytes];
  }
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function event(e: SharedEvent): readonly Json[] {
  switch (e.kind) {
    case 'serial':
      return ['t', latin1(e.bytes)];
    case 'poke':
      return ['p', target(e.target), e.value.toString(16)];
    case 'reset':
      return ['r'];
    case 'load':
      return ['l', e.label, files(e), ...(e.restart === undefined ? [] : [e.restart])];
  }
}

/** Instructions, idle nanoseconds and turns, each since the place before. */
const since = (at: Position, before: Position): readonly number[] => [
  at.count - before.count,
  at.time - at.count - (before.time - before.count),
  at.turn - before.turn,
];

/** The text inside links and files. */
export function toText(machine: SharedMachine): string {
  let before: Position = { count: 0, time: 0, turn: 0, events: 0 };
  const events = machine.events.map(({ at, event: e }): Json => {
    const place = since(at, before);
    before = at;
    return [...place, ...event(e)];
  });
  const { position, microSteps, breakpoints, panels, hash, memoryMiB, cpu } = machine;
  const { count, time, turn } = position;
  return JSON.stringify({
    ...files(machine),
    ...(memoryMiB === 128 ? {} : { m: memoryMiB }),
    ...(cpu === 'intel' ? {} : { p: cpu }),
    ...(events.length === 0 ? {} : { e: events }),
    a: [count, time - count, turn, position.events, ...(microSteps === 0 ? [] : [microSteps])],
    ...(breakpoints.length === 0 ? {} : { b: breakpoints.map((address) => address.toString(16)) }),
    ...(panels.length === 0 ? {} : { w: panels }),
    ...(hash === null ? {} : { h: hash }),
  });
}

/** The fragment of a link, without "#". */
export async function encodeLink(machine: SharedMachine): Promise<string> {
  return `${VERSION}.${toBase64Url(await compress(new TextEncoder().encode(toText(machine))))}`;
}

export async function encodeFile(machine: SharedMachine): Promise<Uint8Array> {
  const packed = await compress(new TextEncoder().encode(toText(machine)));
  const whole = new Uint8Array(FILE_MAGIC.length + 1 + packed.length);
  whole.set([...FILE_MAGIC, VERSION]);
  whole.set(packed, FILE_MAGIC.length + 1);
  return whole;
}
