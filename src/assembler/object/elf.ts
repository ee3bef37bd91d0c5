/** Layout of ELF64 (System V ABI, chapter 4): sizes in bytes. */
export const ElfSize = { header: 64, sectionHeader: 64, programHeader: 56, symbol: 24, rela: 24 } as const;
export const ElfType = { relocatable: 1, executable: 2 } as const;
export const X86_64 = 62;
/** Special section numbers. */
export const SectionNumber = { undefined: 0, absolute: 0xfff1, common: 0xfff2 } as const;

/** A string table: each string once. */
export class StringTable {
  private readonly offsets = new Map<string, number>([['', 0]]);
  private readonly parts: Uint8Array[] = [Uint8Array.of(0)];
  private length = 1;
  private readonly encoder = new TextEncoder();

  add(text: string): number {
    let offset = this.offsets.get(text);
    if (offset === undefined) {
      offset = this.length;
      const bytes = this.encoder.encode(`${text}\0`);
      this.parts.push(bytes);
      this.length += bytes.length;
      this.offsets.set(text, offset);
    }
    return offset;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

export interface ElfHeader {
  readonly type: number;
  readonly entry: bigint;
  readonly programHeaders: number;
  readonly programHeaderOffset: number;
  readonly sectionHeaderOffset: number;
  readonly sections: number;
  readonly stringSection: number;
}

export function writeElfHeader(view: DataView, header: ElfHeader): void {
  const magic = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0];
  for (let n = 0; n < magic.length; n++) view.setUint8(n, magic[n] ?? 0);
  view.setUint16(16, header.type, true);
  view.setUint16(18, X86_64, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt.asUintN(64, header.entry), true);
  view.setBigUint64(32, BigInt(header.programHeaderOffset), true);
  view.setBigUint64(40, BigInt(header.sectionHeaderOffset), true);
  view.setUint16(52, ElfSize.header, true);
  view.setUint16(54, header.programHeaders === 0 ? 0 : ElfSize.programHeader, true);
  view.setUint16(56, header.programHeaders, true);
  view.setUint16(58, ElfSize.sectionHeader, true);
  view.setUint16(60, header.sections, true);
  view.setUint16(62, header.stringSection, true);
}

export interface SectionHeader {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

export function writeSectionHeader(view: DataView, at: number, header: SectionHeader): void {
  view.setUint32(at, header.name, true);
  view.setUint32(at + 4, header.type, true);
  view.setBigUint64(at + 8, BigInt(header.flags), true);
  view.setBigUint64(at + 16, BigInt.asUintN(64, header.address), true);
  view.setBigUint64(at + 24, BigInt(header.offset), true);
  view.setBigUint64(at + 32, BigInt(header.size), true);
  view.setUint32(at + 40, header.link, true);
  view.setUint32(at + 44, header.info, true);
  view.setBigUint64(at + 48, BigInt(header.alignment), true);
  view.setBigUint64(at + 56, BigInt(header.entrySize), true);
}

export interface ElfSymbol {
  readonly name: number;
  readonly info: number;
  readonly other: number;
  readonly section: number;
  readonly value: bigint;
  readonly size: bigint;
}

export function writeSymbol(view: DataView, at: number, symbol: ElfSymbol): void {
  view.setUint32(at, symbol.name, true);
  view.setUint8(at + 4, symbol.info);
  view.setUint8(at + 5, symbol.other);
  view.setUint16(at + 6, symbol.section, true);
  view.setBigUint64(at + 8, BigInt.asUintN(64, symbol.value), true);
  view.setBigUint64(at + 16, BigInt.asUintN(64, symbol.size), true);
}
