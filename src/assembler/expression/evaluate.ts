import { type AssemblerSymbol, addressOf } from '../object/symbol.ts';
import { Limits } from '../problem.ts';
import { operate } from './arithmetic.ts';
import type { BinaryOperator, Expression } from './expression.ts';

/** add - sub + constant, as far as an expression can be reduced. */
export interface Value {
  readonly add: AssemblerSymbol | null;
  readonly sub: AssemblerSymbol | null;
  readonly constant: bigint;
}

/** Distance of two places in bytes, null when not known (yet). */
export type Distance = (from: AssemblerSymbol, to: AssemblerSymbol) => bigint | null;

/** While parsing: known only when nothing of variable size lies between. */
export const fixedDistance: Distance = (from, to) => {
  const start = from.fragment;
  const end = to.fragment;
  if (start === null || end === null || start.section !== end.section) return null;
  if (start === end) return BigInt(to.offset - from.offset);
  const [first, last, sign] = start.index < end.index ? [start, end, 1] : [end, start, -1];
  let bytes = 0;
  for (let n = first.index; n < last.index; n++) {
    const fragment = first.section.fragments[n];
    if (fragment === undefined || (fragment.kind !== 'bytes' && fragment.kind !== 'space')) return null;
    bytes += fragment.size;
    // A long walk over and over would make hostile sources slow.
    if (n - first.index > 1000) return null;
  }
  return BigInt(sign * bytes + to.offset - from.offset);
};

/** After layout: known for all places of one section. */
export const laidOutDistance: Distance = (from, to) => {
  if (from.fragment === null || to.fragment === null || from.section !== to.section) return null;
  return BigInt(addressOf(to) - addressOf(from));
};

/** Reduces an expression, or says why it cannot be. */
export function evaluate(expression: Expression, distance: Distance, depth = 0): Value | string {
  switch (expression.kind) {
    case 'constant':
      return { add: null, sub: null, constant: expression.value };
    case 'symbol': {
      const { symbol } = expression;
      if (symbol.state !== 'equated' || symbol.value === null) return { add: symbol, sub: null, constant: 0n };
      if (depth > Limits.expressionDepth) return `the value of ${symbol.name} depends on itself`;
      return evaluate(symbol.value, distance, depth + 1);
    }
    case 'unary': {
      if (depth > Limits.expressionDepth * 4) return 'the expression is too deep';
      const value = evaluate(expression.operand, distance, depth + 1);
      if (typeof value === 'string') return value;
      if (expression.operator === '+') return value;
      if (expression.operator === '-') {
        return { add: value.sub, sub: value.add, constant: BigInt.asIntN(64, -value.constant) };
      }
      if (value.add !== null || value.sub !== null) return `the operand of ${expression.operator} is not a constant`;
      return number(expression.operator === '~' ? ~value.constant : value.constant === 0n ? 1n : 0n);
    }
    default: {
      if (depth > Limits.expressionDepth * 4) return 'the expression is too deep';
      const left = evaluate(expression.left, distance, depth + 1);
      if (typeof left === 'string') return left;
      const right = evaluate(expression.right, distance, depth + 1);
      if (typeof right === 'string') return right;
      return combine(expression.operator, left, right, distance);
    }
  }
}

/** The constant an expression reduces to, or null. */
export function constantOf(expression: Expression, distance: Distance): bigint | null {
  if (expression.kind === 'constant') return expression.value;
  const value = evaluate(expression, distance);
  return typeof value === 'string' || value.add !== null || value.sub !== null ? null : value.constant;
}

/** The equated symbol an expression names (plus or minus a constant): relocations keep its name where they keep one. */
export function aliasOf(expression: Expression): AssemblerSymbol | null {
  if (expression.kind === 'symbol') return expression.symbol.state === 'equated' ? expression.symbol : null;
  if (expression.kind !== 'binary' || (expression.operator !== '+' && expression.operator !== '-')) return null;
  if (expression.right.kind === 'constant') return aliasOf(expression.left);
  return expression.left.kind === 'constant' && expression.operator === '+' ? aliasOf(expression.right) : null;
}

const number = (value: bigint): Value => ({ add: null, sub: null, constant: BigInt.asIntN(64, value) });

function combine(operator: BinaryOperator, left: Value, right: Value, distance: Distance): Value | string {
  if (operator === '+') return sum(left, right, distance);
  if (operator === '-') {
    return sum(left, { add: right.sub, sub: right.add, constant: BigInt.asIntN(64, -right.constant) }, distance);
  }
  const symbolic = left.add ?? left.sub ?? right.add ?? right.sub;
  if (symbolic === null) return arithmetic(operator, left.constant, right.constant);
  if (isComparison(operator)) {
    const difference = combine('-', left, right, distance);
    if (typeof difference !== 'string' && difference.add === null && difference.sub === null) {
      return arithmetic(operator, difference.constant, 0n);
    }
  }
  return symbolic.name === ''
    ? `${operator} needs constants on both sides`
    : `${operator} needs constants on both sides, and ${symbolic.name} is not one here`;
}

function sum(left: Value, right: Value, distance: Distance): Value | string {
  let { add, sub } = left;
  let total = left.constant + right.constant;
  const cancel = (plus: AssemblerSymbol, minus: AssemblerSymbol): boolean => {
    const bytes = plus === minus ? 0n : distance(minus, plus);
    if (bytes === null) return false;
    total += bytes;
    return true;
  };
  let { add: otherAdd, sub: otherSub } = right;
  if (add !== null && otherSub !== null && cancel(add, otherSub)) {
    add = null;
    otherSub = null;
  }
  if (otherAdd !== null && sub !== null && cancel(otherAdd, sub)) {
    otherAdd = null;
    sub = null;
  }
  if ((add !== null && otherAdd !== null) || (sub !== null && otherSub !== null)) {
    const name = (otherAdd ?? otherSub)?.name ?? '';
    return `two symbols are added${name === '' ? '' : ` (${name} is the second)`}: no relocation can hold their sum`;
  }
  return { add: add ?? otherAdd, sub: sub ?? otherSub, constant: BigInt.asIntN(64, total) };
}

function isComparison(operator: BinaryOperator): boolean {
  return /^(?:[<>]=?|[=!]=)$/.test(operator);
}

function arithmetic(operator: BinaryOperator, a: bigint, b: bigint): Value | string {
  // GNU as has an OR NOT of its own, and shifts zeros in from the left.
  if (operator === '!') return number(a | ~b);
  const result = operate(operator, operator === '>>' ? BigInt.asUintN(64, a) : a, b);
  if (result === null) return 'division by zero';
  if (typeof result === 'bigint') return number(result);
  // True is -1 for comparisons, and 1 for && and ||.
  return number(!result ? 0n : isComparison(operator) ? -1n : 1n);
}
