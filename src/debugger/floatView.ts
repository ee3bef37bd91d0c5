/** What the x87, MMX and SSE registers look like to whoever shows them: plain data, as in views.ts. */

/** An x87 register by its place in the stack. */
export interface StackRegisterView {
  /** Its 80 bits. */
  readonly bits: bigint;
  readonly tag: 'valid' | 'zero' | 'special' | 'empty';
  /** "normal", "denormal", "signaling NaN", "unsupported", ... */
  readonly kind: string;
  /** The number in decimal, "∞", or the payload of a NaN; "≈" before what is not exact; no number when empty. */
  readonly text: string;
}

export interface FloatView {
  /** XMM0 to XMM15, 128 bits each. */
  readonly xmm: readonly bigint[];
  readonly mxcsr: bigint;
  /** ST0 to ST7. */
  readonly st: readonly StackRegisterView[];
  readonly fcw: bigint;
  readonly fsw: bigint;
  /** Two bits for each physical register, as FSTENV stores them. */
  readonly tags: bigint;
  /** Last x87 instruction that was no control instruction: opcode, address, address of its operand. */
  readonly fop: bigint;
  readonly fip: bigint;
  readonly fdp: bigint;
}
