/**
 * What the decoder has to know of definitions. Bundlers of this project replace this module by one that holds the finished
 * table (.ci/builtInterpreter.js): a page can run the interpreter before it has the definitions that it was made from.
 */
import { type Definition, DEFINITIONS } from '../../cpu/semantics/index.ts';

export type Traits = Pick<Definition, 'op' | 'ends' | 'stack' | 'vector'>;

/** By `op`. */
export const TRAITS: ReadonlyMap<string, Traits> = new Map(
  [...DEFINITIONS].map(([op, { generate: _, flags: __, ...traits }]) => [op, traits]),
);
