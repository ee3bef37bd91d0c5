/** Names and lines of everything loaded: the kernel, and whichever user program is in memory now. */
import { type ElfFile, parseElf } from '../machine/loader/elf.ts';
import { isProblem } from '../machine/loader/problem.ts';
import type { SourcePosition } from './symbols/lineTable.ts';
import { SymbolTable } from './symbols/symbolTable.ts';

interface Program {
  readonly elf: ElfFile;
  /** Made when first needed: a machine may have many modules and run one. */
  table: SymbolTable | undefined;
}

/** Bytes at the entry point that tell programs linked at the same address apart. */
const SIGNATURE = 64;

export class SymbolSet {
  private readonly kernel: SymbolTable | undefined;
  private readonly programs: Program[] = [];
  private active: SymbolTable | undefined;

  /** Files that are no readable ELF files have no symbols. */
  constructor(kernel: Uint8Array, programs: readonly Uint8Array[]) {
    this.kernel = kernelTable(kernel);
    for (const file of programs) {
      const program = parseElf(file);
      if (!isProblem(program)) this.programs.push({ elf: program, table: undefined });
    }
  }

  /** Finds out which program is mapped: the one whose code stands at its entry point. */
  choose(read: (address: bigint, length: number) => readonly (number | null)[]): void {
    const program = this.programs.find(({ elf }) => {
      const expected = entryBytes(elf);
      const actual = read(elf.entry, expected.length);
      return expected.length > 0 && expected.every((byte, i) => byte === actual[i]);
    });
    if (program !== undefined) program.table ??= new SymbolTable(program.elf);
    this.active = program?.table;
  }

  private get tables(): SymbolTable[] {
    return [this.kernel, this.active].filter((t) => t !== undefined);
  }

  /** "syscall_entry+0x10", or undefined. */
  name(address: bigint): string | undefined {
    for (const table of this.tables) {
      const nearest = table.nearest(address);
      if (nearest !== null)
        return nearest.offset === 0 ? nearest.name : `${nearest.name}+0x${nearest.offset.toString(16)}`;
    }
    return undefined;
  }

  /** Address of the symbol at or before an address. */
  start(address: bigint): bigint | undefined {
    for (const table of this.tables) {
      const nearest = table.nearest(address);
      if (nearest !== null) return address - BigInt(nearest.offset);
    }
    return undefined;
  }

  /** Value of a symbol: of the program in memory now, of the first program that has it, or of the kernel. */
  address(name: string): bigint | undefined {
    for (const program of this.programs) program.table ??= new SymbolTable(program.elf);
    const tables = [this.active, ...this.programs.map(({ table }) => table), this.kernel];
    for (const table of tables) {
      const found = table?.address(name);
      if (found !== null && found !== undefined) return found;
    }
    return undefined;
  }

  /** Where the code of each line of a file begins, for the lines that have some, rising. */
  linesOf(file: string): readonly { readonly line: number; readonly address: bigint }[] {
    for (const table of this.tables) {
      const lines = table.linesWithCode(file);
      if (lines.length > 0) return lines.map((line) => ({ line, address: table.addressesOf(file, line)[0] ?? 0n }));
    }
    return [];
  }

  line(address: bigint): SourcePosition | null {
    for (const table of this.tables) {
      const line = table.line(address);
      if (line !== null) return line;
    }
    return null;
  }
}

/** A kernel's names are asked for again after every edit of a program. */
const kernels = new WeakMap<Uint8Array, SymbolTable>();

function kernelTable(kernel: Uint8Array): SymbolTable | undefined {
  let table = kernels.get(kernel);
  if (table !== undefined) return table;
  const elf = parseElf(kernel);
  if (isProblem(elf)) return undefined;
  table = new SymbolTable(elf);
  kernels.set(kernel, table);
  return table;
}

function entryBytes(elf: ElfFile): Uint8Array {
  const segment = elf.segments.find(
    (s) => elf.entry >= s.virtualAddress && elf.entry < s.virtualAddress + BigInt(s.bytes.length),
  );
  if (segment === undefined) return new Uint8Array(0);
  const at = Number(elf.entry - segment.virtualAddress);
  return segment.bytes.subarray(at, at + SIGNATURE);
}
