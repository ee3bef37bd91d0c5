import type { Expression } from '../expression/expression.ts';

/** 'ip' is RIP or EIP as a base; 'other' registers of processors beyond ours (AVX, masks). */
export type OperandFile = 'gpr' | 'segment' | 'control' | 'debug' | 'x87' | 'mmx' | 'xmm' | 'ip' | 'other';

export interface Register {
  readonly kind: 'reg';
  readonly file: OperandFile;
  readonly index: number;
  readonly bits: number;
  /** AH, CH, DH, BH: `index` is then 4..7 as in an encoding without REX. */
  readonly high: boolean;
  readonly name: string;
}

/** Where in the statement's text an operand stands. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

export interface RegisterRead extends Register, Place {}

export interface Immediate extends Place {
  readonly kind: 'imm';
  readonly expression: Expression;
  readonly specifier: string;
}

export interface Memory extends Place {
  readonly kind: 'mem';
  /** Segment named in the text, 0..5, or -1. */
  readonly segment: number;
  readonly base: Register | null;
  readonly index: Register | null;
  /** Shift, 0..3. */
  readonly scale: number;
  readonly displacement: Expression | null;
  readonly specifier: string;
  /** Width a `PTR` gives, 0 when the text does not say. */
  readonly bits: number;
  /** AT&T: written with `*`. Intel: written as memory and not as a bare label. */
  readonly indirect: boolean;
}

/** `ljmp $selector, $offset`, `jmp selector:offset`. */
export interface FarPointer extends Place {
  readonly kind: 'far';
  readonly selector: Immediate;
  readonly offset: Immediate;
}

export type AssemblerOperand = RegisterRead | Immediate | Memory | FarPointer;
