import { alignUp, binary } from './arithmetic.ts';
import type { OutputSection } from './outputs.ts';
import type { ScriptExpression } from './scriptTypes.ts';

/** What expressions of a script may ask for, where the layout stands. */
export interface ScriptPlace {
  readonly dot: bigint;
  /** What the script has assigned. */
  readonly values: ReadonlyMap<string, bigint>;
  readonly defined: ReadonlySet<string>;
  readonly outputs: { readonly list: readonly OutputSection[] };
  readonly script: { readonly segments: readonly unknown[] };
  readonly failures: Set<string>;
  symbolValue(name: string): bigint;
}

/** The value of an expression on 64-bit numbers without sign. */
export function scriptValue(expression: ScriptExpression, place: ScriptPlace): bigint {
  const value = (part: ScriptExpression): bigint => scriptValue(part, place);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'symbol':
      if (expression.name === '.') return place.dot;
      return place.values.get(expression.name) ?? place.symbolValue(expression.name);
    case 'unary': {
      const operand = value(expression.operand);
      return BigInt.asUintN(
        64,
        expression.operator === '-'
          ? -operand
          : expression.operator === '~'
            ? ~operand
            : expression.operator === '!'
              ? operand === 0n
                ? 1n
                : 0n
              : operand,
      );
    }
    case 'binary':
      return binary(expression.operator, value(expression.left), value(expression.right));
    case 'ternary':
      return value(expression.condition) !== 0n ? value(expression.yes) : value(expression.no);
    default:
      return call(expression.name, expression.section, expression.arguments.map(value), place);
  }
}

function call(name: string, section: string, values: readonly bigint[], place: ScriptPlace): bigint {
  const output = section === '' ? undefined : place.outputs.list.find((candidate) => candidate.name === section);
  switch (name) {
    case 'ADDR':
      return output?.address ?? 0n;
    case 'LOADADDR':
      return output?.loadAddress ?? 0n;
    case 'SIZEOF':
      return BigInt(output?.size ?? 0);
    case 'ALIGNOF':
      return BigInt(output?.alignment ?? 1);
    case 'DEFINED':
      return place.defined.has(section) || place.values.has(section) ? 1n : 0n;
    case 'CONSTANT':
      return 4096n;
    case 'ALIGN':
      return values.length > 1 ? alignUp(values[0] ?? 0n, Number(values[1])) : alignUp(place.dot, Number(values[0]));
    case 'ABSOLUTE':
      return values[0] ?? 0n;
    case 'MAX':
      return (values[0] ?? 0n) > (values[1] ?? 0n) ? (values[0] ?? 0n) : (values[1] ?? 0n);
    case 'MIN':
      return (values[0] ?? 0n) < (values[1] ?? 0n) ? (values[0] ?? 0n) : (values[1] ?? 0n);
    case 'SIZEOF_HEADERS':
      return 64n + 56n * BigInt(place.script.segments.length);
    default:
      place.failures.add(`the script function ${name} is not supported`);
      return 0n;
  }
}
