import { ByteReader, FormatError, toSize } from './byteReader.ts';
import { type Problem, problem } from './problem.ts';

/** Executable and Linkable Format for x86, 32- and 64-bit (System V ABI, "Object Files"). */

export type ElfType = 'relocatable' | 'executable' | 'position-independent' | 'core' | 'other';

export interface ElfSegment {
  /** p_type: 1 is LOAD. */
  readonly type: number;
  /** 1 execute, 2 write, 4 read. */
  readonly flags: number;
  readonly virtualAddress: bigint;
  readonly physicalAddress: bigint;
  /** The bytes in the file; the rest up to `memorySize` is zero. */
  readonly bytes: Uint8Array;
  readonly memorySize: bigint;
}

export interface ElfSection {
  readonly name: string;
  /** sh_type: 2 is SYMTAB, 3 STRTAB, 8 NOBITS. */
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly size: bigint;
  readonly link: number;
  readonly entrySize: bigint;
  /** The bytes in the file; empty for NOBITS. */
  readonly bytes: Uint8Array;
}

export interface ElfFile {
  readonly bits: 32 | 64;
  readonly type: ElfType;
  readonly entry: bigint;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** The section headers as they stand in the file, and the index of the name table among them. */
  readonly sectionHeaders: { readonly bytes: Uint8Array; readonly entrySize: number; readonly nameIndex: number };
}

export const SEGMENT_LOAD = 1;
export const SECTION = { symbols: 2, strings: 3, noBits: 8 } as const;

const MACHINE = { x86: 3, x8664: 62 } as const;
const TYPES: readonly ElfType[] = ['other', 'relocatable', 'executable', 'position-independent', 'core'];
/** More than any linker makes; keeps hostile files cheap. */
const MAX_SEGMENTS = 256;
const MAX_SECTIONS = 8192;

export const hasElfMagic = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** Reads the headers. Segments and sections are views of `bytes`. Any input gives a value. */
export function parseElf(bytes: Uint8Array): ElfFile | Problem {
  if (!hasElfMagic(bytes)) {
    return problem('Not an ELF file', 'It does not begin with 7Fh "ELF". Choose an ELF executable made for x86.');
  }
  try {
    return parse(new ByteReader(bytes, 'the file'));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return problem('The ELF file is damaged', `${error.message}. It may be cut off: make or copy it again.`);
  }
}

function parse(file: ByteReader): ElfFile | Problem {
  const bits = file.u8(4) === 1 ? 32 : 64;
  if (file.u8(4) < 1 || file.u8(4) > 2) throw new FormatError(`the class byte is ${file.u8(4)}`);
  if (file.u8(5) !== 1) return problem('Not for x86', 'The ELF file is big-endian; x86 is little-endian.');
  const machine = file.u16(18);
  if (machine !== MACHINE.x86 && machine !== MACHINE.x8664) {
    return problem(
      'Not for x86',
      `The ELF file is for machine number ${machine}; 3 (x86) or 62 (x86-64) can run here.`,
    );
  }
  const wide = bits === 64;
  const address = (offset: number): bigint => (wide ? file.u64(offset) : BigInt(file.u32(offset)));
  const tail = wide ? 0x34 : 0x28;
  const header = {
    entry: address(0x18),
    segments: toSize(address(wide ? 0x20 : 0x1c), 'the offset of the program headers'),
    sections: toSize(address(wide ? 0x28 : 0x20), 'the offset of the section headers'),
    segmentSize: file.u16(tail + 2),
    segmentCount: file.u16(tail + 4),
    sectionSize: file.u16(tail + 6),
    sectionCount: file.u16(tail + 8),
    nameIndex: file.u16(tail + 10),
  };
  if (header.segmentCount > MAX_SEGMENTS || header.sectionCount > MAX_SECTIONS) {
    throw new FormatError(`it claims ${header.segmentCount} segments and ${header.sectionCount} sections`);
  }
  if (header.segmentCount > 0 && header.segmentSize < (wide ? 56 : 32)) {
    throw new FormatError(`program headers of ${header.segmentSize} bytes are too short`);
  }
  if (header.sectionCount > 0 && header.sectionSize < (wide ? 64 : 40)) {
    throw new FormatError(`section headers of ${header.sectionSize} bytes are too short`);
  }
  const segments: ElfSegment[] = [];
  for (let i = 0; i < header.segmentCount; i++) {
    segments.push(readSegment(file, header.segments + i * header.segmentSize, wide));
  }
  const sections = header.sections === 0 ? [] : readSections(file, header, wide);
  return {
    bits,
    type: TYPES[file.u16(16)] ?? 'other',
    entry: header.entry,
    segments,
    sections,
    sectionHeaders: {
      bytes:
        sections.length === 0 ? new Uint8Array() : file.slice(header.sections, sections.length * header.sectionSize),
      entrySize: header.sectionSize,
      nameIndex: header.nameIndex,
    },
  };
}

function readSegment(file: ByteReader, at: number, wide: boolean): ElfSegment {
  const word = (offset32: number, offset64: number): bigint =>
    wide ? file.u64(at + offset64) : BigInt(file.u32(at + offset32));
  const offset = toSize(word(4, 8), 'the offset of a segment');
  const fileSize = toSize(word(16, 32), 'the size of a segment');
  const memorySize = word(20, 40);
  if (memorySize < BigInt(fileSize)) throw new FormatError('a segment is larger in the file than in memory');
  return {
    type: file.u32(at),
    flags: file.u32(at + (wide ? 4 : 24)),
    virtualAddress: word(8, 16),
    physicalAddress: word(12, 24),
    bytes: file.slice(offset, fileSize),
    memorySize,
  };
}

interface SectionTable {
  readonly sections: number;
  readonly sectionSize: number;
  readonly sectionCount: number;
  readonly nameIndex: number;
}

function readSections(file: ByteReader, table: SectionTable, wide: boolean): ElfSection[] {
  const unnamed: { readonly nameOffset: number; readonly section: ElfSection }[] = [];
  for (let i = 0; i < table.sectionCount; i++) {
    const at = table.sections + i * table.sectionSize;
    const word = (offset32: number, offset64: number): bigint =>
      wide ? file.u64(at + offset64) : BigInt(file.u32(at + offset32));
    const type = file.u32(at + 4);
    const size = word(20, 32);
    const offset = word(16, 24);
    const inFile = type !== SECTION.noBits && type !== 0;
    unnamed.push({
      nameOffset: file.u32(at),
      section: {
        name: '',
        type,
        flags: word(8, 8),
        address: word(12, 16),
        size,
        link: file.u32(at + (wide ? 40 : 24)),
        entrySize: word(36, 56),
        bytes: inFile ? file.slice(toSize(offset, 'an offset'), toSize(size, 'a size')) : new Uint8Array(),
      },
    });
  }
  const names = new ByteReader(unnamed[table.nameIndex]?.section.bytes ?? new Uint8Array(), 'the section names');
  return unnamed.map(({ nameOffset, section }) => ({
    ...section,
    name: nameOffset < names.length ? names.text(nameOffset, 256) : '',
  }));
}
