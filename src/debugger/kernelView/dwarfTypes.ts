/** Structures and enumerations of an ELF file's debug information, found by name (DWARF 4 and 5, 7.5). */
import { ByteReader, FormatError } from '../../machine/loader/byteReader.ts';
import type { ElfFile } from '../../machine/loader/elf.ts';
import { DwarfReader } from '../symbols/dwarfReader.ts';

export interface Member {
  readonly offset: number;
  /** Bytes; 0 when they could not be told. */
  readonly size: number;
  /** Name of the enumeration, when it is one. */
  readonly enumeration: string | null;
  /** Of a structure: its members. */
  readonly structure: Structure | null;
}
export interface Structure {
  readonly size: number;
  readonly members: ReadonlyMap<string, Member>;
}
export interface Types {
  readonly structures: ReadonlyMap<string, Structure>;
  /** Value to name. */
  readonly enumerations: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

const TAG = {
  array: 0x01,
  enumeration: 0x04,
  member: 0x0d,
  pointer: 0x0f,
  structure: 0x13,
  typedef: 0x16,
  subrange: 0x21,
  base: 0x24,
  constant: 0x26,
  enumerator: 0x28,
  volatile: 0x35,
} as const;
const AT = {
  name: 0x03,
  byteSize: 0x0b,
  constant: 0x1c,
  upperBound: 0x2f,
  count: 0x37,
  location: 0x38,
  type: 0x49,
} as const;

interface Abbreviation {
  readonly tag: number;
  readonly children: boolean;
  readonly attributes: readonly (readonly [at: number, form: number, constant: bigint])[];
}

interface Entry {
  readonly tag: number;
  readonly name: string;
  /** Numbers by attribute; references are offsets in the section. */
  readonly values: ReadonlyMap<number, number>;
  readonly children: Entry[];
}

/** A kernel of this many entries is not looked through to its end. */
const MAX_ENTRIES = 300_000;

const sectionOf = (elf: ElfFile, name: string): ByteReader =>
  new ByteReader(elf.sections.find((section) => section.name === name)?.bytes ?? new Uint8Array(), name);

class Unit {
  private readonly reader: DwarfReader;
  private readonly start: number;
  private readonly strings: ByteReader;
  private readonly lineStrings: ByteReader;
  private readonly abbreviations: ReadonlyMap<number, Abbreviation>;
  private readonly addressSize: number;
  readonly end: number;
  readonly byOffset = new Map<number, Entry>();

  constructor(elf: ElfFile, info: ByteReader, offset: number) {
    this.reader = new DwarfReader(info, offset, info.length);
    const { reader } = this;
    this.start = offset;
    const length = reader.unitLength();
    this.end = reader.offset + length;
    const version = reader.u16();
    if (version < 4 || version > 5) throw new FormatError(`debug information version ${version}`);
    let abbreviationsAt = 0;
    if (version === 5) {
      reader.skip(1);
      this.addressSize = reader.u8();
      abbreviationsAt = reader.sectionOffset();
    } else {
      abbreviationsAt = reader.sectionOffset();
      this.addressSize = reader.u8();
    }
    this.strings = sectionOf(elf, '.debug_str');
    this.lineStrings = sectionOf(elf, '.debug_line_str');
    this.abbreviations = readAbbreviations(sectionOf(elf, '.debug_abbrev'), abbreviationsAt);
  }

  /** All entries, the unit's own first. */
  read(budget: { left: number }): void {
    const open: Entry[] = [];
    while (this.reader.offset < this.end) {
      const at = this.reader.offset;
      const code = this.reader.count();
      if (code === 0) {
        open.pop();
        continue;
      }
      if (--budget.left < 0) throw new FormatError('too much debug information');
      const abbreviation = this.abbreviations.get(code);
      if (abbreviation === undefined) throw new FormatError(`abbreviation ${code} is missing`);
      const entry = this.entry(abbreviation);
      this.byOffset.set(at, entry);
      open.at(-1)?.children.push(entry);
      if (abbreviation.children) open.push(entry);
    }
  }

  private entry({ tag, attributes }: Abbreviation): Entry {
    const values = new Map<number, number>();
    let name = '';
    for (const [at, form, constant] of attributes) {
      const value = this.value(form, constant);
      if (typeof value === 'number') values.set(at, value);
      else if (at === AT.name && value !== null) name = value;
    }
    return { tag, name, values, children: [] };
  }

  private value(form: number, constant: bigint): number | string | null {
    const { reader } = this;
    switch (form) {
      case 0x01: // addr
        reader.skip(this.addressSize);
        return null;
      case 0x0b: // data1
      case 0x0c: // flag
        return reader.u8();
      case 0x05:
        return reader.u16();
      case 0x06:
        return reader.u32();
      case 0x07:
        return Number(reader.u64());
      case 0x0d:
        return Number(reader.sleb());
      case 0x0f:
        return reader.count();
      case 0x08:
        return reader.text();
      case 0x0e:
        return textAt(this.strings, reader.sectionOffset());
      case 0x1f:
        return textAt(this.lineStrings, reader.sectionOffset());
      case 0x10: // ref_addr
        return reader.sectionOffset();
      case 0x11: // ref1, ref2, ref4, ref8, ref_udata: from the unit's start
        return this.start + reader.u8();
      case 0x12:
        return this.start + reader.u16();
      case 0x13:
        return this.start + reader.u32();
      case 0x14:
        return this.start + Number(reader.u64());
      case 0x15:
        return this.start + reader.count();
      case 0x17: // sec_offset
        reader.sectionOffset();
        return null;
      case 0x18: // exprloc, block
      case 0x09:
        reader.skip(reader.count());
        return null;
      case 0x0a:
        reader.skip(reader.u8());
        return null;
      case 0x03:
        reader.skip(reader.u16());
        return null;
      case 0x04:
        reader.skip(reader.u32());
        return null;
      case 0x19: // flag_present
        return 1;
      case 0x1e:
        reader.skip(16);
        return null;
      case 0x20: // ref_sig8
        reader.skip(8);
        return null;
      case 0x21: // implicit_const
        return Number(constant);
      case 0x1a: // strx, addrx, loclistx, rnglistx: indexes into tables that are not needed
      case 0x1b:
      case 0x22:
      case 0x23:
        reader.uleb();
        return null;
      case 0x25:
      case 0x29:
        reader.skip(1);
        return null;
      default:
        throw new FormatError(`form ${form}`);
    }
  }
}

function textAt(strings: ByteReader, offset: number): string {
  return strings.text(offset, Math.min(256, strings.length - offset));
}

function readAbbreviations(bytes: ByteReader, offset: number): ReadonlyMap<number, Abbreviation> {
  const reader = new DwarfReader(bytes, offset, bytes.length);
  const found = new Map<number, Abbreviation>();
  for (;;) {
    const code = reader.count();
    if (code === 0) return found;
    const tag = reader.count();
    const children = reader.u8() !== 0;
    const attributes: (readonly [number, number, bigint])[] = [];
    for (;;) {
      const [at, form] = [reader.count(), reader.count()];
      const constant = form === 0x21 ? reader.sleb() : 0n;
      if (at === 0 && form === 0) break;
      attributes.push([at, form, constant]);
    }
    found.set(code, { tag, children, attributes });
  }
}

/** Behind type definitions and qualifiers. */
function resolve(unit: Unit, reference: number | undefined): Entry | undefined {
  let entry = reference === undefined ? undefined : unit.byOffset.get(reference);
  for (let depth = 0; depth < 16; depth++) {
    const through = entry?.tag === TAG.typedef || entry?.tag === TAG.constant || entry?.tag === TAG.volatile;
    if (entry === undefined || !through) return entry;
    entry = unit.byOffset.get(entry.values.get(AT.type) ?? -1);
  }
  return undefined;
}

function sizeOf(unit: Unit, entry: Entry | undefined): number {
  if (entry === undefined) return 0;
  if (entry.tag === TAG.pointer) return entry.values.get(AT.byteSize) ?? 8;
  if (entry.tag !== TAG.array) return entry.values.get(AT.byteSize) ?? 0;
  const element = sizeOf(unit, resolve(unit, entry.values.get(AT.type)));
  const counts = entry.children.map(({ values }) => values.get(AT.count) ?? (values.get(AT.upperBound) ?? -1) + 1);
  return counts.reduce((bytes, count) => bytes * count, element);
}

function structureOf(unit: Unit, entry: Entry, depth = 0): Structure {
  const members = new Map<string, Member>();
  for (const child of entry.children) {
    if (child.tag !== TAG.member) continue;
    const type = resolve(unit, child.values.get(AT.type));
    members.set(child.name, {
      offset: child.values.get(AT.location) ?? 0,
      size: sizeOf(unit, type),
      enumeration: type?.tag === TAG.enumeration ? type.name : null,
      structure: type?.tag === TAG.structure && depth < 3 ? structureOf(unit, type, depth + 1) : null,
    });
  }
  return { size: entry.values.get(AT.byteSize) ?? 0, members };
}

/** The named structures and all enumerations beside them; empty where the file has no readable debug information. */
export function readTypes(elf: ElfFile, wanted: readonly string[]): Types {
  const structures = new Map<string, Structure>();
  const enumerations = new Map<string, ReadonlyMap<number, string>>();
  const info = sectionOf(elf, '.debug_info');
  const budget = { left: MAX_ENTRIES };
  try {
    for (let at = 0; at < info.length && structures.size < wanted.length; ) {
      const unit = new Unit(elf, info, at);
      at = unit.end;
      unit.read(budget);
      for (const entry of unit.byOffset.values()) {
        if (entry.tag === TAG.structure && wanted.includes(entry.name) && entry.children.length > 0) {
          if (!structures.has(entry.name)) structures.set(entry.name, structureOf(unit, entry));
        } else if (entry.tag === TAG.enumeration && entry.name !== '') {
          const names = entry.children.map(({ name, values }): [number, string] => [
            values.get(AT.constant) ?? 0,
            name,
          ]);
          if (!enumerations.has(entry.name)) enumerations.set(entry.name, new Map(names));
        }
      }
    }
  } catch (e) {
    if (!(e instanceof FormatError)) throw e;
  }
  return { structures, enumerations };
}
