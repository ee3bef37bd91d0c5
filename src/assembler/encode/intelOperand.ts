import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import type { BinaryOperator, Expression } from '../expression/expression.ts';
import { type Names, parseOperand } from '../expression/parse.ts';
import { StatementError } from '../problem.ts';
import { endOfCharacter, endOfString } from '../source/comments.ts';
import { Cursor } from '../source/cursor.ts';
import { scaleFactor } from './attOperand.ts';
import type { AssemblerOperand, FarPointer, Immediate, Memory, Register } from './operand.ts';
import { registerNamed } from './registers.ts';

const SIZES: Readonly<Record<string, number>> = {
  byte: 8,
  word: 16,
  dword: 32,
  fword: 48,
  qword: 64,
  mmword: 64,
  tbyte: 80,
  oword: 128,
  xmmword: 128,
  ymmword: 256,
  zmmword: 512,
};
const SIZE = /(byte|word|dword|fword|qword|mmword|tbyte|oword|[xyz]mmword)(?:\s+ptr\b|(?=\s*\[))/iy;
const WRAPPED = /^\[\s*[a-z]+\s+ptr\b/i;
const DISTANCE = /(?:short|near|far)(?:\s+ptr)?\b/iy;
const SEGMENT = /%?([c-gs]s)\s*:/iy;
const OFFSET = /offset\s+(?:flat\s*:)?/iy;
const REGISTER = /%?\s*(st\s*\(\s*[0-7]\s*\)|[a-z][a-z0-9]*)(?![\w.$@])/iy;
const BRANCH = /^(?:j\w+|call\w*|loop\w*|xbegin)$/;
/** GNU as takes what stands behind these for the place of a pointer, brackets or not. */
const INDIRECT = /^jmp[wq]$/;
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

/** Parses the operands of an Intel-syntax instruction, destination first. */
export function intelOperands(cursor: Cursor, names: Names, mnemonic: string): AssemblerOperand[] {
  if (cursor.atEnd()) return [];
  const operands: AssemblerOperand[] = [];
  for (const [start, end] of splitOperands(cursor.text, cursor.at, cursor.end)) {
    operands.push(new IntelOperand(new Cursor(cursor.text, start, end), names, mnemonic).parse());
    if (operands.length > 6) throw cursor.error('too many operands');
  }
  cursor.at = cursor.end;
  return operands;
}

/** Ranges between commas outside of brackets. */
function splitOperands(text: string, start: number, end: number): [number, number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let from = start;
  for (let n = start; n < end; ) {
    const character = text.charAt(n);
    if (character === '"') n = endOfString(text, n);
    else if (character === "'") n = endOfCharacter(text, n);
    else {
      if (character === '[' || character === '(') depth++;
      if (character === ']' || character === ')') depth--;
      if (character === ',' && depth === 0) {
        ranges.push([from, n]);
        from = n + 1;
      }
      n++;
    }
  }
  ranges.push([from, end]);
  return ranges;
}

class IntelOperand {
  private readonly cursor: Cursor;
  private readonly names: Names;
  private readonly mnemonic: string;
  private base: Register | null = null;
  private index: Register | null = null;
  private scale = 0;
  private displacement: Expression | null = null;
  private specifier = '';

  constructor(cursor: Cursor, names: Names, mnemonic: string) {
    this.cursor = cursor;
    this.names = names;
    this.mnemonic = mnemonic;
  }

  parse(): AssemblerOperand {
    const { cursor } = this;
    if (cursor.atEnd()) throw cursor.error('an operand is missing');
    const at = cursor.at;
    const inner = this.unwrapped();
    if (inner !== null) return inner;
    const place = { at, length: Math.max(1, cursor.text.slice(at, cursor.end).trimEnd().length) };
    const bits = SIZES[(cursor.match(SIZE)?.[1] ?? '').toLowerCase()] ?? 0;
    cursor.skipBlanks();
    cursor.match(DISTANCE);
    cursor.skipBlanks();
    const segmentName = cursor.match(SEGMENT)?.[1]?.toLowerCase();
    const segment = segmentName === undefined ? -1 : SEGMENTS.indexOf(segmentName);
    cursor.skipBlanks();
    if (bits === 0 && segment < 0) {
      const register = this.wholeRegister();
      if (register !== null) return { ...register, ...place };
    }
    if (cursor.match(OFFSET) !== null) {
      const { expression, specifier } = parseOperand(cursor, this.names);
      cursor.requireEnd();
      return { kind: 'imm', expression, specifier, ...place };
    }
    const far = this.farPointer(place);
    if (far !== null) return far;
    const brackets = this.parts();
    const memory: Memory = {
      kind: 'mem',
      segment,
      base: this.base,
      index: this.index,
      scale: this.scale,
      displacement: this.simplified(),
      specifier: this.specifier,
      bits,
      indirect: brackets || bits !== 0 || segment >= 0 || INDIRECT.test(this.mnemonic),
      ...place,
    };
    if (memory.indirect || BRANCH.test(this.mnemonic)) return memory;
    const { displacement } = this;
    const isConstant = displacement !== null && constantOf(displacement, fixedDistance) !== null;
    if (displacement === null || !isConstant) return { ...memory, indirect: true };
    return { kind: 'imm', expression: displacement, specifier: this.specifier, ...place } satisfies Immediate;
  }

  /** gcc writes indirect jumps as `[QWORD PTR [rax]]`: the outer brackets say nothing. */
  private unwrapped(): AssemblerOperand | null {
    const { cursor } = this;
    if (cursor.peek() !== '[' || !WRAPPED.test(cursor.text.slice(cursor.at, cursor.end))) return null;
    const close = closing(cursor.text, cursor.at, cursor.end);
    if (close < 0 || cursor.text.slice(close + 1, cursor.end).trim() !== '') return null;
    return new IntelOperand(new Cursor(cursor.text, cursor.at + 1, close), this.names, this.mnemonic).parse();
  }

  /** The operand when it is a register and nothing else. */
  private wholeRegister(): Register | null {
    const { cursor } = this;
    const start = cursor.at;
    const register = this.register();
    if (register !== null && cursor.atEnd()) return register;
    cursor.at = start;
    return null;
  }

  private register(): Register | null {
    const { cursor } = this;
    cursor.skipBlanks();
    const start = cursor.at;
    const found = cursor.match(REGISTER);
    const register = registerNamed((found?.[1] ?? '').toLowerCase().replace(/\s+/g, ''));
    if (register === undefined) {
      cursor.at = start;
      return null;
    }
    return register;
  }

  /** "8:0x1234" */
  private farPointer(place: { readonly at: number; readonly length: number }): FarPointer | null {
    const { cursor } = this;
    const colon = cursor.text.indexOf(':', cursor.at);
    if (colon < 0 || colon >= cursor.end) return null;
    const read = (from: number, to: number): Immediate => {
      const part = new Cursor(cursor.text, from, to);
      const { expression, specifier } = parseOperand(part, this.names);
      part.requireEnd();
      return { kind: 'imm', expression, specifier, ...place };
    };
    return { kind: 'far', selector: read(cursor.at, colon), offset: read(colon + 1, cursor.end), ...place };
  }

  /** Everything up to the end: brackets and expressions, added up. True when there were brackets. */
  private parts(): boolean {
    const { cursor } = this;
    let brackets = false;
    let sign: BinaryOperator = '+';
    while (!cursor.atEnd()) {
      if (cursor.take('[')) {
        brackets = true;
        const open = cursor.at - 1;
        const close = closing(cursor.text, open, cursor.end);
        if (close < 0) throw new StatementError('"]" is missing', open, 1, 'Close the "[".');
        this.sum(cursor.at, close);
        cursor.at = close + 1;
      } else if (cursor.take('+')) sign = '+';
      else if (cursor.take('-')) sign = '-';
      else {
        const end = cursor.text.indexOf('[', cursor.at);
        const to = end < 0 || end > cursor.end ? cursor.end : end;
        const part = new Cursor(cursor.text, cursor.at, to);
        const { expression, specifier } = parseOperand(part, this.names);
        part.requireEnd();
        this.add(sign, expression, specifier);
        sign = '+';
        cursor.at = to;
      }
    }
    return brackets;
  }

  /** The inside of brackets: registers, scaled registers and values, added. */
  private sum(from: number, to: number): void {
    const { text } = this.cursor;
    let start = from;
    let sign: BinaryOperator = '+';
    let depth = 0;
    for (let n = from; n <= to; n++) {
      const character = n === to ? '+' : text.charAt(n);
      if (character === '(' || character === '[') depth++;
      if (character === ')' || character === ']') depth--;
      if (n < to && (depth > 0 || (character !== '+' && character !== '-'))) continue;
      if (text.slice(start, n).trim() !== '') {
        if (/[*/%&|^!~<>=]\s*$/.test(text.slice(start, n)) && n < to) continue;
        this.term(new Cursor(text, start, n), sign);
        sign = '+';
      }
      if (character === '-') sign = sign === '-' ? '+' : '-';
      start = n + 1;
    }
  }

  private term(cursor: Cursor, sign: BinaryOperator): void {
    const inner = new IntelOperand(cursor, this.names, '');
    const register = inner.register();
    if (register !== null) {
      const start = cursor.at;
      const scaled = cursor.take('*');
      const scale = scaled ? scaleFactor(cursor, this.names) : 0;
      cursor.requireEnd();
      if (sign === '-') throw new StatementError(`${register.name} cannot be subtracted`, start, 1);
      this.addRegister(register, scaled, scale, cursor);
      return;
    }
    const product = /^\s*([1248])\s*\*\s*%?([a-z]\w*)\s*$/i.exec(cursor.text.slice(cursor.at, cursor.end));
    const scaledRegister = registerNamed((product?.[2] ?? '').toLowerCase());
    if (product !== null && scaledRegister !== undefined) {
      this.addRegister(scaledRegister, true, ['1', '2', '4', '8'].indexOf(product[1] ?? '1'), cursor);
      return;
    }
    const { expression, specifier } = parseOperand(cursor, this.names);
    cursor.requireEnd();
    this.add(sign, expression, specifier);
  }

  private addRegister(register: Register, scaled: boolean, scale: number, cursor: Cursor): void {
    if (!scaled && this.base === null) {
      this.base = register;
      return;
    }
    if (this.index !== null) {
      if (!scaled || this.base !== null || this.scale !== 0) throw cursor.error('an address has at most two registers');
      this.base = this.index;
    }
    this.index = register;
    this.scale = scale;
    // RSP cannot be an index: exchange the two.
    if (register.index === 4 && scale === 0 && this.base !== null && this.base.index !== 4) {
      this.index = this.base;
      this.base = register;
    }
  }

  private add(operator: BinaryOperator, value: Expression, specifier: string): void {
    if (specifier !== '') this.specifier = specifier;
    if (this.displacement === null && operator === '+') this.displacement = value;
    else {
      const left = this.displacement ?? { kind: 'constant', value: 0n };
      this.displacement = { kind: 'binary', operator, left, right: value };
    }
  }

  /** The displacement, unless it is a zero beside registers. */
  private simplified(): Expression | null {
    const { displacement } = this;
    if (displacement === null || (this.base === null && this.index === null) || this.base?.file === 'ip')
      return displacement;
    return this.specifier === '' && constantOf(displacement, fixedDistance) === 0n ? null : displacement;
  }
}

function closing(text: string, open: number, end: number): number {
  let depth = 0;
  for (let n = open; n < end; n++) {
    const character = text.charAt(n);
    if (character === '[') depth++;
    if (character === ']' && --depth === 0) return n;
  }
  return -1;
}
