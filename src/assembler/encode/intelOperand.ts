import type { Names } from '../expression/parse.ts';
import type { Cursor } from '../source/cursor.ts';
import type { AssemblerOperand } from './operand.ts';

export function intelOperands(cursor: Cursor, _names: Names, word: string): AssemblerOperand[] {
  throw cursor.error(`${word}: Intel syntax is not read yet`);
}
