import { operate } from '../expression/arithmetic.ts';

/** The expression of an `#if`: integers, `defined`, C's operators. Names that are no macros are 0. */
export function evaluateCondition(text: string, isDefined: (name: string) => boolean): bigint | string {
  const tokens =
    text.match(
      /0[xX][0-9a-fA-F]+[uUlL]*|[0-9]+[uUlL]*|[A-Za-z_]\w*|'(?:\\.|[^'])'|&&|\|\||[<>=!]=|<<|>>|[-+*/%<>!~&|^()?:]/g,
    ) ?? [];
  if (tokens.length > 2000) return 'the condition is too long';
  const reader = new Reader(tokens, isDefined);
  try {
    const value = reader.ternary(0);
    if (reader.at < tokens.length) return `"${tokens[reader.at]}" is left over in the condition`;
    return value;
  } catch (error) {
    if (error instanceof ConditionError) return error.message;
    throw error;
  }
}

class ConditionError extends Error {}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Reader {
  at = 0;
  private readonly tokens: readonly string[];
  private readonly isDefined: (name: string) => boolean;

  constructor(tokens: readonly string[], isDefined: (name: string) => boolean) {
    this.tokens = tokens;
    this.isDefined = isDefined;
  }

  ternary(depth: number): bigint {
    if (depth > 100) throw new ConditionError('the condition is too deep');
    const condition = this.level(0, depth);
    if (this.tokens[this.at] !== '?') return condition;
    this.at++;
    const yes = this.ternary(depth + 1);
    this.expect(':');
    const no = this.ternary(depth + 1);
    return condition !== 0n ? yes : no;
  }

  private level(level: number, depth: number): bigint {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary(depth);
    let left = this.level(level + 1, depth);
    for (;;) {
      const operator = this.tokens[this.at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at++;
      left = BigInt.asIntN(64, apply(operator, left, this.level(level + 1, depth)));
    }
  }

  private unary(depth: number): bigint {
    if (depth > 100) throw new ConditionError('the condition is too deep');
    const token = this.tokens[this.at++];
    if (token === undefined) throw new ConditionError('a value is missing in the condition');
    switch (token) {
      case '!':
        return this.unary(depth + 1) === 0n ? 1n : 0n;
      case '-':
        return -this.unary(depth + 1);
      case '+':
        return this.unary(depth + 1);
      case '~':
        return ~this.unary(depth + 1);
      case '(': {
        const value = this.ternary(depth + 1);
        this.expect(')');
        return value;
      }
      case 'defined':
        return this.definedOperator();
      default:
        break;
    }
    if (/^[0-9]/.test(token)) return integer(token.replace(/[uUlL]+$/, ''));
    if (token.startsWith("'")) return BigInt(token.charCodeAt(1));
    if (/^[A-Za-z_]/.test(token)) return 0n;
    throw new ConditionError(`"${token}" is not a value`);
  }

  private definedOperator(): bigint {
    const parenthesis = this.tokens[this.at] === '(';
    if (parenthesis) this.at++;
    const name = this.tokens[this.at++] ?? '';
    if (parenthesis) this.expect(')');
    return this.isDefined(name) ? 1n : 0n;
  }

  private expect(token: string): void {
    if (this.tokens[this.at++] !== token) throw new ConditionError(`"${token}" is missing in the condition`);
  }
}

function integer(digits: string): bigint {
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  if (/^0[0-9]+$/.test(digits)) throw new ConditionError(`${digits} is not an octal number`);
  return BigInt(digits);
}

function apply(operator: string, a: bigint, b: bigint): bigint {
  const result = operate(operator, a, b);
  if (result === null) throw new ConditionError('division by zero in the condition');
  return BigInt(result);
}
