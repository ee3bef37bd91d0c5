/** The part of the region compiler that a machine can begin without: the definitions, and what makes code of them. */
export { compileRegions } from './compile.ts';
export { regionDefinition } from './operands.ts';
