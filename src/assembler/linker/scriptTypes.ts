/** A linker script, parsed: the part of GNU ld's language that the kernel's and the user programs' scripts use. */

export type ScriptExpression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly section: string;
      readonly arguments: readonly ScriptExpression[];
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: ScriptExpression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: ScriptExpression;
      readonly right: ScriptExpression;
    }
  | {
      readonly kind: 'ternary';
      readonly condition: ScriptExpression;
      readonly yes: ScriptExpression;
      readonly no: ScriptExpression;
    };

export interface Assignment {
  readonly kind: 'assignment';
  readonly name: string;
  readonly operator: string;
  readonly value: ScriptExpression;
  /** PROVIDE: only when an object refers to the name and none defines it. */
  readonly provide: boolean;
}

export interface InputPattern {
  readonly kind: 'input';
  readonly file: RegExp;
  readonly sections: readonly RegExp[];
  readonly keep: boolean;
  readonly sort: boolean;
}

export interface DataStatement {
  readonly kind: 'data';
  readonly size: 1 | 2 | 4 | 8;
  readonly value: ScriptExpression;
}

export interface OutputStatement {
  readonly kind: 'section';
  readonly name: string;
  readonly address: ScriptExpression | null;
  readonly loadAddress: ScriptExpression | null;
  readonly alignment: ScriptExpression | null;
  readonly noload: boolean;
  readonly contents: readonly (Assignment | InputPattern | DataStatement)[];
  readonly segments: readonly string[];
}

export interface Assertion {
  readonly kind: 'assert';
  readonly condition: ScriptExpression;
  readonly message: string;
}

export interface SegmentStatement {
  readonly name: string;
  readonly type: number;
  readonly flags: number | null;
}

export interface LinkScript {
  readonly entry: string;
  readonly segments: readonly SegmentStatement[];
  /** In order; assignments outside SECTIONS included. */
  readonly statements: readonly (Assignment | OutputStatement | Assertion)[];
}
