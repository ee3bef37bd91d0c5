import type { CodeSize } from '../../isa/instruction.ts';
import type { Syntax } from '../encode/names.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { type Names, parseExpression } from '../expression/parse.ts';
import { ByteBuffer } from '../object/byteBuffer.ts';
import {
  type AlignFragment,
  type Fixup,
  type FixupKind,
  type Fragment,
  type FragmentBase,
  type Origin,
  Section,
} from '../object/section.ts';
import { type AssemblerSymbol, newSymbol } from '../object/symbol.ts';
import { Limits, type Problem, StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import { columnOf, type Line } from '../source/line.ts';
import { defaultKind } from './sectionNames.ts';

/** Bytes a statement has put somewhere: from `start` in the fragment to the section's next `end`. */
export interface Mark {
  readonly section: Section;
  readonly fragment: Fragment | null;
  readonly offset: number;
}

export interface ListingMark {
  readonly file: string;
  readonly line: number;
  readonly from: Mark;
  readonly to: Mark;
  readonly isInstruction: boolean;
}

/** What a source has defined and emitted so far, and where the statement being read stands. */
export class Context {
  readonly sections: Section[] = [];
  /** In order of first appearance, which is the order of the symbol table. */
  readonly symbols: AssemblerSymbol[] = [];
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly listing: ListingMark[] = [];
  /** Where an undefined numeric label is referred to. */
  readonly pendingLabels = new Map<AssemblerSymbol, { readonly text: string; readonly origin: Origin }>();
  readonly sourceFiles: string[] = [];
  readonly localCommons: { readonly symbol: AssemblerSymbol; readonly bytes: number; readonly alignment: number }[] =
    [];
  mode: CodeSize = 64;
  syntax: Syntax = 'att';
  registerPrefix = true;
  section: Section;
  previous: Section;
  readonly sectionStack: { readonly section: Section; readonly previous: Section }[] = [];
  /** Bytes of output so far. */
  private emitted = 0;
  private readonly byName = new Map<string, AssemblerSymbol>();
  private readonly sectionByName = new Map<string, Section>();
  private readonly labels = new Map<string, { last: AssemblerSymbol | null; next: AssemblerSymbol | null }>();
  private line: Line = { text: '', file: '', line: 1, columns: null };
  private call: Line | null = null;
  private start = 0;
  private end = 0;
  private origin: Origin | null = null;

  constructor() {
    this.section = this.sectionNamed('.text');
    this.sectionNamed('.data');
    this.sectionNamed('.bss');
    this.previous = this.section;
  }

  // Where we are.

  /** Says which statement is read from now on; `call` is where its macro was called, null outside macros. */
  enterStatement(line: Line, call: Line | null, start: number, end: number): void {
    this.line = line;
    this.call = call;
    this.start = start;
    this.end = end;
    this.origin = null;
  }

  get here(): Origin {
    this.origin ??= this.originAt(-1, 0);
    return this.origin;
  }

  /** Place of a part of the statement; the whole statement for -1. In a macro, its call. */
  originAt(at: number, length: number): Origin {
    const { line, call } = this;
    if (call !== null) {
      const text = call.text;
      const first = text.length - text.trimStart().length;
      return {
        file: call.file,
        line: call.line,
        column: columnOf(call, first),
        length: Math.max(1, text.trim().length),
      };
    }
    const text = line.text.slice(this.start, this.end);
    const first = at >= 0 ? at : this.start + text.length - text.trimStart().length;
    const column = columnOf(line, first);
    const count = at >= 0 ? length : text.trim().length;
    const last = line.columns === null ? column + count : Math.max(column + 1, columnOf(line, first + count));
    return { file: line.file, line: line.line, column, length: Math.max(1, last - column) };
  }

  problem(message: string, hint = '', at = -1, length = 1): void {
    this.problemAt(this.originAt(at, length), message, hint);
  }

  problemAt(origin: Origin, message: string, hint = ''): void {
    if (this.problems.length >= Limits.problems) return;
    this.problems.push({ ...origin, message, hint });
  }

  warn(message: string, hint = ''): void {
    if (this.warnings.length < Limits.problems) this.warnings.push({ ...this.here, message, hint });
  }

  /** Lines of a macro being expanded report its call; this tells in which line of it. */
  get macroLine(): string {
    return this.call === null ? '' : ` (line ${this.line.line} of the macro: ${this.line.text.trim()})`;
  }

  // Symbols.

  readonly names: Names = {
    symbol: (name) => {
      const symbol = this.symbolNamed(name);
      symbol.used = true;
      return symbol;
    },
    here: () => this.place(''),
    localLabel: (number, direction) => {
      const entry = this.labelEntry(number);
      if (direction === 'b') return entry.last;
      if (entry.next === null) {
        entry.next = newSymbol('');
        this.pendingLabels.set(entry.next, { text: `${number}f`, origin: this.here });
      }
      return entry.next;
    },
  };

  symbolNamed(name: string): AssemblerSymbol {
    let symbol = this.byName.get(name);
    if (symbol === undefined) {
      symbol = newSymbol(name);
      this.byName.set(name, symbol);
      this.symbols.push(symbol);
    }
    return symbol;
  }

  find(name: string): AssemblerSymbol | undefined {
    return this.byName.get(name);
  }

  knownNames(): Iterable<string> {
    return this.byName.keys();
  }

  /** Makes a new symbol take over a name: what was said of the old value keeps it. */
  replaceSymbol(old: AssemblerSymbol): AssemblerSymbol {
    const fresh: AssemblerSymbol = {
      ...newSymbol(old.name),
      binding: old.binding,
      visibility: old.visibility,
      type: old.type,
      size: old.size,
    };
    this.byName.set(old.name, fresh);
    const at = this.symbols.lastIndexOf(old);
    if (at >= 0) this.symbols[at] = fresh;
    return fresh;
  }

  defineLabel(name: string, at: number): void {
    const symbol = this.symbolNamed(name);
    if (symbol.state !== 'undefined' && symbol.state !== 'common') {
      throw new StatementError(
        `${name} is defined already`,
        at,
        name.length,
        'Choose another name, or a numeric label such as 1:.',
      );
    }
    this.settle(symbol);
  }

  defineLocalLabel(number: string): void {
    const entry = this.labelEntry(number);
    const symbol = entry.next ?? newSymbol('');
    entry.next = null;
    entry.last = symbol;
    this.pendingLabels.delete(symbol);
    this.settle(symbol);
  }

  /** A nameless symbol at the current place. */
  place(name: string): AssemblerSymbol {
    const symbol = newSymbol(name);
    this.settle(symbol);
    return symbol;
  }

  private labelEntry(number: string): { last: AssemblerSymbol | null; next: AssemblerSymbol | null } {
    const key = number.replace(/^0+(?=.)/, '');
    let entry = this.labels.get(key);
    if (entry === undefined) {
      entry = { last: null, next: null };
      this.labels.set(key, entry);
    }
    return entry;
  }

  private settle(symbol: AssemblerSymbol): void {
    const fragment = this.section.open();
    symbol.state = 'label';
    symbol.section = this.section;
    symbol.fragment = fragment;
    symbol.offset = fragment.size;
  }

  // Sections and bytes.

  /** The section of that name, made with the flags its name implies (or the ones given) when it is new. */
  sectionNamed(name: string, type?: number, flags?: number, entrySize = 0, group = ''): Section {
    let section = this.sectionByName.get(name);
    if (section === undefined) {
      const kind = defaultKind(name);
      section = new Section(
        name,
        this.sections.length,
        type ?? kind.type,
        flags ?? kind.flags,
        entrySize || (kind.entrySize ?? 0),
        group,
      );
      this.sectionByName.set(name, section);
      this.sections.push(section);
      const symbol: AssemblerSymbol = { ...newSymbol(name), state: 'section', section, type: 3 };
      this.symbols.push(symbol);
      this.sectionSymbols.set(section, symbol);
    }
    return section;
  }

  readonly sectionSymbols = new Map<Section, AssemblerSymbol>();

  isSection(name: string): boolean {
    return this.sectionByName.has(name);
  }

  enterSection(section: Section): void {
    this.previous = this.section;
    this.section = section;
  }

  mark(): Mark {
    const fragment = this.section.fragments.at(-1) ?? null;
    return { section: this.section, fragment, offset: fragment?.size ?? 0 };
  }

  /** Counts bytes of output; throws when they become too many. */
  room(bytes: number): void {
    this.emitted += bytes;
    if (this.emitted > Limits.output) {
      throw new StatementError(
        `the output grows beyond ${Limits.output >> 20} MiB`,
        -1,
        1,
        'Make the run of data shorter.',
      );
    }
  }

  private noBytes(): StatementError {
    const message = `${this.section.name} holds no bytes in the file; only zeros can go there`;
    return new StatementError(message, -1, 1, 'Use .skip, or put it into .data.');
  }

  bytes(source: ArrayLike<number>): void {
    if (source.length === 0) return;
    this.room(source.length);
    const { section } = this;
    const fragment = section.open();
    if (section.isNobits) {
      for (let n = 0; n < source.length; n++) {
        if (source[n] !== 0) throw this.noBytes();
      }
    }
    section.buffer.pushAll(source);
    fragment.size += source.length;
  }

  /** A field of `size` bytes; a fixup when its value is not a constant yet. */
  field(value: Expression, size: 1 | 2 | 4 | 8, specifier: string, kind: FixupKind = 'data'): void {
    const known = specifier === '' ? constantOf(value, fixedDistance) : null;
    const at = this.section.buffer.length;
    this.room(size);
    const fragment = this.section.open();
    if (known !== null) {
      if (size < 8 && !fitsField(known, size))
        this.warn(`${known} does not fit ${size} byte${size === 1 ? '' : 's'} and is cut`);
      if (known !== 0n && this.section.isNobits) throw this.noBytes();
      this.section.buffer.pushInteger(known, size);
    } else {
      this.section.buffer.fill(0, size);
      this.section.fixups.push({
        fragment,
        at,
        size,
        value,
        relative: false,
        distance: 0,
        kind,
        specifier,
        origin: this.here,
      });
    }
    fragment.size += size;
  }

  fixup(fixup: Omit<Fixup, 'origin' | 'fragment'>): void {
    this.section.fixups.push({ ...fixup, fragment: this.section.open(), origin: this.here });
  }

  /** Appends a fragment of variable size. */
  fragment(make: (base: FragmentBase) => Fragment): void {
    const { section } = this;
    const made = make({ section, index: section.fragments.length, address: 0, size: 0, region: 0 });
    if (section.isNobits && made.kind === 'branch') throw this.noBytes();
    section.fragments.push(made);
  }

  /** `count` times a pattern, of constant count. */
  space(count: number, pattern: Uint8Array): void {
    const size = count * pattern.length;
    if (size === 0) return;
    this.room(size);
    if (this.section.isNobits && pattern.some((byte) => byte !== 0)) throw this.noBytes();
    if (size <= 64 && !this.section.isNobits) {
      const buffer = new ByteBuffer();
      for (let n = 0; n < count; n++) buffer.pushAll(pattern);
      this.emitted -= size;
      this.bytes(buffer.view());
      return;
    }
    this.fragment((base) => ({ ...base, kind: 'space', pattern, size }));
  }

  align(alignment: number, pattern: Uint8Array | null, most: number): void {
    if (alignment > this.section.alignment) this.section.alignment = alignment;
    if (alignment <= 1) return;
    this.room(Math.min(alignment, 64));
    const origin = this.here;
    this.fragment((base): AlignFragment => ({ ...base, kind: 'align', alignment, pattern, most, origin }));
  }

  /** Puts what `.lcomm` asked for behind all else in .bss. */
  placeLocalCommons(): void {
    const saved = this.section;
    this.section = this.sectionNamed('.bss');
    for (const { symbol, bytes, alignment } of this.localCommons) {
      this.align(alignment, Uint8Array.of(0), 0);
      const place = this.place('');
      symbol.fragment = place.fragment;
      symbol.offset = place.offset;
      this.space(bytes, Uint8Array.of(0));
    }
    this.section = saved;
  }

  // Values.

  /** The value of an expression that has to be a constant now. */
  constant(cursor: Cursor, what: string): bigint {
    cursor.skipBlanks();
    const start = cursor.at;
    const expression = parseExpression(cursor, this.names);
    const value = constantOf(expression, fixedDistance);
    if (value === null) {
      throw new StatementError(
        `${what} has to be a constant here`,
        start,
        Math.max(1, cursor.at - start),
        'Its parts have to be defined before this line.',
      );
    }
    return value;
  }
}

function fitsField(value: bigint, size: number): boolean {
  const bits = BigInt(size * 8);
  const signed = BigInt.asIntN(64, value);
  return signed >= -(1n << bits) && signed < 1n << bits;
}
