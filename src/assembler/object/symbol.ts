import type { Expression } from '../expression/expression.ts';
import type { Fragment, Section } from './section.ts';

export type Binding = 'local' | 'global' | 'weak';
/** ELF st_other visibilities: default 0, internal 1, hidden 2, protected 3. */
export type Visibility = 0 | 1 | 2 | 3;

/** A name of the source, or a place without one (`.` in an expression). */
export interface AssemblerSymbol {
  readonly name: string;
  /** Where it is defined: a place in a section, an expression, common storage, or nowhere in this file. */
  state: 'undefined' | 'label' | 'equated' | 'common' | 'section';
  fragment: Fragment | null;
  /** Offset in the fragment. */
  offset: number;
  section: Section | null;
  value: Expression | null;
  binding: Binding;
  visibility: Visibility;
  /** ELF st_info type: 0 none, 1 object, 2 function, 3 section, 4 file, 6 TLS, 10 indirect function. */
  type: number;
  size: Expression | null;
  commonSize: bigint;
  commonAlignment: bigint;
  /** Something refers to it, so that it has to be in the symbol table even when undefined. */
  used: boolean;
  /** Position in the symbol table, by `objectFile`. */
  index: number;
}

export function newSymbol(name: string): AssemblerSymbol {
  return {
    name,
    state: 'undefined',
    fragment: null,
    offset: 0,
    section: null,
    value: null,
    binding: 'local',
    visibility: 0,
    type: 0,
    size: null,
    commonSize: 0n,
    commonAlignment: 1n,
    used: false,
    index: -1,
  };
}

/** Address in its section, after layout. */
export function addressOf(symbol: AssemblerSymbol): number {
  return (symbol.fragment?.address ?? 0) + symbol.offset;
}
