import { SectionNumber } from '../object/elf.ts';
import type { InputSymbol, ObjectFile } from './elfReader.ts';

/** The definition a global name has. */
export interface Definition {
  readonly file: ObjectFile;
  readonly symbol: InputSymbol;
}

export interface CommonSymbol {
  readonly name: string;
  size: number;
  alignment: number;
  file: ObjectFile;
}

export interface GlobalSymbols {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly commons: ReadonlyMap<string, CommonSymbol>;
  /** Names some file refers to, weak references included. */
  readonly referenced: ReadonlySet<string>;
}

/** Two files define one name. */
export interface Duplicate {
  readonly name: string;
  readonly first: Definition;
  readonly second: Definition;
}

/** Decides which file defines each global name: a strong definition before a common one, that before a weak one. */
export function resolveSymbols(
  files: readonly ObjectFile[],
): GlobalSymbols & { readonly duplicates: readonly Duplicate[] } {
  const definitions = new Map<string, Definition>();
  const commons = new Map<string, CommonSymbol>();
  const referenced = new Set<string>();
  const duplicates: Duplicate[] = [];
  for (const file of files) {
    for (const symbol of file.symbols) {
      if (symbol.binding === 0 || symbol.name === '') continue;
      if (symbol.section === SectionNumber.undefined) {
        referenced.add(symbol.name);
        continue;
      }
      if (symbol.section === SectionNumber.common) {
        addCommon(symbol, file, commons);
        continue;
      }
      const known = definitions.get(symbol.name);
      if (known === undefined || (known.symbol.binding === 2 && symbol.binding === 1)) {
        definitions.set(symbol.name, { file, symbol });
      } else if (known.symbol.binding === 1 && symbol.binding === 1) {
        duplicates.push({ name: symbol.name, first: known, second: { file, symbol } });
      }
    }
  }
  for (const name of commons.keys()) {
    if (definitions.get(name)?.symbol.binding === 1) commons.delete(name);
    else definitions.delete(name);
  }
  return { definitions, commons, referenced, duplicates };
}

function addCommon(symbol: InputSymbol, file: ObjectFile, commons: Map<string, CommonSymbol>): void {
  const known = commons.get(symbol.name);
  const size = Number(symbol.size);
  const alignment = Math.max(1, Number(symbol.value));
  if (known === undefined) commons.set(symbol.name, { name: symbol.name, size, alignment, file });
  else {
    known.size = Math.max(known.size, size);
    known.alignment = Math.max(known.alignment, alignment);
  }
}
