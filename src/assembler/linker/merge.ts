import type { InputSection } from './elfReader.ts';

/** What is left of a section whose entries were merged with others of the same kind. */
export interface MergedSection {
  readonly bytes: Uint8Array;
  /** Where an offset of the input is now: in which section and at which offset. */
  readonly find: (offset: number) => { readonly section: InputSection; readonly offset: number };
}

interface Entry {
  readonly text: string;
  alignment: number;
  /** The section it was first seen in, which holds it. */
  readonly section: InputSection;
  /** The entry whose end this one is, when it needs no place of its own. */
  within: Entry | null;
  offset: number;
  deleted: boolean;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly entry: Entry;
}

/**
 * Merges sections of equal strings or constants (SHF_MERGE) as GNU ld does: an entry stays in the section where it
 * appears first, an entry that ends a longer one is found there, the rest keeps its order.
 */
export function mergeSections(sections: readonly InputSection[], strings: boolean): Map<InputSection, MergedSection> {
  const entries = new Map<string, Entry>();
  const order: Entry[] = [];
  const pieces = new Map<InputSection, Piece[]>();
  for (const section of sections)
    pieces.set(section, strings ? splitStrings(section, entries, order) : splitConstants(section, entries, order));
  if (strings) findSuffixes(order, sections[0]?.entrySize ?? 1);
  const contents = new Map<InputSection, Uint8Array>();
  for (const section of sections) contents.set(section, arrange(section, order));
  const merged = new Map<InputSection, MergedSection>();
  for (const section of sections) {
    const own = pieces.get(section) ?? [];
    merged.set(section, {
      bytes: contents.get(section) ?? new Uint8Array(0),
      find: (offset) => find(own, offset, section),
    });
  }
  return merged;
}

function add(
  text: string,
  alignment: number,
  section: InputSection,
  entries: Map<string, Entry>,
  order: Entry[],
): Entry {
  const known = entries.get(text);
  if (known !== undefined && known.alignment >= alignment) return known;
  // A copy that needs more alignment replaces the old one, which then gets no place.
  const entry: Entry = { text, alignment, section, within: null, offset: 0, deleted: false };
  if (known !== undefined) {
    known.deleted = true;
    known.within = entry;
  }
  entries.set(text, entry);
  order.push(entry);
  return entry;
}

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

function splitConstants(section: InputSection, entries: Map<string, Entry>, order: Entry[]): Piece[] {
  const pieces: Piece[] = [];
  const size = section.entrySize;
  for (let start = 0; start + size <= section.bytes.length; start += size) {
    const text = latin1(section.bytes.subarray(start, start + size));
    pieces.push({ start, end: start + size, entry: add(text, section.alignment, section, entries, order) });
  }
  return pieces;
}

function splitStrings(section: InputSection, entries: Map<string, Entry>, order: Entry[]): Piece[] {
  const { bytes, entrySize, alignment } = section;
  const pieces: Piece[] = [];
  let sawNull = false;
  let start = 0;
  const isNull = (at: number): boolean => {
    for (let n = 0; n < entrySize; n++) if (bytes[at + n] !== 0) return false;
    return true;
  };
  while (start < bytes.length) {
    let end = start;
    while (end < bytes.length && !isNull(end)) end += entrySize;
    end = Math.min(end + entrySize, bytes.length);
    const lowest = start === 0 ? alignment : Math.min(alignment, start & -start);
    const text = latin1(bytes.subarray(start, end));
    const entry = add(text, lowest, section, entries, order);
    pieces.push({ start, end, entry });
    start = end;
    // Zeros behind a string are padding; one aligned empty string among them is kept.
    while (start < bytes.length && isNull(start)) {
      if (!sawNull && start % alignment === 0) {
        sawNull = true;
        pieces.push({
          start,
          end: start + entrySize,
          entry: add('\0'.repeat(entrySize), alignment, section, entries, order),
        });
      }
      start += entrySize;
    }
  }
  return pieces;
}

/** Finds strings that are the end of another, at a place aligned enough. */
function findSuffixes(order: readonly Entry[], entrySize: number): void {
  const live = order.filter((entry) => !entry.deleted);
  const reversed = new Map<Entry, string>();
  for (const entry of live) reversed.set(entry, [...entry.text].reverse().join(''));
  const key = (entry: Entry): string => reversed.get(entry) ?? '';
  const sorted = [...live].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  let last: Entry | undefined;
  for (let n = sorted.length - 1; n >= 0; n--) {
    const entry = sorted[n];
    if (entry === undefined) continue;
    if (
      last !== undefined &&
      key(last).startsWith(key(entry)) &&
      last.alignment >= entry.alignment &&
      (last.text.length - entry.text.length) % Math.max(entry.alignment, entrySize) === 0
    ) {
      entry.within = last;
    } else last = entry;
  }
}

function arrange(section: InputSection, order: readonly Entry[]): Uint8Array {
  let size = 0;
  const own = order.filter((entry) => entry.section === section && entry.within === null);
  for (const entry of own) {
    size = Math.ceil(size / entry.alignment) * entry.alignment;
    entry.offset = size;
    size += entry.text.length;
  }
  const bytes = new Uint8Array(size);
  for (const entry of own) {
    for (let n = 0; n < entry.text.length; n++) bytes[entry.offset + n] = entry.text.charCodeAt(n);
  }
  return bytes;
}

function find(
  pieces: readonly Piece[],
  offset: number,
  section: InputSection,
): { section: InputSection; offset: number } {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low - 1];
  if (piece === undefined) return { section, offset };
  let { entry } = piece;
  let within = Math.min(offset - piece.start, entry.text.length);
  while (entry.within !== null) {
    within += entry.within.text.length - entry.text.length;
    entry = entry.within;
  }
  return { section: entry.section, offset: entry.offset + within };
}
