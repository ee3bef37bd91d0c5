import { ElfSize, ElfType, X86_64 } from '../object/elf.ts';
import { SectionType } from '../object/section.ts';

/** A relocatable ELF64 file as a linker sees it. */
export interface ObjectFile {
  readonly name: string;
  readonly sections: readonly InputSection[];
  /** By symbol table index; 0 is the empty symbol. */
  readonly symbols: readonly InputSymbol[];
}

export interface InputSection {
  readonly file: string;
  /** Number in its file. */
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly size: number;
  /** Empty for NOBITS. */
  readonly bytes: Uint8Array;
  readonly relocations: readonly InputRelocation[];
}

export interface InputSymbol {
  readonly name: string;
  /** 0 local, 1 global, 2 weak. */
  readonly binding: number;
  readonly type: number;
  readonly visibility: number;
  /** Section number, or a special one (`SectionNumber`). */
  readonly section: number;
  readonly value: bigint;
  readonly size: bigint;
}

export interface InputRelocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: number;
  readonly addend: bigint;
}

/** Reads a relocatable file; a text says what is wrong with it. */
export function readObject(file: Uint8Array, name: string): ObjectFile | string {
  try {
    return new Reader(file, name).read();
  } catch (error) {
    // Every read beyond the file's end raises RangeError.
    if (error instanceof RangeError) return `${name} ends in the middle of a table`;
    if (error instanceof BadObject) return `${name} ${error.message}`;
    throw error;
  }
}

class BadObject extends Error {}

interface Header {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

const LARGEST = 1 << 30;

class Reader {
  private readonly file: Uint8Array;
  private readonly view: DataView;
  private readonly name: string;
  private headers: Header[] = [];

  constructor(file: Uint8Array, name: string) {
    this.file = file;
    this.name = name;
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  read(): ObjectFile {
    const { view } = this;
    if (this.file.length < ElfSize.header || view.getUint32(0) !== 0x7f454c46)
      throw new BadObject('is not an ELF file');
    if (view.getUint8(4) !== 2 || view.getUint8(5) !== 1) throw new BadObject('is not a 64-bit little-endian file');
    if (view.getUint16(16, true) !== ElfType.relocatable) throw new BadObject('is not a relocatable file');
    if (view.getUint16(18, true) !== X86_64) throw new BadObject('is not for x86-64');
    const table = this.offset(40);
    const count = view.getUint16(60, true);
    this.headers = Array.from({ length: count }, (_, n) => this.header(table + n * ElfSize.sectionHeader));
    const names = this.headers[view.getUint16(62, true)];
    const symbolTable = this.headers.find((header) => header.type === SectionType.symtab);
    const sections = this.headers.map((header, n) => this.section(header, n, names));
    return { name: this.name, sections, symbols: symbolTable === undefined ? [] : this.symbols(symbolTable) };
  }

  private offset(at: number): number {
    const value = this.view.getBigUint64(at, true);
    if (value > BigInt(LARGEST)) throw new BadObject('has a field beyond its end');
    return Number(value);
  }

  private header(at: number): Header {
    const { view } = this;
    return {
      name: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      flags: Number(view.getBigUint64(at + 8, true) & 0xffffffffn),
      offset: this.offset(at + 24),
      size: this.offset(at + 32),
      link: view.getUint32(at + 40, true),
      info: view.getUint32(at + 44, true),
      alignment: Math.max(1, this.offset(at + 48)),
      entrySize: this.offset(at + 56),
    };
  }

  private contents(header: Header): Uint8Array {
    if (header.offset + header.size > this.file.length) throw new BadObject('has a section beyond its end');
    return this.file.subarray(header.offset, header.offset + header.size);
  }

  private text(table: Header | undefined, at: number): string {
    if (table === undefined) return '';
    const bytes = this.contents(table);
    const end = bytes.indexOf(0, at);
    return new TextDecoder().decode(bytes.subarray(at, end < 0 ? bytes.length : end));
  }

  private section(header: Header, index: number, names: Header | undefined): InputSection {
    const relocations: InputRelocation[] = [];
    this.headers.forEach((other) => {
      if (other.type === SectionType.rela && other.info === index && index !== 0)
        relocations.push(...this.relocations(other));
    });
    return {
      file: this.name,
      index,
      name: this.text(names, header.name),
      type: header.type,
      flags: header.flags,
      alignment: header.alignment,
      entrySize: header.entrySize,
      size: header.size,
      bytes: header.type === SectionType.nobits || header.type === 0 ? new Uint8Array(0) : this.contents(header),
      relocations,
    };
  }

  private relocations(header: Header): InputRelocation[] {
    const { view } = this;
    this.contents(header);
    return Array.from({ length: Math.floor(header.size / ElfSize.rela) }, (_, n) => {
      const at = header.offset + n * ElfSize.rela;
      return {
        offset: this.offset(at),
        type: view.getUint32(at + 8, true),
        symbol: view.getUint32(at + 12, true),
        addend: view.getBigInt64(at + 16, true),
      };
    });
  }

  private symbols(header: Header): InputSymbol[] {
    const { view } = this;
    this.contents(header);
    const strings = this.headers[header.link];
    return Array.from({ length: Math.floor(header.size / ElfSize.symbol) }, (_, n) => {
      const at = header.offset + n * ElfSize.symbol;
      const info = view.getUint8(at + 4);
      return {
        name: this.text(strings, view.getUint32(at, true)),
        binding: info >> 4,
        type: info & 15,
        visibility: view.getUint8(at + 5) & 3,
        section: view.getUint16(at + 6, true),
        value: view.getBigUint64(at + 8, true),
        size: view.getBigUint64(at + 16, true),
      };
    });
  }
}
