import {
  ElfSize,
  ElfType,
  SectionNumber,
  StringTable,
  writeElfHeader,
  writeSectionHeader,
  writeSymbol,
} from '../object/elf.ts';
import { SectionFlag, SectionType } from '../object/section.ts';
import type { OutputSection } from './outputs.ts';
import type { SegmentStatement } from './scriptTypes.ts';

export interface OutputSymbol {
  readonly name: string;
  readonly binding: number;
  readonly type: number;
  readonly visibility: number;
  readonly section: OutputSection | null;
  readonly value: bigint;
  readonly size: bigint;
}

export interface Segment {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly sections: readonly OutputSection[];
}

const PAGE = 4096n;
const PT_LOAD = 1;

/** Which output sections each segment holds: as the script says, else those of the section before. */
export function segmentsOf(statements: readonly SegmentStatement[], sections: readonly OutputSection[]): Segment[] {
  const loaded = sections.filter((section) => (section.flags & SectionFlag.alloc) !== 0);
  if (statements.length === 0) return byFlags(loaded);
  const lists = new Map<string, OutputSection[]>(statements.map(({ name }) => [name, []]));
  let current: readonly string[] = [];
  for (const section of loaded) {
    if (section.segments.length > 0) current = section.segments;
    for (const name of current) lists.get(name)?.push(section);
  }
  return statements.map(({ name, type, flags }) => {
    const own = lists.get(name) ?? [];
    return { name, type, flags: flags ?? permissions(own), sections: own };
  });
}

function byFlags(sections: readonly OutputSection[]): Segment[] {
  const segments: { name: string; type: number; flags: number; sections: OutputSection[] }[] = [];
  for (const section of sections) {
    const flags = permissions([section]);
    const last = segments.at(-1);
    if (last !== undefined && last.flags === flags) last.sections.push(section);
    else segments.push({ name: '', type: PT_LOAD, flags, sections: [section] });
  }
  return segments;
}

function permissions(sections: readonly OutputSection[]): number {
  let flags = 4;
  for (const section of sections) {
    if ((section.flags & SectionFlag.write) !== 0) flags |= 2;
    if ((section.flags & SectionFlag.exec) !== 0) flags |= 1;
  }
  return flags;
}

/** Writes an ELF64 executable. `contents` gives the bytes of every section that is not NOBITS. */
export function writeExecutable(
  sections: readonly OutputSection[],
  segments: readonly Segment[],
  contents: ReadonlyMap<OutputSection, Uint8Array>,
  symbols: readonly OutputSymbol[],
  entry: bigint,
): Uint8Array {
  let at = ElfSize.header + ElfSize.programHeader * segments.length;
  const headersEnd = at;
  const offsets = new Map<OutputSection, number>();
  for (const segment of segments) {
    if (segment.type !== PT_LOAD) continue;
    const [first] = segment.sections;
    if (first === undefined) continue;
    if (segment.sections.every(({ type }) => type === SectionType.nobits)) {
      // With nothing in the file GNU ld takes the first offset that is congruent, and no room.
      for (const section of segment.sections) offsets.set(section, Number(first.address % PAGE));
      continue;
    }
    // The file offset is congruent to the address modulo the page size (System V ABI, "Program Loading").
    at += Number((((first.address - BigInt(at)) % PAGE) + PAGE) % PAGE);
    let address = first.address;
    for (const section of segment.sections) {
      if (offsets.has(section)) continue;
      const isFilled = section.type !== SectionType.nobits;
      if (isFilled) at += Number(section.address - address);
      offsets.set(section, at);
      if (isFilled) {
        at += section.size;
        address = section.address + BigInt(section.size);
      }
    }
  }
  for (const section of sections) {
    if (offsets.has(section)) continue;
    at = Math.ceil(at / section.alignment) * section.alignment;
    offsets.set(section, at);
    if (section.type !== SectionType.nobits) at += section.size;
  }
  const tables = tablesOf(sections, symbols);
  const start = Math.ceil(at / 8) * 8;
  const stringStart = start + tables.symbols.length;
  const nameStart = stringStart + tables.strings.length;
  const headerStart = Math.ceil((nameStart + tables.names.length) / 8) * 8;
  const count = sections.length + 4;
  const file = new Uint8Array(headerStart + count * ElfSize.sectionHeader);
  const view = new DataView(file.buffer);
  writeElfHeader(view, {
    type: ElfType.executable,
    entry,
    programHeaders: segments.length,
    programHeaderOffset: ElfSize.header,
    sectionHeaderOffset: headerStart,
    sections: count,
    stringSection: count - 1,
  });
  segments.forEach((segment, n) => {
    writeProgramHeader(view, ElfSize.header + n * ElfSize.programHeader, segment, offsets, headersEnd);
  });
  for (const [section, bytes] of contents) file.set(bytes, offsets.get(section) ?? 0);
  file.set(tables.symbols, start);
  file.set(tables.strings, stringStart);
  file.set(tables.names, nameStart);
  sections.forEach((section, n) => {
    writeSectionHeader(view, headerStart + (n + 1) * ElfSize.sectionHeader, {
      name: tables.nameOf(section.name),
      type: section.type,
      flags: section.flags,
      address: section.address,
      offset: offsets.get(section) ?? 0,
      size: section.size,
      link: 0,
      info: 0,
      alignment: section.alignment,
      entrySize: section.entrySize,
    });
  });
  const plain = { flags: 0, address: 0n, link: 0, info: 0, alignment: 1, entrySize: 0 };
  const tail = headerStart + (sections.length + 1) * ElfSize.sectionHeader;
  writeSectionHeader(view, tail, {
    ...plain,
    name: tables.nameOf('.symtab'),
    type: SectionType.symtab,
    offset: start,
    size: tables.symbols.length,
    link: sections.length + 2,
    info: tables.firstGlobal,
    alignment: 8,
    entrySize: ElfSize.symbol,
  });
  writeSectionHeader(view, tail + 64, {
    ...plain,
    name: tables.nameOf('.strtab'),
    type: SectionType.strtab,
    offset: stringStart,
    size: tables.strings.length,
  });
  writeSectionHeader(view, tail + 128, {
    ...plain,
    name: tables.nameOf('.shstrtab'),
    type: SectionType.strtab,
    offset: nameStart,
    size: tables.names.length,
  });
  return file;
}

function writeProgramHeader(
  view: DataView,
  at: number,
  segment: Segment,
  offsets: ReadonlyMap<OutputSection, number>,
  empty: number,
): void {
  const first = segment.sections[0];
  const filled = segment.sections.filter((section) => section.type !== SectionType.nobits).at(-1);
  const last = segment.sections.at(-1);
  const address = first?.address ?? 0n;
  const fileSize = first === undefined || filled === undefined ? 0n : filled.address + BigInt(filled.size) - address;
  const memorySize = last === undefined ? 0n : last.address + BigInt(last.size) - address;
  view.setUint32(at, segment.type, true);
  view.setUint32(at + 4, segment.flags, true);
  view.setBigUint64(at + 8, BigInt(first === undefined ? empty : (offsets.get(first) ?? 0)), true);
  view.setBigUint64(at + 16, address, true);
  view.setBigUint64(at + 24, first?.loadAddress ?? 0n, true);
  view.setBigUint64(at + 32, fileSize, true);
  view.setBigUint64(at + 40, memorySize, true);
  view.setBigUint64(at + 48, segment.type === PT_LOAD ? PAGE : 8n, true);
}

function tablesOf(sections: readonly OutputSection[], symbols: readonly OutputSymbol[]) {
  const names = new StringTable();
  for (const section of sections) names.add(section.name);
  for (const name of ['.symtab', '.strtab', '.shstrtab']) names.add(name);
  const strings = new StringTable();
  const ordered = [
    ...symbols.filter((symbol) => symbol.binding === 0),
    ...symbols.filter((symbol) => symbol.binding !== 0),
  ];
  const bytes = new Uint8Array((ordered.length + 1) * ElfSize.symbol);
  const view = new DataView(bytes.buffer);
  ordered.forEach((symbol, n) => {
    writeSymbol(view, (n + 1) * ElfSize.symbol, {
      name: strings.add(symbol.name),
      info: (symbol.binding << 4) | symbol.type,
      other: symbol.visibility,
      section: symbol.section === null ? SectionNumber.absolute : sections.indexOf(symbol.section) + 1,
      value: symbol.value,
      size: symbol.size,
    });
  });
  return {
    symbols: bytes,
    strings: strings.bytes(),
    names: names.bytes(),
    nameOf: (name: string) => names.add(name),
    firstGlobal: symbols.filter((symbol) => symbol.binding === 0).length + 1,
  };
}
