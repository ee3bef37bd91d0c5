import type { ElfFile } from '../../machine/loader/elf.ts';
import { type ElfSymbol, readElfSymbols, type SymbolKind } from '../../machine/loader/elfSymbols.ts';
import { readLineTable } from './lineProgram.ts';
import { compare, LineTable, lastAtOrBelow, type SourcePosition } from './lineTable.ts';

export interface NearestSymbol {
  readonly name: string;
  /** Bytes from the symbol to the address. */
  readonly offset: number;
}

const SHF_ALLOC = 2n;
/** Which of several names for one address is shown: the first kind wins, then the global one. */
const RANK: Readonly<Record<SymbolKind, number>> = { function: 0, object: 1, none: 2, other: 3, section: 4, file: 4 };

/** Names and source lines of one ELF file's addresses. Damaged debug information only means fewer answers. */
export class SymbolTable {
  /** Symbols that stand for a place, one per address, by address. */
  readonly #places: readonly ElfSymbol[];
  readonly #byName = new Map<string, bigint>();
  readonly #elf: ElfFile;
  readonly #lines: LineTable;

  constructor(elf: ElfFile) {
    this.#elf = elf;
    this.#lines = new LineTable(readLineTable(elf));
    const named = readElfSymbols(elf).filter(
      (symbol) => symbol.name !== '' && symbol.section !== 0 && symbol.kind !== 'section' && symbol.kind !== 'file',
    );
    // A global name wins over a local one of another file; else the first.
    for (const symbol of named.toSorted((a, b) => Number(b.global) - Number(a.global))) {
      if (!this.#byName.has(symbol.name)) this.#byName.set(symbol.name, symbol.address);
    }
    const places = named.filter((symbol) => this.#sectionOf(symbol) !== undefined && !symbol.name.startsWith('.L'));
    places.sort((a, b) => compare(a.address, b.address) || rank(a) - rank(b));
    this.#places = places.filter((symbol, i) => symbol.address !== places[i - 1]?.address);
  }

  /** The symbol at or before an address in the same section; `null` outside the file's sections. */
  nearest(address: bigint): NearestSymbol | null {
    const symbol = this.#places[lastAtOrBelow(this.#places, (place) => place.address, address)];
    const section = symbol && this.#sectionOf(symbol);
    if (symbol === undefined || section === undefined || address >= section.address + section.size) return null;
    return { name: symbol.name, offset: Number(address - symbol.address) };
  }

  /** Value of a symbol, or null. Also gives absolute symbols, which `nearest` does not name. */
  address(name: string): bigint | null {
    return this.#byName.get(name) ?? null;
  }

  line(address: bigint): SourcePosition | null {
    return this.#lines.lineAt(address);
  }

  /** Where the code of a source line is entered, rising; empty if it has none. `file` may be the end of a path. */
  addressesOf(file: string, line: number): bigint[] {
    return this.#lines.addressesOf(file, line);
  }

  /** Lines of a file that have code, rising. */
  linesWithCode(file: string): number[] {
    return this.#lines.linesWithCode(file);
  }

  /** Source files with code, sorted. */
  get files(): string[] {
    return this.#lines.files;
  }

  #sectionOf(symbol: ElfSymbol) {
    const section = this.#elf.sections[symbol.section];
    if (section === undefined || (section.flags & SHF_ALLOC) === 0n) return undefined;
    const inside = symbol.address >= section.address && symbol.address < section.address + section.size;
    return inside ? section : undefined;
  }
}

function rank(symbol: ElfSymbol): number {
  return 2 * RANK[symbol.kind] + (symbol.global ? 0 : 1);
}
