import type { Expression } from '../expression/expression.ts';
import { type Names, parseOperand } from '../expression/parse.ts';
import { StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import { nearest } from '../source/nearest.ts';
import type { AssemblerOperand, Immediate, Memory, Register } from './operand.ts';
import { registerNamed, registerNames } from './registers.ts';

const REGISTER = /%\s*(st\s*\(\s*[0-7]\s*\)|[A-Za-z][A-Za-z0-9]*)/y;

/** Parses the operands of an AT&T instruction, in the order written. */
export function attOperands(cursor: Cursor, names: Names): AssemblerOperand[] {
  const operands: AssemblerOperand[] = [];
  if (cursor.atEnd()) return operands;
  do {
    operands.push(attOperand(cursor, names));
    if (operands.length > 6) throw cursor.error('too many operands');
  } while (cursor.take(','));
  if (!cursor.atEnd()) {
    const next = cursor.peek();
    throw cursor.error(
      `"${cursor.rest()}" is left over`,
      cursor.end - cursor.at,
      next === '%' || next === '$' ? 'A comma may be missing.' : '',
    );
  }
  return operands;
}

function attOperand(cursor: Cursor, names: Names): AssemblerOperand {
  const indirect = cursor.take('*');
  const next = cursor.peek();
  const at = cursor.at;
  if (next === '$') {
    cursor.at++;
    const { expression, specifier } = parseOperand(cursor, names);
    return { kind: 'imm', expression, specifier, at, length: cursor.at - at } satisfies Immediate;
  }
  if (next === '%') {
    const register = attRegister(cursor);
    if (register.file === 'segment' && cursor.take(':')) return memory(cursor, names, register.index, indirect, at);
    return { ...register, at, length: cursor.at - at };
  }
  if (next === '') throw new StatementError('an operand is missing', Math.max(0, at - 1), 1);
  return memory(cursor, names, -1, indirect, at);
}

function attRegister(cursor: Cursor): Register {
  cursor.skipBlanks();
  const start = cursor.at;
  const found = cursor.match(REGISTER);
  const name = (found?.[1] ?? '').toLowerCase().replace(/\s+/g, '');
  const register = registerNamed(name);
  if (register === undefined) {
    const close = nearest(name, registerNames());
    throw new StatementError(
      name === '' ? 'a register name expected after %' : `there is no register %${name}`,
      start,
      Math.max(1, cursor.at - start),
      close === '' ? '' : `Did you mean %${close}?`,
    );
  }
  return register;
}

function memory(cursor: Cursor, names: Names, segment: number, indirect: boolean, at: number): Memory {
  let displacement: Expression | null = null;
  let specifier = '';
  if (!startsRegisters(cursor)) ({ expression: displacement, specifier } = parseOperand(cursor, names));
  let base: Register | null = null;
  let index: Register | null = null;
  let scale = 0;
  if (cursor.peek() === '(') {
    const open = cursor.at++;
    if (cursor.peek() === '%') base = attRegister(cursor);
    if (cursor.take(',')) {
      if (cursor.peek() === '%') index = attRegister(cursor);
      if (index !== null ? cursor.take(',') && cursor.peek() !== ')' : cursor.peek() !== ')')
        scale = scaleFactor(cursor, names);
    }
    if (!cursor.take(')')) throw new StatementError('")" is missing', open, 1, 'Close the "(".');
  }
  // A displacement of zero is one that is not there.
  if (displacement !== null && (base !== null || index !== null) && specifier === '') {
    if (constantOf(displacement, fixedDistance) === 0n && base?.file !== 'ip') displacement = null;
  }
  return {
    kind: 'mem',
    segment,
    base,
    index,
    scale,
    displacement,
    specifier,
    bits: 0,
    indirect,
    at,
    length: cursor.at - at,
  };
}

const REGISTERS = /\(\s*[%,)]/y;

/** True at "(%rax", where "(" opens the registers and not an expression. */
function startsRegisters(cursor: Cursor): boolean {
  cursor.skipBlanks();
  REGISTERS.lastIndex = cursor.at;
  return REGISTERS.test(cursor.text);
}

export function scaleFactor(cursor: Cursor, names: Names): number {
  const start = cursor.at;
  const { expression } = parseOperand(cursor, names);
  const value = constantOf(expression, fixedDistance);
  const scale = value === null ? -1 : [1n, 2n, 4n, 8n].indexOf(value);
  if (scale < 0) throw new StatementError('a scale factor is 1, 2, 4 or 8', start, Math.max(1, cursor.at - start));
  return scale;
}
