import { readObject } from '../linker/elfReader.ts';

/** Sections whose contents gas makes of `.cfi_` and `.loc` directives, which we pass over, and those of debuggers. */
const NOT_COMPARED = /^\.(?:eh_frame|debug_|note\.gnu\.property|note\.GNU-stack)/;

interface Comparable {
  readonly sections: ReadonlyMap<string, Readonly<Record<string, string | number>>>;
  readonly symbols: readonly string[];
}

function comparable(file: Uint8Array): Comparable {
  const object = readObject(file, 'object');
  if (typeof object === 'string') throw new Error(object);
  const sections = new Map<string, Record<string, string | number>>();
  for (const section of object.sections) {
    if (section.index === 0 || [2, 3, 4].includes(section.type) || NOT_COMPARED.test(section.name)) continue;
    if (section.size === 0 && section.relocations.length === 0) continue;
    const relocations = section.relocations.map(({ offset, type, symbol: index, addend }) => {
      const symbol = object.symbols[index];
      const name =
        symbol?.type === 3 ? `section ${object.sections[symbol.section]?.name}` : unnamed(symbol?.name ?? '');
      return `${offset.toString(16)} type ${type} ${name} + ${addend}`;
    });
    const { type, flags, alignment, entrySize, size } = section;
    sections.set(section.name, {
      type,
      flags,
      alignment,
      entrySize,
      size,
      bytes: hex(section.bytes),
      relocations: relocations.join('\n'),
    });
  }
  const symbols = object.symbols
    .filter((symbol, n) => n !== 0 && symbol.type !== 3 && symbol.type !== 4 && !symbol.name.startsWith('.L'))
    .map(({ name, binding, type, visibility, section, value, size }) => {
      const home = section >= 0xff00 ? String(section) : (object.sections[section]?.name ?? '');
      return `${name} binding ${binding} type ${type} visibility ${visibility} in ${home} at ${value} size ${size}`;
    });
  return { sections, symbols };
}

/** Numeric labels that relocations name have names of the assembler's own. */
const unnamed = (name: string): string => (name.includes('\u0002') ? 'a numeric label' : name);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What differs between two relocatable files: sections, relocations, symbols. Empty when nothing does. */
export function differences(ours: Uint8Array, theirs: Uint8Array): string[] {
  const a = comparable(ours);
  const b = comparable(theirs);
  const found: string[] = [];
  for (const name of new Set([...a.sections.keys(), ...b.sections.keys()])) {
    const left = a.sections.get(name);
    const right = b.sections.get(name);
    if (left === undefined || right === undefined) {
      found.push(`section ${name} only in ${left === undefined ? "GNU as's" : 'ours'}`);
      continue;
    }
    for (const key of Object.keys(left))
      if (left[key] !== right[key]) found.push(`${name} ${key}: ${firstDifference(left[key], right[key])}`);
  }
  const theirSymbols = new Set(b.symbols);
  const ourSymbols = new Set(a.symbols);
  for (const symbol of a.symbols) if (!theirSymbols.has(symbol)) found.push(`only ours: ${symbol}`);
  for (const symbol of b.symbols) if (!ourSymbols.has(symbol)) found.push(`only GNU as: ${symbol}`);
  return found;
}

function firstDifference(ours: string | number | undefined, theirs: string | number | undefined): string {
  if (typeof ours !== 'string' || typeof theirs !== 'string') return `${ours}, not ${theirs}`;
  let at = 0;
  while (ours[at] === theirs[at]) at++;
  at &= ~1;
  return `at ${at >> 1}: ${ours.slice(at, at + 60)}, not ${theirs.slice(at, at + 60)}`;
}

export interface LoadedSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly loadAddress: bigint;
  readonly memorySize: bigint;
  readonly bytes: string;
}

/** Entry and program headers of an executable, with what they load. */
export function loadedSegments(file: Uint8Array): {
  readonly entry: bigint;
  readonly segments: readonly LoadedSegment[];
} {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const segments = Array.from({ length: view.getUint16(56, true) }, (_, n): LoadedSegment => {
    const at = 64 + 56 * n;
    const offset = view.getBigUint64(at + 8, true);
    const size = view.getBigUint64(at + 32, true);
    return {
      type: view.getUint32(at, true),
      flags: view.getUint32(at + 4, true),
      offset,
      address: view.getBigUint64(at + 16, true),
      loadAddress: view.getBigUint64(at + 24, true),
      memorySize: view.getBigUint64(at + 40, true),
      bytes: hex(file.subarray(Number(offset), Number(offset + size))),
    };
  });
  return { entry: view.getBigUint64(24, true), segments };
}
