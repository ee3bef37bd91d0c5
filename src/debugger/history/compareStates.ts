/** In what the whole states of two machines differ: registers, MSRs, descriptor tables, devices, and RAM byte by byte. */
import type { Cpu } from '../../cpu/cpu.ts';
import { LDTR, RAM, S } from '../../cpu/layout.ts';
import type { Plain } from '../../devices/bus.ts';
import type { Machine } from '../../machine/machine.ts';
import { peekWords } from '../peek.ts';
import { allRegisters, type TableName, TABLES } from './target.ts';
import type { BranchDifference, MemoryPlace } from './views.ts';

type StateDifference = Pick<BranchDifference, 'state' | 'descriptors' | 'devices' | 'memory'>;

export const SAME_STATE: StateDifference = { state: [], descriptors: [], devices: [], memory: { pages: 0, first: [] } };

/** What is kept of one machine while another one is looked at. */
export interface Picture {
  readonly registers: ReadonlyMap<string, bigint>;
  readonly tables: Readonly<Record<TableName, readonly (bigint | null)[]>>;
  readonly devices: ReadonlyMap<string, string>;
  /** Pages of RAM that are not all zeros, by number. */
  readonly pages: ReadonlyMap<number, Int32Array>;
}

const PAGE = 4096;
const WORDS = PAGE / 4;
const ROW = 16;
/** Of each kind so many are listed. */
const MOST = 64;
const MOST_PLACES = 16;
/** Entries of a table that are looked at: all that selectors can name, and of the IDT two for each of 256 gates. */
const MOST_ENTRIES = { gdt: 8192, ldt: 8192, idt: 512 } as const;

function tablesOf(cpu: Cpu): Picture['tables'] {
  const words = (table: TableName, base: bigint, limit: number): readonly (bigint | null)[] =>
    peekWords(cpu, base, Math.min((limit + 1) >> 3, MOST_ENTRIES[table]));
  return {
    gdt: words('gdt', cpu.get(S.gdtrBase), cpu.low(S.gdtrLimit)),
    idt: words('idt', cpu.get(S.idtrBase), cpu.low(S.idtrLimit)),
    // A null selector leaves nothing to be used.
    ldt: cpu.selector(LDTR) >> 2 === 0 ? [] : words('ldt', cpu.baseOf(LDTR), cpu.limit(LDTR)),
  };
}

/** The parts of a device's state by their names: "COM1 fifo 3". */
function parts(name: string, state: Plain, into: Map<string, string>): void {
  if (state instanceof Uint8Array) into.set(name, Array.from(state, (b) => b.toString(16).padStart(2, '0')).join(' '));
  else if (state === null || typeof state !== 'object') into.set(name, String(state));
  else for (const [key, value] of Object.entries(state as object)) parts(`${name} ${key}`, value as Plain, into);
}

function devicesOf({ devices }: Machine): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const device of devices.all) parts(device.name, device.save(), found);
  return found;
}

function* ramPages({ cpu }: Machine): Generator<readonly [number, Int32Array]> {
  const { words, ramBytes } = cpu.memory;
  for (let page = 0; page < ramBytes / PAGE; page++) {
    const at = (RAM >> 2) + page * WORDS;
    yield [page, words.subarray(at, at + WORDS)];
  }
}

function firstUnlike(a: Int32Array | undefined, b: Int32Array): number {
  for (let n = 0; n < WORDS; n++) if ((a?.[n] ?? 0) !== b[n]) return n;
  return -1;
}

export function pictureOf(machine: Machine): Picture {
  const pages = new Map<number, Int32Array>();
  for (const [page, words] of ramPages(machine)) if (firstUnlike(undefined, words) >= 0) pages.set(page, words.slice());
  return { registers: allRegisters(machine.cpu), tables: tablesOf(machine.cpu), devices: devicesOf(machine), pages };
}

const ZEROS = new Int32Array(WORDS);
const bytesOf = (words: Int32Array): Uint8Array => new Uint8Array(words.buffer, words.byteOffset, PAGE);

/** The first byte of a page that differs, in its row of 16; `word` is the first word that does. */
function placeIn(page: number, word: number, ours: Int32Array, theirs: Int32Array): MemoryPlace {
  const [a, b] = [bytesOf(ours), bytesOf(theirs)];
  let at = word * 4;
  while (a[at] === b[at]) at++;
  const row = at - (at % ROW);
  return {
    address: page * PAGE + at,
    ours: a.slice(row, row + ROW),
    theirs: b.slice(row, row + ROW),
  };
}

function memoryFrom({ pages }: Picture, machine: Machine): StateDifference['memory'] {
  const first: MemoryPlace[] = [];
  let differing = 0;
  for (const [page, words] of ramPages(machine)) {
    const ours = pages.get(page);
    const word = firstUnlike(ours, words);
    if (word < 0) continue;
    differing += 1;
    if (first.length < MOST_PLACES) first.push(placeIn(page, word, ours ?? ZEROS, words));
  }
  return { pages: differing, first };
}

function tableFrom(table: TableName, ours: Picture, theirs: Picture['tables']): StateDifference['descriptors'] {
  const [a, b] = [ours.tables[table], theirs[table]];
  const indexes = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index);
  return indexes
    .map((index) => ({ table, index, ours: a[index] ?? null, theirs: b[index] ?? null }))
    .filter((row) => row.ours !== row.theirs);
}

/** In what the machine of a picture ("ours") differs from this one. */
export function differencesFrom(ours: Picture, machine: Machine): StateDifference {
  const [registers, tables, devices] = [allRegisters(machine.cpu), tablesOf(machine.cpu), devicesOf(machine)];
  const names = new Set([...ours.devices.keys(), ...devices.keys()]);
  return {
    state: [...ours.registers]
      .map(([name, value]) => ({ name, ours: value, theirs: registers.get(name) ?? 0n }))
      .filter((row) => row.ours !== row.theirs),
    descriptors: TABLES.flatMap((table) => tableFrom(table, ours, tables)).slice(0, MOST),
    devices: [...names]
      .map((name) => ({ name, ours: ours.devices.get(name) ?? null, theirs: devices.get(name) ?? null }))
      .filter((row) => row.ours !== row.theirs)
      .slice(0, MOST),
    memory: memoryFrom(ours, machine),
  };
}
