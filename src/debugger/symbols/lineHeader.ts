import { type ByteReader, FormatError } from '../../machine/loader/byteReader.ts';
import type { DwarfReader } from './dwarfReader.ts';

/** The sections a line table draws on. */
export interface LineSections {
  readonly line: ByteReader;
  readonly lineStrings: ByteReader;
  readonly strings: ByteReader;
}

export interface LineHeader {
  readonly minimumInstructionLength: bigint;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Operand counts of standard opcodes, opcode 1 first. */
  readonly operandCounts: readonly number[];
  /** Paths by file number. Version 5 counts from 0, earlier ones from 1. */
  readonly files: readonly string[];
  /** Directories, for files named inside the program (versions up to 4). */
  readonly directories: readonly string[];
}

const FORM = {
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  strp: 0x0e,
  udata: 0x0f,
  data16: 0x1e,
  lineStrp: 0x1f,
} as const;
const CONTENT = { path: 1, directory: 2 } as const;
const MAX_ENTRIES = 65_536;

/** Reads the header from behind the version number up to the program; versions 2 to 5 (DWARF 5, 6.2.4). */
export function readLineHeader(reader: DwarfReader, version: number, sections: LineSections): LineHeader {
  if (version < 2 || version > 5) throw new FormatError(`line table version ${version}`);
  // Version 5: sizes of an address and of a segment selector.
  if (version === 5) reader.skip(2);
  const length = reader.sectionOffset();
  const programAt = reader.offset + length;
  const minimumInstructionLength = BigInt(reader.u8());
  // Operations per instruction, for VLIW machines.
  if (version >= 4) reader.skip(1);
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  if (lineRange === 0 || opcodeBase === 0) throw new FormatError('the line table header is impossible');
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const names = version === 5 ? readNames5(reader, sections) : readNames2(reader);
  if (programAt < reader.offset) throw new FormatError('the line table header is longer than it says');
  reader.skip(programAt - reader.offset);
  return { minimumInstructionLength, defaultIsStatement, lineBase, lineRange, opcodeBase, operandCounts, ...names };
}

/** Versions 2 to 4: directory 0 is the compilation directory, which only .debug_info names; paths stay relative to it. */
function readNames2(reader: DwarfReader): Pick<LineHeader, 'files' | 'directories'> {
  const directories = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) directories.push(name);
  const files = [''];
  for (let name = reader.text(); name !== ''; name = reader.text())
    files.push(readFileEntry(reader, name, directories));
  return { files, directories };
}

/** The rest of a file entry of versions 2 to 4: directory number, time and size. */
export function readFileEntry(reader: DwarfReader, name: string, directories: readonly string[]): string {
  const directory = reader.count();
  reader.uleb();
  reader.uleb();
  return joinPath(directories[directory] ?? '', name);
}

function readNames5(reader: DwarfReader, sections: LineSections): Pick<LineHeader, 'files' | 'directories'> {
  const directories = readEntries(reader, sections).map((entry) => entry.path);
  const root = directories[0] ?? '';
  const files = readEntries(reader, sections).map((entry) => {
    const directory = directories[entry.directory] ?? '';
    return relativeTo(root, joinPath(directory, entry.path));
  });
  return { files, directories };
}

interface Entry {
  readonly path: string;
  readonly directory: number;
}

function readEntries(reader: DwarfReader, sections: LineSections): Entry[] {
  const formats = Array.from({ length: reader.u8() }, () => ({ content: reader.count(), form: reader.count() }));
  const count = reader.count();
  if (count > MAX_ENTRIES || (formats.length === 0 && count > 0)) throw new FormatError(`${count} names`);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    let path = '';
    let directory = 0;
    for (const { content, form } of formats) {
      const value = readForm(reader, form, sections);
      if (content === CONTENT.path && typeof value === 'string') path = value;
      if (content === CONTENT.directory && typeof value === 'number') directory = value;
    }
    entries.push({ path, directory });
  }
  return entries;
}

function readForm(reader: DwarfReader, form: number, sections: LineSections): string | number {
  switch (form) {
    case FORM.string:
      return reader.text();
    case FORM.lineStrp:
      return sections.lineStrings.text(reader.sectionOffset());
    case FORM.strp:
      return sections.strings.text(reader.sectionOffset());
    case FORM.data1:
      return reader.u8();
    case FORM.data2:
      return reader.u16();
    case FORM.data4:
      return reader.u32();
    case FORM.udata:
      return reader.count();
    case FORM.data8:
      return Number(reader.u64());
    case FORM.data16:
      reader.skip(16);
      return 0;
    case FORM.block:
      reader.skip(reader.count());
      return 0;
    case FORM.block1:
      reader.skip(reader.u8());
      return 0;
  }
  throw new FormatError(`form ${form.toString(16)}h in a line table`);
}

/** Joins and tidies: no ".", no empty parts, ".." taken back where it can be. */
export function joinPath(directory: string, name: string): string {
  const path = name.startsWith('/') || directory === '' ? name : `${directory}/${name}`;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

function relativeTo(root: string, path: string): string {
  const prefix = `${joinPath('', root)}/`;
  return root !== '' && path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
