import { ByteReader } from './byteReader.ts';
import { type ElfFile, SECTION } from './elf.ts';

export type SymbolKind = 'none' | 'object' | 'function' | 'section' | 'file' | 'other';

export interface ElfSymbol {
  readonly name: string;
  readonly address: bigint;
  /** In bytes; 0 when the assembler was not told. */
  readonly size: bigint;
  readonly kind: SymbolKind;
  readonly global: boolean;
  /** Section number; 0 undefined, FFF1h absolute. */
  readonly section: number;
}

const KINDS: readonly SymbolKind[] = ['none', 'object', 'function', 'section', 'file'];
const MAX_SYMBOLS = 200_000;

/** The symbols of SYMTAB, in file order; none if it is absent. Entries that do not fit are left out. */
export function readElfSymbols(elf: ElfFile): ElfSymbol[] {
  const table = elf.sections.find((section) => section.type === SECTION.symbols);
  const stringTable = table && elf.sections[table.link];
  if (table === undefined || stringTable === undefined) return [];
  const wide = elf.bits === 64;
  const entrySize = wide ? 24 : 16;
  const entries = new ByteReader(table.bytes, 'the symbol table');
  const strings = new ByteReader(stringTable.bytes, 'the string table');
  const symbols: ElfSymbol[] = [];
  const count = Math.min(Math.floor(entries.length / entrySize), MAX_SYMBOLS);
  for (let i = 1; i < count; i++) {
    const at = i * entrySize;
    const nameOffset = entries.u32(at);
    if (nameOffset >= strings.length) continue;
    const info = entries.u8(at + (wide ? 4 : 12));
    symbols.push({
      name: strings.text(nameOffset, 512),
      address: wide ? entries.u64(at + 8) : BigInt(entries.u32(at + 4)),
      size: wide ? entries.u64(at + 16) : BigInt(entries.u32(at + 8)),
      kind: KINDS[info & 0xf] ?? 'other',
      global: info >>> 4 !== 0,
      section: entries.u16(at + (wide ? 6 : 14)),
    });
  }
  return symbols;
}
