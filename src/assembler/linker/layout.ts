import { SectionFlag, SectionType } from '../object/section.ts';
import { alignUp, binary } from './arithmetic.ts';
import type { InputSection, ObjectFile } from './elfReader.ts';
import { type MergedSection, mergeSections } from './merge.ts';
import { Outputs, type OutputSection, type PlacedSection } from './outputs.ts';
import { type ScriptPlace, scriptValue } from './scriptValue.ts';
import type { Assignment, InputPattern, LinkScript, OutputStatement, ScriptExpression } from './scriptTypes.ts';
import type { GlobalSymbols } from './symbols.ts';

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

class Layout implements ScriptPlace {
  readonly outputs: Outputs;
  private readonly places = new Map<InputSection, { output: OutputSection; placed: PlacedSection }>();
  private readonly merged = new Map<InputSection, MergedSection>();
  values = new Map<string, bigint>();
  dot = 0n;
  readonly failures = new Set<string>();
  readonly script: LinkScript;
  private readonly globals: GlobalSymbols;
  readonly defined: ReadonlySet<string>;

  constructor(files: readonly ObjectFile[], script: LinkScript, globals: GlobalSymbols, defined: ReadonlySet<string>) {
    this.outputs = new Outputs(files, script);
    this.script = script;
    this.globals = globals;
    this.defined = defined;
  }

  run(): LinkLayout {
    this.merge();
    for (let round = 0; round < ROUNDS; round++) {
      const before = this.values;
      this.values = new Map(before);
      this.failures.clear();
      this.addresses();
      if (sameValues(before, this.values)) break;
    }
    const sections = this.outputs.list.filter((output) => isKept(output));
    return { sections, places: this.places, merged: this.merged, values: this.values, failures: [...this.failures] };
  }

  private merge(): void {
    const groups = new Map<string, InputSection[]>();
    this.outputs.list.forEach((output, n) => {
      for (const section of this.outputs.sectionsOf(output)) {
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

  private addresses(): void {
    const { list } = this.outputs;
    this.dot = 0n;
    const done = new Set<OutputSection>();
    for (const statement of this.script.statements) {
      if (statement.kind === 'assignment') {
        this.assignment(statement, null);
        // Orphans stand right behind their neighbour, before what the script says next.
      } else if (statement.kind === 'section') {
        const output = this.outputs.of(statement);
        if (output === undefined) continue;
        this.section(output);
        done.add(output);
        for (let n = list.indexOf(output) + 1; n < list.length; n++) {
          const next = list[n];
          if (next === undefined || next.statement !== null || (next.flags & SectionFlag.alloc) === 0) break;
          this.section(next);
          done.add(next);
        }
      } else if (this.value(statement.condition) === 0n) this.failures.add(statement.message);
    }
    for (const output of list) {
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
    const inputs = this.outputs.sectionsOf(output);
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
        for (const section of this.outputs.matched(content)) this.put(output, section);
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
    return scriptValue(expression, this);
  }

  /** Of a symbol of the objects; 0 for one that none defines. */
  symbolValue(name: string): bigint {
    const definition = this.globals.definitions.get(name);
    if (definition === undefined) return 0n;
    const section = definition.file.sections[definition.symbol.section];
    const place = section === undefined ? undefined : this.places.get(section);
    if (place === undefined) return definition.symbol.value;
    return place.output.address + BigInt(place.placed.offset) + definition.symbol.value;
  }
}

function isCommonPattern(input: InputPattern): boolean {
  return input.sections.some((pattern) => pattern.test('COMMON'));
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
