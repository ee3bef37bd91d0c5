import { evaluate, laidOutDistance } from '../expression/evaluate.ts';
import {
  ElfSize,
  ElfType,
  SectionNumber,
  StringTable,
  writeElfHeader,
  writeSectionHeader,
  writeSymbol,
} from './elf.ts';
import { constantAfterLayout } from './relax.ts';
import type { SectionContents } from './resolve.ts';
import { type Section, SectionFlag, SectionType } from './section.ts';
import { type AssemblerSymbol, addressOf } from './symbol.ts';

const BINDINGS = { local: 0, global: 1, weak: 2 } as const;
const FILE_TYPE = 4;

interface Entry {
  readonly symbol: AssemblerSymbol | null;
  readonly name: string;
  readonly binding: number;
}

interface Placed {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/**
 * Writes an ELF64 relocatable file in the order GNU as has: each section followed by its relocations in the section
 * headers; in the file contents, symbols, strings, then relocations.
 */
export function objectFile(
  contents: readonly SectionContents[],
  symbols: readonly AssemblerSymbol[],
  sourceFiles: readonly string[],
): Uint8Array {
  const entries = symbolEntries(symbols, sourceFiles);
  const firstGlobal = entries.findIndex((entry) => entry.binding !== 0);
  entries.forEach((entry, n) => {
    if (entry.symbol !== null) entry.symbol.index = n + 1;
  });
  const numbers = new Map<Section, number>();
  let count = 1;
  for (const { section, relocations } of contents) {
    numbers.set(section, count);
    count += relocations.length > 0 ? 2 : 1;
  }
  const symbolSection = count;
  const strings = new StringTable();
  const names = new StringTable();
  const symbolBytes = writeSymbols(entries, strings, numbers);
  const layout = new Layout();
  const headers: Parameters<typeof writeSectionHeader>[2][] = [];
  const placed = contents.map((content) => layout.add(content.bytes, content.section.alignment));
  const symbolPlace = layout.add(symbolBytes, 8);
  const stringPlace = layout.add(strings.bytes(), 1);
  const tables = contents.map((content) =>
    content.relocations.length > 0 ? layout.add(writeRelocations(content), 8) : null,
  );
  contents.forEach(({ section }, n) => {
    const name = names.add(section.name);
    headers.push({
      name,
      type: section.type,
      flags: section.flags,
      address: 0n,
      offset: placed[n]?.offset ?? 0,
      size: section.size,
      link: 0,
      info: 0,
      alignment: section.alignment,
      entrySize: section.entrySize,
    });
    const table = tables[n];
    if (table === null || table === undefined) return;
    headers.push({
      name: names.add(`.rela${section.name}`),
      type: SectionType.rela,
      flags: SectionFlag.infoLink,
      address: 0n,
      offset: table.offset,
      size: table.bytes.length,
      link: symbolSection,
      info: numbers.get(section) ?? 0,
      alignment: 8,
      entrySize: ElfSize.rela,
    });
  });
  const plain = { flags: 0, address: 0n, link: 0, info: 0, alignment: 1, entrySize: 0 };
  headers.push({
    ...plain,
    name: names.add('.symtab'),
    type: SectionType.symtab,
    offset: symbolPlace.offset,
    size: symbolBytes.length,
    link: symbolSection + 1,
    info: firstGlobal < 0 ? entries.length + 1 : firstGlobal + 1,
    alignment: 8,
    entrySize: ElfSize.symbol,
  });
  headers.push({
    ...plain,
    name: names.add('.strtab'),
    type: SectionType.strtab,
    offset: stringPlace.offset,
    size: stringPlace.bytes.length,
  });
  const ownName = names.add('.shstrtab');
  const namePlace = layout.add(names.bytes(), 1);
  headers.push({
    ...plain,
    name: ownName,
    type: SectionType.strtab,
    offset: namePlace.offset,
    size: namePlace.bytes.length,
  });
  return layout.file(headers);
}

class Layout {
  private at: number = ElfSize.header;
  private readonly parts: Placed[] = [];

  add(bytes: Uint8Array, alignment: number): Placed {
    if (bytes.length > 0) this.at = Math.ceil(this.at / alignment) * alignment;
    const part = { bytes, offset: this.at };
    this.parts.push(part);
    this.at += bytes.length;
    return part;
  }

  file(headers: readonly Parameters<typeof writeSectionHeader>[2][]): Uint8Array {
    const table = Math.ceil(this.at / 8) * 8;
    const file = new Uint8Array(table + (headers.length + 1) * ElfSize.sectionHeader);
    const view = new DataView(file.buffer);
    writeElfHeader(view, {
      type: ElfType.relocatable,
      entry: 0n,
      programHeaders: 0,
      programHeaderOffset: 0,
      sectionHeaderOffset: table,
      sections: headers.length + 1,
      stringSection: headers.length,
    });
    for (const { bytes, offset } of this.parts) file.set(bytes, offset);
    headers.forEach((header, n) => {
      writeSectionHeader(view, table + (n + 1) * ElfSize.sectionHeader, header);
    });
    return file;
  }
}

/** Locals first (System V ABI, "Symbol Table"), each group in order of appearance. */
function symbolEntries(symbols: readonly AssemblerSymbol[], sourceFiles: readonly string[]): Entry[] {
  const locals: Entry[] = sourceFiles.map((name) => ({ symbol: null, name, binding: 0 }));
  const temporary: Entry[] = [];
  const others: Entry[] = [];
  for (const symbol of symbols) {
    if (!isWritten(symbol)) continue;
    const undefinedHere = symbol.state === 'undefined';
    const binding = undefinedHere && symbol.binding === 'local' ? BINDINGS.global : BINDINGS[symbol.binding];
    const list = binding !== 0 ? others : symbol.name.startsWith('.L') ? temporary : locals;
    list.push({ symbol, name: symbol.state === 'section' ? '' : symbol.name, binding });
  }
  return [...locals, ...temporary, ...others];
}

function isWritten(symbol: AssemblerSymbol): boolean {
  switch (symbol.state) {
    case 'section':
    case 'undefined':
      return symbol.used;
    default:
      return symbol.binding !== 'local' || !symbol.name.startsWith('.L') || symbol.index === NAMED_BY_RELOCATION;
  }
}

/** `symbol.index` before the table exists, for a local symbol that a relocation names. */
export const NAMED_BY_RELOCATION = -2;

function writeSymbols(
  entries: readonly Entry[],
  strings: StringTable,
  numbers: ReadonlyMap<Section, number>,
): Uint8Array {
  const bytes = new Uint8Array((entries.length + 1) * ElfSize.symbol);
  const view = new DataView(bytes.buffer);
  entries.forEach(({ symbol, name, binding }, n) => {
    const at = (n + 1) * ElfSize.symbol;
    if (symbol === null) {
      writeSymbol(view, at, {
        name: strings.add(name),
        info: FILE_TYPE,
        other: 0,
        section: SectionNumber.absolute,
        value: 0n,
        size: 0n,
      });
      return;
    }
    const { section, value } = place(symbol, numbers);
    const sizeExpression = symbol.size ?? aliased(symbol)?.size ?? null;
    const size = sizeExpression === null ? 0n : constantAfterLayout(sizeExpression);
    writeSymbol(view, at, {
      name: strings.add(name),
      info: (binding << 4) | typeOf(symbol),
      other: symbol.visibility,
      section,
      value,
      size: typeof size === 'bigint' ? size : 0n,
    });
  });
  return bytes;
}

const TLS_SYMBOL = 6;

/** Whatever `.type` says, a symbol of a thread-local section is one. */
function typeOf(symbol: AssemblerSymbol): number {
  const isTls = symbol.state === 'label' && ((symbol.section?.flags ?? 0) & SectionFlag.tls) !== 0;
  if (isTls || symbol.type !== 0) return isTls ? TLS_SYMBOL : symbol.type;
  return aliased(symbol)?.type ?? 0;
}

/** The symbol another is set to (`.set b, a + 4`): its type and size are the other's too. */
function aliased(symbol: AssemblerSymbol): AssemblerSymbol | null {
  if (symbol.state !== 'equated' || symbol.value === null) return null;
  const value = evaluate(symbol.value, laidOutDistance);
  return typeof value === 'string' || value.sub !== null ? null : value.add;
}

function place(symbol: AssemblerSymbol, numbers: ReadonlyMap<Section, number>): { section: number; value: bigint } {
  if (symbol.state === 'common') return { section: SectionNumber.common, value: symbol.commonAlignment };
  if (symbol.state === 'undefined') return { section: 0, value: 0n };
  if (symbol.state === 'section' && symbol.section !== null)
    return { section: numbers.get(symbol.section) ?? 0, value: 0n };
  if (symbol.state === 'equated' && symbol.value !== null) {
    const value = evaluate(symbol.value, laidOutDistance);
    if (typeof value === 'string') return { section: SectionNumber.absolute, value: 0n };
    if (value.add === null) return { section: SectionNumber.absolute, value: value.constant };
    const base = place(value.add, numbers);
    return { section: base.section, value: base.value + value.constant };
  }
  return {
    section: symbol.section === null ? 0 : (numbers.get(symbol.section) ?? 0),
    value: BigInt(addressOf(symbol)),
  };
}

function writeRelocations(content: SectionContents): Uint8Array {
  const bytes = new Uint8Array(content.relocations.length * ElfSize.rela);
  const view = new DataView(bytes.buffer);
  content.relocations.forEach(({ offset, type, symbol, addend }, n) => {
    const at = n * ElfSize.rela;
    view.setBigUint64(at, BigInt(offset), true);
    view.setUint32(at + 8, type, true);
    view.setUint32(at + 12, symbol?.index ?? 0, true);
    view.setBigInt64(at + 16, addend, true);
  });
  return bytes;
}
