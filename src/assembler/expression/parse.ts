import type { AssemblerSymbol } from '../object/symbol.ts';
import { Limits, StatementError } from '../problem.ts';
import { type Cursor, readEscape } from '../source/cursor.ts';
import { constantOf, fixedDistance } from './evaluate.ts';
import { type BinaryOperator, constant, type Expression, type Operand, type UnaryOperator } from './expression.ts';

/** What an expression may refer to. */
export interface Names {
  /** The symbol of that name, made when it is new. */
  readonly symbol: (name: string) => AssemblerSymbol;
  /** A nameless symbol at the current place. */
  readonly here: () => AssemblerSymbol;
  /** The symbol `1f` or `1b` means; null when there is no such label before. */
  readonly localLabel: (number: string, direction: 'b' | 'f') => AssemblerSymbol | null;
}

/** Ranks of GNU as: all operators of a rank bind from left to right. */
const RANKS: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<>': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '|': 5,
  '&': 5,
  '^': 5,
  '!': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '<<': 6,
  '>>': 6,
};
const OPERATOR = /\|\||&&|==|!=|<>|<<|>>|<=|>=|[-+|&^!*/%<>]/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+/y;
const LOCAL = /([0-9]+)([bf])(?![\w.$])/y;
const SPECIFIER = /@([A-Za-z_]+)/y;

/** Parses an expression; the cursor stands behind it afterwards. Throws StatementError where there is none. */
export function parseExpression(cursor: Cursor, names: Names): Expression {
  return parseOperand(cursor, names).expression;
}

/** Parses an expression with a relocation specifier ("foo@GOTPCREL + 8"). */
export function parseOperand(cursor: Cursor, names: Names): Operand {
  const parser = new Parser(cursor, names);
  const expression = parser.binary(1, 0);
  return { expression, specifier: parser.specifier };
}

class Parser {
  specifier = '';
  private readonly cursor: Cursor;
  private readonly names: Names;

  constructor(cursor: Cursor, names: Names) {
    this.cursor = cursor;
    this.names = names;
  }

  binary(rank: number, depth: number): Expression {
    const { cursor } = this;
    let left = this.unary(depth);
    for (let chain = 0; ; chain++) {
      cursor.skipBlanks();
      const start = cursor.at;
      const operator = cursor.match(OPERATOR)?.[0];
      const operatorRank = operator === undefined ? 0 : (RANKS[operator] ?? 0);
      if (operator === undefined || operatorRank < rank) {
        cursor.at = start;
        return left;
      }
      const right = this.binary(operatorRank + 1, depth + 1);
      const name = (operator === '<>' ? '!=' : operator) as BinaryOperator;
      left = fold({ kind: 'binary', operator: name, left, right });
      if (left.kind !== 'constant' && chain > Limits.expressionDepth) throw cursor.error('the expression is too long');
    }
  }

  private unary(depth: number): Expression {
    const { cursor } = this;
    if (depth > Limits.expressionDepth) throw cursor.error('the expression is too deep');
    const next = cursor.peek();
    if (next === '-' || next === '~' || next === '!' || next === '+') {
      cursor.at++;
      return fold({ kind: 'unary', operator: next satisfies UnaryOperator, operand: this.unary(depth + 1) });
    }
    if (next === '(' || next === '[') {
      const start = cursor.at++;
      const inner = this.binary(1, depth + 1);
      const close = next === '(' ? ')' : ']';
      if (!cursor.take(close)) throw new StatementError(`"${close}" is missing`, start, 1, `Close the "${next}".`);
      this.takeSpecifier();
      return inner;
    }
    if (next === "'") return this.character();
    if (next >= '0' && next <= '9') return this.number();
    return this.nameOrPlace();
  }

  private number(): Expression {
    const { cursor } = this;
    const local = cursor.match(LOCAL);
    if (local !== null) {
      const symbol = this.names.localLabel(local[1] ?? '', local[2] as 'b' | 'f');
      if (symbol === null) {
        throw new StatementError(
          `there is no label ${local[1]}: before this line`,
          cursor.at - local[0].length,
          local[0].length,
          `Write ${local[1]}f for the next one, or define it.`,
        );
      }
      this.takeSpecifier();
      return { kind: 'symbol', symbol };
    }
    const start = cursor.at;
    const digits = cursor.match(NUMBER)?.[0] ?? '';
    if (/^0[0-9]+$/.test(digits)) {
      if (/[89]/.test(digits)) {
        throw new StatementError(
          `${digits} is not an octal number`,
          start,
          digits.length,
          'Leave out the leading zero.',
        );
      }
      return wide(BigInt(`0o${digits.slice(1)}`));
    }
    const next = cursor.text.charAt(cursor.at);
    if (cursor.at < cursor.end && /[\w]/.test(next)) {
      throw new StatementError(
        `a number cannot go on with "${next}"`,
        cursor.at,
        1,
        'Hexadecimal numbers start with 0x.',
      );
    }
    return wide(BigInt(digits));
  }

  private character(): Expression {
    const { cursor } = this;
    const { text } = cursor;
    let at = cursor.at + 1;
    if (at >= cursor.end) throw cursor.error("a character is missing after '");
    const bytes: number[] = [];
    if (text.charAt(at) === '\\' && at + 1 < cursor.end) at = readEscape(text, at + 1, bytes);
    else bytes.push(text.charCodeAt(at++) & 0xff);
    if (text.charAt(at) === "'" && at < cursor.end) at++;
    cursor.at = at;
    return { kind: 'constant', value: BigInt(bytes[0] ?? 0) };
  }

  private nameOrPlace(): Expression {
    const { cursor } = this;
    const start = cursor.at;
    const name = cursor.name();
    if (name === null) {
      const found = cursor.rest();
      throw cursor.error(
        found === '' ? 'a value is missing here' : `a value expected, not "${found}"`,
        Math.max(1, found.length),
      );
    }
    if (name === '.') return { kind: 'symbol', symbol: this.names.here() };
    const symbol = this.names.symbol(name);
    this.takeSpecifier();
    if (symbol.state === 'equated' && symbol.value?.kind === 'constant') return symbol.value;
    if (cursor.at === start) throw cursor.error('a value expected');
    return { kind: 'symbol', symbol };
  }

  private takeSpecifier(): void {
    const found = this.cursor.match(SPECIFIER);
    if (found !== null) this.specifier = (found[1] ?? '').toLowerCase();
  }
}

/** Constants beyond 64 bits stay whole, so that `.octa` can take them. */
function wide(value: bigint): Expression {
  return { kind: 'constant', value: value < 1n << 64n ? BigInt.asIntN(64, value) : value };
}

/** Like GNU as: what is constant when it is read is a constant from then on. */
function fold(expression: Expression): Expression {
  const value = constantOf(expression, fixedDistance);
  return value === null ? expression : constant(value);
}
