/**
 * The interpreter's WebAssembly. Bundlers of this project replace this module by one that holds the finished bytes
 * (.ci/builtInterpreter.js), because generating them takes longer than everything else at start-up.
 */
import { DEFINITIONS } from '../../cpu/semantics/index.ts';
import { generateInterpreter } from './generate.ts';
import { handlerShapes } from './handlerShapes.ts';
import type { Interpreter } from './slots.ts';

const jcc = DEFINITIONS.get('jcc');
if (jcc === undefined) throw new Error('jcc is not defined');
export const interpreter: Interpreter = generateInterpreter(handlerShapes(), jcc);
/** Fulfilled when a machine can be made. Built for a page, the WebAssembly is a file of its own, which is fetched first. */
export const ready: Promise<void> = Promise.resolve();
