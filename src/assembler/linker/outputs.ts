import { SectionFlag, SectionType } from '../object/section.ts';
import type { InputSection, ObjectFile } from './elfReader.ts';
import type { InputPattern, LinkScript, OutputStatement, ScriptExpression } from './scriptTypes.ts';
import type { CommonSymbol } from './symbols.ts';

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

/** Which input sections go to which output section, by a script; addresses come later. */
export class Outputs {
  /** In the order of their addresses. */
  readonly list: OutputSection[] = [];
  private readonly byStatement = new Map<OutputStatement, OutputSection>();
  private readonly assigned = new Map<InputPattern, InputSection[]>();
  private readonly orphans = new Map<OutputSection, InputSection[]>();
  private readonly files: readonly ObjectFile[];

  constructor(files: readonly ObjectFile[], script: LinkScript) {
    this.files = files;
    this.assign(script);
  }

  /** The output section that a statement of the script describes. */
  of(statement: OutputStatement): OutputSection | undefined {
    return this.byStatement.get(statement);
  }

  /** What a pattern of the script has got. */
  matched(pattern: InputPattern): readonly InputSection[] {
    return this.assigned.get(pattern) ?? [];
  }

  /** All that goes to an output section, in order. */
  sectionsOf(output: OutputSection): readonly InputSection[] {
    if (output.statement === null) return this.orphans.get(output) ?? [];
    return output.statement.contents.flatMap((content) => (content.kind === 'input' ? this.matched(content) : []));
  }

  /** Every input section goes to the first pattern of the script that names it. */
  private assign(script: LinkScript): void {
    const taken = new Set<InputSection>();
    for (const statement of script.statements) {
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
    this.list.push(output);
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
    let output = this.list.find((candidate) => candidate.name === section.name && candidate.statement === null);
    if (output === undefined) {
      output = this.newOutput(section.name, null);
      if ((section.flags & SectionFlag.alloc) !== 0) this.moveBesideKin(output, section);
    }
    this.describe(output, section);
    this.orphans.set(output, [...(this.orphans.get(output) ?? []), section]);
  }

  private moveBesideKin(output: OutputSection, section: InputSection): void {
    const kin = SectionFlag.exec | SectionFlag.write;
    const others = this.list.filter((other) => other !== output && (other.flags & SectionFlag.alloc) !== 0);
    const nobits = section.type === SectionType.nobits;
    const alike = others.filter(
      (other) => (other.flags & kin) === (section.flags & kin) && (nobits || other.type !== SectionType.nobits),
    );
    const neighbour = alike.at(-1) ?? others.at(-1);
    if (neighbour === undefined) return;
    this.list.splice(this.list.indexOf(output), 1);
    this.list.splice(this.list.indexOf(neighbour) + 1, 0, output);
    output.segments = [];
  }
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
