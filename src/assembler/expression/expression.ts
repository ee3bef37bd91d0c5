import type { AssemblerSymbol } from '../object/symbol.ts';

export type UnaryOperator = '-' | '~' | '!' | '+';
export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '|'
  | '&'
  | '^'
  | '!'
  | '+'
  | '-'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

/** What stands where GNU as takes a value. Numbers are 64 bits wide and wrap. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly symbol: AssemblerSymbol }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** An expression and the relocation asked for: `foo@PLT + 4`. `specifier` is lower case, "" when none. */
export interface Operand {
  readonly expression: Expression;
  readonly specifier: string;
}

export const ZERO: Expression = { kind: 'constant', value: 0n };

export function constant(value: bigint): Expression {
  return { kind: 'constant', value: BigInt.asIntN(64, value) };
}
