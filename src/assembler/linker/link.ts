import { SectionNumber } from '../object/elf.ts';
import { SectionFlag, SectionType } from '../object/section.ts';
import type { Problem } from '../problem.ts';
import { nearest } from '../source/nearest.ts';
import type { ListingLine } from '../assemble.ts';
import { type InputSection, type InputSymbol, type ObjectFile, readObject } from './elfReader.ts';
import { type OutputSymbol, segmentsOf, writeExecutable } from './executable.ts';
import { type LinkLayout, layOutLink } from './layout.ts';
import type { OutputSection } from './outputs.ts';
import { linkerFill } from './fill.ts';
import { applyRelocation } from './relocate.ts';
import { parseScript, ScriptError } from './script.ts';
import type { LinkScript } from './scriptTypes.ts';
import { type GlobalSymbols, resolveSymbols } from './symbols.ts';
import { USER_LAYOUT } from './userLayout.ts';

export interface LinkInput {
  /** Name for messages. */
  readonly name: string;
  /** ELF64 relocatable. */
  readonly object: Uint8Array;
  /** The assembler's listing of the object: problems then name lines of the source. */
  readonly listing?: readonly ListingLine[];
}

export interface LinkOptions {
  /** A linker script; the layout of user programs when left out. */
  readonly script?: string;
  readonly scriptName?: string;
}

/** Where an input section has gone. */
export interface LinkedSection {
  readonly file: string;
  readonly section: string;
  readonly address: bigint;
  readonly size: number;
}

export interface Linked {
  /** ELF64 executable. */
  readonly program: Uint8Array;
  readonly entry: bigint;
  /** Every global symbol's address. */
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly sections: readonly LinkedSection[];
}

/** Links relocatable objects to a static executable, as `ld -static -z max-page-size=4096` does. Never throws. */
export function link(
  inputs: readonly LinkInput[],
  options: LinkOptions = {},
): Linked | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const general = (file: string, message: string, hint = '', line = 1): void => {
    problems.push({ file, line, column: 1, length: 1, message, hint });
  };
  const files: ObjectFile[] = [];
  for (const input of inputs) {
    const file = readObject(input.object, input.name);
    if (typeof file === 'string') general(input.name, file);
    else files.push(file);
  }
  let script: LinkScript | null = null;
  try {
    script = parseScript(options.script ?? USER_LAYOUT);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    general(options.scriptName ?? 'linker script', error.message, '', error.line);
  }
  if (script === null || problems.length > 0) return { problems };
  return new Linker(files, script, new Map(inputs.map((input) => [input.name, input.listing ?? []])), problems).run();
}

class Linker {
  private readonly globals: GlobalSymbols;
  private readonly layout: LinkLayout;
  private readonly files: readonly ObjectFile[];
  private readonly script: LinkScript;
  private readonly listings: ReadonlyMap<string, readonly ListingLine[]>;
  private readonly problems: Problem[];
  private readonly missing = new Set<string>();
  private readonly tlsEnd: bigint;

  constructor(
    files: readonly ObjectFile[],
    script: LinkScript,
    listings: ReadonlyMap<string, readonly ListingLine[]>,
    problems: Problem[],
  ) {
    this.files = files;
    this.script = script;
    this.listings = listings;
    this.problems = problems;
    const resolved = resolveSymbols(files);
    for (const { name, first, second } of resolved.duplicates) {
      const section = second.file.sections[second.symbol.section];
      this.report(
        second.file.name,
        section?.name ?? '',
        Number(second.symbol.value),
        `${name} is defined in ${first.file.name} already`,
        'Rename one of them, or leave out its .globl.',
      );
    }
    this.globals = resolved;
    this.layout = layOutLink(files, script, resolved, new Set(resolved.definitions.keys()));
    for (const message of this.layout.failures) this.report('', '', 0, message, '');
    this.tlsEnd = this.threadStorageEnd();
  }

  run(): Linked | { readonly problems: readonly Problem[] } {
    const contents = new Map<OutputSection, Uint8Array>();
    for (const output of this.layout.sections) {
      if (output.type !== SectionType.nobits) contents.set(output, this.contents(output));
    }
    const entry = this.entry();
    if (this.problems.length > 0) return { problems: this.problems };
    const symbols = this.outputSymbols();
    const segments = segmentsOf(this.script.segments, this.layout.sections);
    const program = writeExecutable(this.layout.sections, segments, contents, symbols, entry);
    return { program, entry, symbols: this.addresses(symbols), sections: this.linkedSections() };
  }

  private report(file: string, section: string, offset: number, message: string, hint: string): void {
    if (this.problems.length >= 100) return;
    const listing = this.listings.get(file) ?? [];
    const at = listing.find(
      (line) => line.section === section && offset >= line.address && offset < line.address + line.bytes.length,
    );
    const where = at !== undefined || file === '' || section === '' ? '' : ` (${section}+0x${offset.toString(16)})`;
    this.problems.push({
      file: at?.file ?? file,
      line: at?.line ?? 1,
      column: 1,
      length: 1,
      message: message + where,
      hint,
    });
  }

  private threadStorageEnd(): bigint {
    let end = 0n;
    for (const output of this.layout.sections) {
      if ((output.flags & SectionFlag.tls) === 0) continue;
      const unit = BigInt(output.alignment);
      end = ((output.address + BigInt(output.size) + unit - 1n) / unit) * unit;
    }
    return end;
  }

  private contents(output: OutputSection): Uint8Array {
    const bytes = new Uint8Array(output.size);
    const isCode = (output.flags & SectionFlag.exec) !== 0;
    let end = 0;
    for (const placed of output.placed) {
      if (isCode && placed.offset > end) linkerFill(bytes, end, placed.offset);
      if (placed.size > 0) end = placed.offset + placed.size;
      bytes.set(placed.bytes, placed.offset);
      if (!this.layout.merged.has(placed.section)) this.relocate(bytes, output, placed.section, placed.offset);
    }
    if (isCode && end < output.size) linkerFill(bytes, end, output.size);
    return bytes;
  }

  private relocate(bytes: Uint8Array, output: OutputSection, section: InputSection, base: number): void {
    const file = this.files.find((candidate) => candidate.sections[section.index] === section);
    if (file === undefined) return;
    for (const { offset, type, symbol: index, addend } of section.relocations) {
      const symbol = file.symbols[index];
      if (symbol === undefined) {
        this.report(file.name, section.name, offset, 'a relocation names a symbol that does not exist', '');
        continue;
      }
      const target = this.target(file, symbol, addend, section, offset);
      if (target === null) continue;
      const place = output.address + BigInt(base + offset);
      const values = { value: target, place, symbolSize: symbol.size, addend, tlsEnd: this.tlsEnd };
      const failure = applyRelocation(bytes, base + offset, type, values);
      if (failure !== null)
        this.report(
          file.name,
          section.name,
          offset,
          `${symbol.name === '' ? '' : `${symbol.name}: `}${failure.message}`,
          failure.hint,
        );
    }
  }

  /** S + A; null when the symbol is missing, which is then reported. */
  private target(
    file: ObjectFile,
    symbol: InputSymbol,
    addend: bigint,
    section: InputSection,
    offset: number,
  ): bigint | null {
    if (symbol.section === SectionNumber.absolute) return symbol.value + addend;
    if (symbol.binding !== 0 || symbol.section === 0) {
      if (symbol.name === '') return addend;
      const value = this.globalValue(symbol.name);
      if (value !== null) return value + addend;
      if (symbol.binding === 2 || symbol.name === '_GLOBAL_OFFSET_TABLE_') return addend;
      this.undefinedSymbol(file, symbol.name, section, offset);
      return null;
    }
    const home = file.sections[symbol.section];
    if (home === undefined) return addend;
    return this.inSection(home, symbol.value, addend, symbol.type === 3);
  }

  private undefinedSymbol(file: ObjectFile, name: string, section: InputSection, offset: number): void {
    const key = `${file.name}\0${name}`;
    if (this.missing.has(key)) return;
    this.missing.add(key);
    const close = nearest(name, [...this.globals.definitions.keys(), ...this.layout.values.keys()]);
    this.report(
      file.name,
      section.name,
      offset,
      `${name} is defined nowhere`,
      close === '' ? 'Define it, or link the file that does (its .globl may be missing).' : `Did you mean ${close}?`,
    );
  }

  private inSection(home: InputSection, value: bigint, addend: bigint, isSectionSymbol: boolean): bigint {
    const merged = this.layout.merged.get(home);
    let section = home;
    let position = value + addend;
    if (merged !== undefined) {
      // A section symbol's addend picks the entry; a label's is counted from its own entry.
      const found = merged.find(Number(isSectionSymbol ? value + addend : value));
      section = found.section;
      position = BigInt(found.offset) + (isSectionSymbol ? 0n : addend);
    }
    const place = this.layout.places.get(section);
    // What refers to a section that was thrown away (debug information) gets zero.
    return place === undefined ? 0n : place.output.address + BigInt(place.placed.offset) + position;
  }

  /** Address of a global name, null when nothing defines it. */
  private globalValue(name: string): bigint | null {
    const definition = this.globals.definitions.get(name);
    if (definition !== undefined) {
      const { file, symbol } = definition;
      if (symbol.section === SectionNumber.absolute) return symbol.value;
      const home = file.sections[symbol.section];
      return home === undefined ? null : this.inSection(home, symbol.value, 0n, false);
    }
    return this.layout.values.get(name) ?? null;
  }

  private entry(): bigint {
    const name = this.script.entry;
    if (name === '') return this.layout.sections[0]?.address ?? 0n;
    const value = this.globalValue(name);
    if (value !== null) return value;
    const file = this.files[0]?.name ?? '';
    this.report(
      file,
      '',
      0,
      `${name}, where the program starts, is defined nowhere`,
      `Put ".globl ${name}" and "${name}:" before the first instruction.`,
    );
    return 0n;
  }

  private outputSymbols(): OutputSymbol[] {
    const symbols: OutputSymbol[] = [];
    for (const file of this.files) {
      for (const symbol of file.symbols) {
        if (symbol.type === 3 || symbol.name === '' || (symbol.binding === 0 && symbol.name.startsWith('.L'))) continue;
        if (symbol.type === 4) {
          symbols.push({ name: symbol.name, binding: 0, type: 4, visibility: 0, section: null, value: 0n, size: 0n });
          continue;
        }
        if (symbol.section === 0 || symbol.section === SectionNumber.common) continue;
        if (symbol.binding !== 0 && this.globals.definitions.get(symbol.name)?.symbol !== symbol) continue;
        const home = symbol.section === SectionNumber.absolute ? undefined : file.sections[symbol.section];
        const place = home === undefined ? undefined : this.layout.places.get(home);
        if (home !== undefined && place === undefined) continue;
        const value = home === undefined ? symbol.value : this.inSection(home, symbol.value, 0n, false);
        symbols.push({
          name: symbol.name,
          binding: symbol.binding,
          type: symbol.type,
          visibility: symbol.visibility,
          section: place?.output ?? null,
          value,
          size: symbol.size,
        });
      }
    }
    for (const [name, value] of this.layout.values) {
      if (this.globals.definitions.has(name)) continue;
      const common = this.globals.commons.get(name);
      const output =
        this.layout.sections.find((section) => section.commons.some((entry) => entry.symbol === common)) ?? null;
      symbols.push({
        name,
        binding: 1,
        type: common === undefined ? 0 : 1,
        visibility: 0,
        section: output,
        value,
        size: BigInt(common?.size ?? 0),
      });
    }
    return symbols;
  }

  private addresses(symbols: readonly OutputSymbol[]): Map<string, bigint> {
    return new Map(symbols.filter((symbol) => symbol.binding !== 0).map((symbol) => [symbol.name, symbol.value]));
  }

  private linkedSections(): LinkedSection[] {
    return this.layout.sections.flatMap((output) =>
      output.placed.map(({ section, offset, size }) => ({
        file: section.file,
        section: section.name,
        address: output.address + BigInt(offset),
        size,
      })),
    );
  }
}
