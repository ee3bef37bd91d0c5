/**
 * What the decoder hands out: one decoded instruction. Plain data, no behaviour.
 * The engine finds the meaning by `encoding.op`; the formatter prints `encoding.mnemonic`.
 */

import type { EncodingRow } from './table/encodingRow.ts';

/** Width of an operand in bits. 48 is a 16:32 far pointer, 80 an x87 extended real or a 16:64 far pointer. */
export type Bits = 8 | 16 | 32 | 48 | 64 | 80 | 128 | 256 | 512;
/** Code size of the running segment: 64 means 64-bit mode, 16 and 32 are CS.D of every other mode. */
export type CodeSize = 16 | 32 | 64;

export type RegisterFile = 'gpr' | 'segment' | 'control' | 'debug' | 'x87' | 'mmx' | 'xmm';

/** Segment numbers, as in the `sreg` field. */
export const Segment = { es: 0, cs: 1, ss: 2, ds: 3, fs: 4, gs: 5 } as const;

export interface RegisterOperand {
  readonly kind: 'reg';
  readonly file: RegisterFile;
  /** Number in its file (GPR 0..15: RAX RCX RDX RBX RSP RBP RSI RDI R8..R15). */
  readonly index: number;
  readonly bits: Bits;
  /** True for AH, CH, DH, BH: `index` is then 0..3. */
  readonly high: boolean;
}

/** Address parts: linear address = base(segment) + ((base + index << scale + disp) mod 2^addressBits). */
export interface MemoryOperand {
  readonly kind: 'mem';
  /** Width of the access; 0 when the instruction only uses the address (LEA, INVLPG) or defines its own layout. */
  readonly bits: Bits | 0;
  /** Effective segment, override applied (0..5). */
  readonly segment: number;
  /** GPR number, NO_REGISTER, or RIP_RELATIVE (disp counts from the end of the instruction). */
  readonly base: number;
  readonly index: number;
  /** Shift of the index, 0..3. */
  readonly scale: number;
  /** Sign-extended low 32 bits of the displacement. */
  readonly disp: number;
  /** Bits 63:32 of the displacement (the sign of `disp` except for 64-bit moffs). */
  readonly dispHigh: number;
}
export const NO_REGISTER = -1;
export const RIP_RELATIVE = 16;

export interface ImmediateOperand {
  readonly kind: 'imm';
  readonly bits: Bits;
  /**
   * Low 32 bits of the value after the encoding's sign- or zero-extension to `bits`: a signed number when `bits` is
   * 32 or more, else 0..2^bits-1 (so `add ax, -1` encoded with an imm8 has low = 0xffff).
   */
  readonly low: number;
  /** Bits 63:32 as a signed number. */
  readonly high: number;
}

/** Branch target relative to the next instruction. `bits` is the width RIP is truncated to. */
export interface RelativeOperand {
  readonly kind: 'rel';
  readonly bits: Bits;
  readonly displacement: number;
}

/** Direct far pointer, ptr16:16 or ptr16:32. */
export interface FarOperand {
  readonly kind: 'far';
  readonly bits: 32 | 48;
  readonly selector: number;
  /** Unsigned. */
  readonly offset: number;
}

export type Operand = RegisterOperand | MemoryOperand | ImmediateOperand | RelativeOperand | FarOperand;

/** One row of the encoding table. */
export interface Encoding {
  /** Intel mnemonic, lower case, as printed without size suffix: "add", "jne", "movsx". */
  readonly mnemonic: string;
  /** Name of the meaning: the mnemonic, or its family: "jcc", "setcc", "cmovcc". Size variants share it. */
  readonly op: string;
  /** Condition code 0..15 of a family row, else -1. */
  readonly condition: number;
  /** CPUID feature the row needs ("" for the base set), as a name in the manual: "BMI1", "SSE2", "CMPXCHG16B". */
  readonly feature: string;
}

export interface Instruction {
  readonly encoding: EncodingRow;
  /** Bytes, prefixes included, 1..15. */
  readonly length: number;
  readonly code: CodeSize;
  /**
   * Effective operand size: what `v` means in the manual's opcode map. Rows whose meaning does not depend on it
   * (`EncodingRow.sizing` is 'none') always say 32; rows that only distinguish REX.W ('y') say 32 or 64.
   */
  readonly operandSize: 16 | 32 | 64;
  readonly addressSize: 16 | 32 | 64;
  readonly lock: boolean;
  /** 0, 0xF2 or 0xF3: the last repeat prefix that is not part of the opcode. */
  readonly repeat: 0 | 0xf2 | 0xf3;
  /** Segment override prefix in effect (0..5), or NO_REGISTER. */
  readonly segmentOverride: number;
  /** The prefixes seen, used or not, as `Prefix` bits; of segment prefixes only the last. */
  readonly prefixes: number;
  /** In Intel order: destination first. Implicit operands that the assembler text shows are here too (CL, AL, DX). */
  readonly operands: readonly Operand[];
}

/** Bits of `Instruction.prefixes`; `rex` and `rexW` only for a REX byte that took effect. */
export const Prefix = {
  lock: 1,
  repne: 2,
  rep: 4,
  operandSize: 8,
  addressSize: 16,
  es: 32,
  cs: 64,
  ss: 128,
  ds: 256,
  fs: 512,
  gs: 1024,
  rex: 2048,
  rexW: 4096,
} as const;

/** Why bytes are no instruction: the processor raises #UD, or #GP(0) when it is longer than 15 bytes. */
export interface Undecodable {
  readonly invalid: 'opcode' | 'lock' | 'too-long' | 'truncated';
  /** Bytes the decoder looked at. */
  readonly length: number;
}
