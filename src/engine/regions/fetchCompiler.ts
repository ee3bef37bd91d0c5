/**
 * Where the compiler is once it is there. Bundlers of pages replace this module by one that fetches it when it is told to
 * (.ci/builtInterpreter.js): the first machine is shown before anything is hot. Until then the interpreter runs
 * everything, with the same results.
 */
import * as parts from './compiler.ts';

export type Compiler = typeof parts;

/** Undefined until it has been fetched. */
export const compiler = (): Compiler | undefined => parts;

/** Fetches it, where that is still to be done. */
export const fetchCompiler = (): Promise<void> => Promise.resolve();
