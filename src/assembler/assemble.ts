import { lineTable } from './object/lineTable.ts';
import { NAMED_BY_RELOCATION, objectFile } from './object/objectFile.ts';
import { layOut } from './object/relax.ts';
import { mentionsGot } from './object/relocation.ts';
import { resolve, type SectionContents } from './object/resolve.ts';
import { type AssemblerSymbol, newSymbol } from './object/symbol.ts';
import type { Problem } from './problem.ts';
import type { Context, Mark } from './statement/context.ts';
import { StatementReader } from './statement/statements.ts';

export interface AssembleOptions {
  /** Name of the source, for messages and to find what it includes. Only .S files are preprocessed like C. */
  readonly fileName: string;
  /** The text of a file, or null when there is none. */
  readonly include?: (path: string) => string | null;
  /** Macros defined before the first line, as by `-D`. */
  readonly defines?: Readonly<Record<string, string>>;
  /** Write a line table for debuggers (`.debug_line`), as `as -g` does. */
  readonly lineTable?: boolean;
}

/** Bytes that a line of the source became. */
export interface ListingLine {
  readonly file: string;
  /** Counts from 1. Of what a macro made: the line that called it. */
  readonly line: number;
  readonly section: string;
  /** Offset in the section. */
  readonly address: number;
  readonly bytes: Uint8Array;
  /** False for data and fill. */
  readonly isInstruction: boolean;
}

export interface Assembled {
  /** ELF64 relocatable. */
  readonly object: Uint8Array;
  readonly listing: readonly ListingLine[];
  /** What GNU as would warn of. */
  readonly warnings: readonly Problem[];
}

export interface Rejected {
  /** At least one. */
  readonly problems: readonly Problem[];
}

export function isRejected(result: Assembled | Rejected): result is Rejected {
  return 'problems' in result;
}

/** Assembles a GNU as source. Never throws and always ends: see `Limits`. */
export function assemble(source: string, options: AssembleOptions): Assembled | Rejected {
  const reader = new StatementReader({
    include: options.include ?? (() => null),
    defines: options.defines ?? {},
    preprocess: !options.fileName.endsWith('.s'),
  });
  reader.run(source, options.fileName);
  const { context } = reader;
  if (context.problems.length > 0) return { problems: context.problems };
  layOut(context.sections, (origin, message, hint) => context.problemAt(origin, message, hint));
  if (context.problems.length > 0) return { problems: context.problems };
  return finish(context, options.lineTable ?? false);
}

function finish(context: Context, withLines: boolean): Assembled | Rejected {
  const contents = context.sections.map((section) =>
    resolve(section, {
      sectionSymbol: (other) => context.sectionSymbols.get(other) ?? newSymbol(''),
      report: (origin, message, hint) => context.problemAt(origin, message, hint),
      mode: context.mode,
    }),
  );
  if (context.problems.length > 0) return { problems: context.problems };
  const symbols = [...context.symbols];
  const listing = listingOf(context, contents);
  const lines = withLines
    ? lineTable(listing, contents, (section) => context.sectionSymbols.get(section) ?? newSymbol(''))
    : null;
  if (lines !== null) contents.push(lines);
  nameTargets(contents, symbols, context);
  return {
    object: objectFile(contents, symbols, context.sourceFiles),
    listing,
    warnings: context.warnings,
  };
}

/** Local labels that a relocation names have to be in the symbol table, even nameless ones. */
function nameTargets(contents: readonly SectionContents[], symbols: AssemblerSymbol[], context: Context): void {
  let got = false;
  let nameless = 0;
  for (const { section, relocations } of contents) {
    got ||= section.fixups.some((fixup) => mentionsGot(fixup.specifier));
    for (const { symbol } of relocations) {
      if (symbol === null || symbol.state === 'section' || symbol.index === NAMED_BY_RELOCATION) continue;
      symbol.index = NAMED_BY_RELOCATION;
      if (symbol.name === '') symbols.push(Object.assign(symbol, { name: `.L${++nameless}\u0002` }));
    }
  }
  if (got) {
    const table = context.symbolNamed('_GLOBAL_OFFSET_TABLE_');
    table.used = true;
    if (!symbols.includes(table)) symbols.push(table);
  }
}

function listingOf(context: Context, contents: readonly SectionContents[]): ListingLine[] {
  const bytesOf = new Map(contents.map((content) => [content.section, content.bytes]));
  const offset = ({ fragment, offset: within }: Mark, end: boolean): number => {
    if (fragment === null) return 0;
    return (
      fragment.address +
      (end && fragment.kind !== 'bytes' ? fragment.size : fragment.kind === 'bytes' ? within : fragment.size)
    );
  };
  const lines: ListingLine[] = [];
  for (const { file, line, from, to, isInstruction } of context.listing) {
    const address = offset(from, false);
    const end = offset(to, true);
    const bytes = bytesOf.get(from.section)?.subarray(address, end) ?? new Uint8Array(0);
    lines.push({ file, line, section: from.section.name, address, bytes, isInstruction });
  }
  return lines;
}
