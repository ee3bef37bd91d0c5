import type { Expression } from '../expression/expression.ts';
import type { FixupKind } from '../object/section.ts';

/** A field of an instruction that is not a constant. */
export interface InstructionFixup {
  /** Offset in the instruction. */
  readonly at: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly value: Expression;
  readonly specifier: string;
  readonly relative: boolean;
  readonly kind: FixupKind;
}

/** A JMP or Jcc whose target's distance decides its form. */
export interface ShortOrNear {
  readonly prefixes: readonly number[];
  readonly short: number;
  readonly near: readonly number[];
  readonly nearSize: 2 | 4;
  readonly target: Expression;
  readonly specifier: string;
}

export interface EncodedInstruction {
  readonly bytes: readonly number[];
  readonly fixups: readonly InstructionFixup[];
  readonly branch: ShortOrNear | null;
  /** What GNU as would warn of. */
  readonly warnings: readonly string[];
}

/** Prefixes written before the mnemonic, by the slot GNU as emits them in. */
export interface WrittenPrefixes {
  wait: boolean;
  segment: number;
  address: boolean;
  data: boolean;
  repeat: number;
  lock: boolean;
  /** REX byte asked for, or 0. */
  rex: number;
}
