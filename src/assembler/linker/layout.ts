import { SectionFlag, SectionType } from '../object/section.ts';
import { alignUp, binary } from './arithmetic.ts';
import type { InputSection, ObjectFile } from './elfReader.ts';
import { type MergedSection, mergeSections } from './merge.ts';
import type { Assignment, InputPattern, LinkScript, OutputStatement, ScriptExpression } from './scriptTypes.ts';
import type { CommonSymbol, GlobalSymbols } from './symbols.ts';

/** An input section (or what merging left of it) in an output section. */
export interface PlacedSection {
  readonly section: InputSection;
  readonly bytes: Uint8Array;
  readonly size: number;
  /** In the output section, in bytes. */
  offset: number;
}

export interface OutputSection {
  readonly name: string;
  readonly statement: OutputStatement | null;
  readonly placed: PlacedSection[];
  readonly commons: { readonly symbol: CommonSymbol; offset: number }[];
  readonly data: { readonly size: number; readonly value: ScriptExpression; offset: number }[];
  address: bigint;
  loadAddress: bigint;
  size: number;
  alignment: number;
  type: number;
  flags: number;
  entrySize: number;
  segments: readonly string[];
}

export interface LinkLayout {
  readonly sections: readonly OutputSection[];
  /** Where each input section that was kept lies. */
  readonly places: ReadonlyMap<InputSection, { readonly output: OutputSection; readonly placed: PlacedSection }>;
  readonly merged: ReadonlyMap<InputSection, MergedSection>;
  /** Values of names the script assigns, and of common symbols. */
  readonly values: ReadonlyMap<string, bigint>;
  readonly failures: readonly string[];
}

const ROUNDS = 10;
const LARGEST = 1 << 28;

/** Assigns input sections to output sections and gives all of them addresses. */
export function layOutLink(
  files: readonly ObjectFile[],
  script: LinkScript,
  globals: GlobalSymbols,
  defined: ReadonlySet<string>,
): LinkLayout {
  const layout = new Layout(files, script, globals, defined);
  return layout.run();
}

class Layout {
  private readonly outputs: OutputSection[] = [];
  private readonly byStatement = new Map<OutputStatement, OutputSection>();
  private readonly assigned = new Map<InputPattern, InputSection[]>();
  private readonly places = new Map<InputSection, { output: OutputSection; placed: PlacedSection }>();
  private readonly merged = new Map<InputSection, MergedSection>();
  private values = new Map<string, bigint>();
  private dot = 0n;
  private readonly failures = new Set<string>();
  private readonly files: readonly ObjectFile[];
  private readonly script: LinkScript;
  private readonly globals: GlobalSymbols;
  private readonly defined: ReadonlySet<string>;

  constructor(files: readonly ObjectFile[], script: LinkScript, globals: GlobalSymbols, defined: ReadonlySet<string>) {
    this.files = files;
    this.script = script;
    this.globals = globals;
    this.defined = defined;
  }

  run(): LinkLayout {
    this.assign();
    this.merge();
    for (let round = 0; round < ROUNDS; round++) {
      const before = this.values;
      this.values = new Map(before);
      this.failures.clear();
      this.addresses();
      if (sameValues(before, this.values)) break;
    }
    const sections = this.outputs.filter((output) => isKept(output));
    return { sections, places: this.places, merged: this.merged, values: this.values, failures: [...this.failures] };
  }

  /** Every input section goes to the first pattern of the script that names it. */
  private assign(): void {
    const taken = new Set<InputSection>();
    for (const statement of this.script.statements) {
      if (statement.kind !== 'section') continue;
      const discard = statement.name === '/DISCARD/';
      const output = discard ? null : this.newOutput(statement.name, statement);
      for (const content of statement.contents) {
        if (content.kind !== 'input') continue;
        const chosen = this.matching(content, taken);
        this.assigned.set(content, output === null ? [] : chosen);
        if (output !== null) for (const section of chosen) this.describe(output, section);
      }
    }
    for (const file of this.files) {
      for (const section of file.sections) if (!taken.has(section) && isLinked(section)) this.orphan(section);
    }
  }

  private newOutput(name: string, statement: OutputStatement | null): OutputSection {
    const output: OutputSection = {
      name,
      statement,
      placed: [],
      commons: [],
      data: [],
      address: 0n,
      loadAddress: 0n,
      size: 0,
      alignment: 1,
      type: SectionType.nobits,
      flags: 0,
      entrySize: 0,
      segments: statement?.segments ?? [],
    };
    this.outputs.push(output);
    if (statement !== null) this.byStatement.set(statement, output);
    return output;
  }

  private matching(input: InputPattern, taken: Set<InputSection>): InputSection[] {
    const chosen: InputSection[] = [];
    for (const file of this.files) {
      if (!input.file.test(file.name)) continue;
      for (const section of file.sections) {
        if (taken.has(section) || !isLinked(section) || !input.sections.some((pattern) => pattern.test(section.name)))
          continue;
        taken.add(section);
        chosen.push(section);
      }
    }
    if (input.sort) chosen.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return chosen;
  }

  private describe(output: OutputSection, section: InputSection): void {
    const empty = output.flags === 0 && output.placed.length === 0;
    output.flags |=
      section.flags & ~(SectionFlag.merge | SectionFlag.strings | SectionFlag.group | SectionFlag.infoLink);
    const mergeBits = section.flags & (SectionFlag.merge | SectionFlag.strings);
    if (empty && mergeBits !== 0 && (section.flags & SectionFlag.alloc) === 0) {
      output.flags |= mergeBits;
      output.entrySize = section.entrySize;
    }
    if (section.type !== SectionType.nobits)
      output.type = section.type === SectionType.note ? SectionType.note : SectionType.progbits;
  }

  /** A section no pattern names goes behind the output section most like it, or to the end when it is not loaded. */
  private orphan(section: InputSection): void {
    let output = this.outputs.find((candidate) => candidate.name === section.name && candidate.statement === null);
    if (output === undefined) {
      output = this.newOutput(section.name, null);
      if ((section.flags & SectionFlag.alloc) !== 0) this.moveBesideKin(output, section);
    }
    this.describe(output, section);
    this.orphans.set(output, [...(this.orphans.get(output) ?? []), section]);
  }

  private readonly orphans = new Map<OutputSection, InputSection[]>();

  private moveBesideKin(output: OutputSection, section: InputSection): void {
    const kin = SectionFlag.exec | SectionFlag.write;
    const others = this.outputs.filter((other) => other !== output && (other.flags & SectionFlag.alloc) !== 0);
    const nobits = section.type === SectionType.nobits;
    const alike = others.filter(
      (other) => (other.flags & kin) === (section.flags & kin) && (nobits || other.type !== SectionType.nobits),
    );
    const neighbour = alike.at(-1) ?? others.at(-1);
    if (neighbour === undefined) return;
    this.outputs.splice(this.outputs.indexOf(output), 1);
    this.outputs.splice(this.outputs.indexOf(neighbour) + 1, 0, output);
    output.segments = [];
  }

  private merge(): void {
    const groups = new Map<string, InputSection[]>();
    this.outputs.forEach((output, n) => {
      for (const section of this.sectionsOf(output)) {
        if (!isMergeable(section)) continue;
        const key = `${n} ${section.flags & SectionFlag.strings} ${section.entrySize} ${section.alignment}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [section]);
        else group.push(section);
      }
    });
    for (const group of groups.values()) {
      const strings = ((group[0]?.flags ?? 0) & SectionFlag.strings) !== 0;
      for (const [section, merged] of mergeSections(group, strings)) this.merged.set(section, merged);
    }
  }

  private sectionsOf(output: OutputSection): InputSection[] {
    if (output.statement === null) return this.orphans.get(output) ?? [];
    return output.statement.contents.flatMap((content) =>
      content.kind === 'input' ? (this.assigned.get(content) ?? []) : [],
    );
  }

  private addresses(): void {
    this.dot = 0n;
    const done = new Set<OutputSection>();
    for (const statement of this.script.statements) {
      if (statement.kind === 'assignment') {
        this.assignment(statement, null);
        // Orphans stand right behind their neighbour, before what the script says next.
      } else if (statement.kind === 'section') {
        const output = this.byStatement.get(statement);
        if (output === undefined) continue;
        this.section(output);
        done.add(output);
        for (let n = this.outputs.indexOf(output) + 1; n < this.outputs.length; n++) {
          const next = this.outputs[n];
          if (next === undefined || next.statement !== null || (next.flags & SectionFlag.alloc) === 0) break;
          this.section(next);
          done.add(next);
        }
      } else if (this.value(statement.condition) === 0n) this.failures.add(statement.message);
    }
    for (const output of this.outputs) {
      if (done.has(output)) continue;
      const saved = this.dot;
      this.dot = 0n;
      this.section(output);
      this.dot = saved;
    }
  }

  private section(output: OutputSection): void {
    const { statement } = output;
    const before = this.dot;
    const inputs = this.sectionsOf(output);
    output.placed.length = 0;
    output.commons.length = 0;
    output.data.length = 0;
    output.alignment = inputs.reduce((most, section) => Math.max(most, section.alignment), 1);
    if (statement?.alignment) output.alignment = Math.max(output.alignment, Number(this.value(statement.alignment)));
    if (this.takesCommons(statement)) {
      for (const common of this.globals.commons.values())
        output.alignment = Math.max(output.alignment, common.alignment);
    }
    if (statement?.address) this.dot = this.value(statement.address);
    else this.dot = alignUp(this.dot, output.alignment);
    output.address = this.dot;
    if (statement === null) for (const section of inputs) this.put(output, section);
    else this.contents(output, statement);
    output.size = Number(this.dot - output.address);
    if (output.size > LARGEST || output.size < 0) {
      this.failures.add(`section ${output.name} is ${output.size} bytes large`);
      output.size = 0;
    }
    if (!isKept(output)) {
      this.dot = before;
      return;
    }
    output.loadAddress = statement?.loadAddress ? this.value(statement.loadAddress) : output.address;
  }

  private takesCommons(statement: OutputStatement | null): boolean {
    return statement?.contents.some((content) => content.kind === 'input' && isCommonPattern(content)) ?? false;
  }

  private contents(output: OutputSection, statement: OutputStatement): void {
    for (const content of statement.contents) {
      if (content.kind === 'assignment') this.assignment(content, output);
      else if (content.kind === 'data') {
        output.data.push({ size: content.size, value: content.value, offset: Number(this.dot - output.address) });
        output.type = SectionType.progbits;
        this.dot += BigInt(content.size);
      } else {
        for (const section of this.assigned.get(content) ?? []) this.put(output, section);
        if (isCommonPattern(content)) this.putCommons(output);
      }
    }
  }

  private put(output: OutputSection, section: InputSection): void {
    const merged = this.merged.get(section);
    const bytes = merged?.bytes ?? section.bytes;
    const size = merged === undefined ? section.size : bytes.length;
    // A section whose entries are all elsewhere is as good as not there.
    if (merged === undefined || size > 0) this.dot = alignUp(this.dot, section.alignment);
    const placed: PlacedSection = { section, bytes, size, offset: Number(this.dot - output.address) };
    output.placed.push(placed);
    this.places.set(section, { output, placed });
    this.dot += BigInt(size);
  }

  private putCommons(output: OutputSection): void {
    for (const symbol of this.globals.commons.values()) {
      this.dot = alignUp(this.dot, symbol.alignment);
      output.commons.push({ symbol, offset: Number(this.dot - output.address) });
      output.flags |= SectionFlag.alloc | SectionFlag.write;
      this.values.set(symbol.name, this.dot);
      this.dot += BigInt(symbol.size);
    }
  }

  private assignment(statement: Assignment, output: OutputSection | null): void {
    const { name, operator } = statement;
    if (statement.provide && (this.defined.has(name) || !this.globals.referenced.has(name))) return;
    let value = this.value(statement.value);
    // Inside a section a number counts from the section's start.
    if (name === '.' && output !== null && statement.value.kind === 'number' && operator === '=')
      value += output.address;
    if (operator !== '=') {
      const old = name === '.' ? this.dot : (this.values.get(name) ?? 0n);
      value = binary(operator.slice(0, -1), old, value);
    }
    value = BigInt.asUintN(64, value);
    if (name !== '.') {
      this.values.set(name, value);
      return;
    }
    if (output !== null && value < this.dot) this.failures.add(`the place moves back in ${output.name}`);
    else this.dot = value;
  }

  private value(expression: ScriptExpression): bigint {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'symbol':
        if (expression.name === '.') return this.dot;
        return this.values.get(expression.name) ?? this.symbolValue(expression.name);
      case 'unary': {
        const operand = this.value(expression.operand);
        return BigInt.asUintN(
          64,
          expression.operator === '-'
            ? -operand
            : expression.operator === '~'
              ? ~operand
              : expression.operator === '!'
                ? operand === 0n
                  ? 1n
                  : 0n
                : operand,
        );
      }
      case 'binary':
        return binary(expression.operator, this.value(expression.left), this.value(expression.right));
      case 'ternary':
        return this.value(expression.condition) !== 0n ? this.value(expression.yes) : this.value(expression.no);
      default:
        return this.call(expression.name, expression.section, expression.arguments);
    }
  }

  private symbolValue(name: string): bigint {
    const definition = this.globals.definitions.get(name);
    if (definition === undefined) return 0n;
    const section = definition.file.sections[definition.symbol.section];
    const place = section === undefined ? undefined : this.places.get(section);
    if (place === undefined) return definition.symbol.value;
    return place.output.address + BigInt(place.placed.offset) + definition.symbol.value;
  }

  private call(name: string, section: string, list: readonly ScriptExpression[]): bigint {
    const output = section === '' ? undefined : this.outputs.find((candidate) => candidate.name === section);
    const values = list.map((argument) => this.value(argument));
    switch (name) {
      case 'ADDR':
        return output?.address ?? 0n;
      case 'LOADADDR':
        return output?.loadAddress ?? 0n;
      case 'SIZEOF':
        return BigInt(output?.size ?? 0);
      case 'ALIGNOF':
        return BigInt(output?.alignment ?? 1);
      case 'DEFINED':
        return this.defined.has(section) || this.values.has(section) ? 1n : 0n;
      case 'CONSTANT':
        return 4096n;
      case 'ALIGN':
        return values.length > 1 ? alignUp(values[0] ?? 0n, Number(values[1])) : alignUp(this.dot, Number(values[0]));
      case 'ABSOLUTE':
        return values[0] ?? 0n;
      case 'MAX':
        return (values[0] ?? 0n) > (values[1] ?? 0n) ? (values[0] ?? 0n) : (values[1] ?? 0n);
      case 'MIN':
        return (values[0] ?? 0n) < (values[1] ?? 0n) ? (values[0] ?? 0n) : (values[1] ?? 0n);
      case 'SIZEOF_HEADERS':
        return 64n + 56n * BigInt(this.script.segments.length);
      default:
        this.failures.add(`the script function ${name} is not supported`);
        return 0n;
    }
  }
}

function isCommonPattern(input: InputPattern): boolean {
  return input.sections.some((pattern) => pattern.test('COMMON'));
}

/** Sections that carry contents; not symbol tables, relocations and the like. */
function isLinked(section: InputSection): boolean {
  if (section.index === 0 || section.name === '.note.GNU-stack') return false;
  const { type } = section;
  return (
    type !== SectionType.symtab &&
    type !== SectionType.strtab &&
    type !== SectionType.rela &&
    type !== SectionType.group &&
    type !== 0x6fff4c03
  );
}

function isKept(output: OutputSection): boolean {
  if (output.size > 0) return true;
  return output.statement === null && output.placed.length > 0 && (output.flags & SectionFlag.alloc) === 0;
}

function isMergeable(section: InputSection): boolean {
  const { flags, entrySize, alignment } = section;
  if ((flags & SectionFlag.merge) === 0 || entrySize === 0 || section.size === 0 || section.relocations.length > 0)
    return false;
  if (section.size % entrySize !== 0) return false;
  if (entrySize < alignment) return (flags & SectionFlag.strings) !== 0 && (entrySize & (entrySize - 1)) === 0;
  return entrySize === alignment || entrySize % alignment === 0;
}

function sameValues(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, value] of b) if (a.get(name) !== value) return false;
  return true;
}
