/**
 * The notation of a table row: row(mnemonic, encoding, operands, flags).
 *
 * encoding, in order and separated by blanks:
 *   np 66 f3 f2 nf   mandatory prefix: none of 66/F3/F2; that one; nf: neither F3 nor F2 (66 is then the operand size)
 *   v16 v32 v64      operand sizes the row exists in (more than one may be given); a16 a32 a64 the same for addresses
 *   w0 w1            REX.W must be 0, must be 1
 *   vex.l0.66.0f38.w0   VEX-encoded: L (l0, lig), prefix (np 66 f3 f2), map, W (w0 w1 wig)
 *   0f 0f38 0f3a     opcode map; then the opcode byte; "+r": its low three bits are a register
 *   /r /0../7        ModRM; a further byte instead ("d9 e8") is a fixed ModRM, with "+i" its rm names ST(i)
 * operands: see operandSpec.ts, in Intel order.
 * flags, separated by blanks:
 *   op:name          meaning, when it is not the mnemonic       cc:n   condition code of a family row
 *   lock             LOCK is legal with a memory destination
 *   d64 near f64 far see SizeRule                                i64 o64   invalid in, only valid in 64-bit mode
 *   sz               the meaning depends on the operand size although no operand shows it
 *   sw               it depends on REX.W alone
 *   mod*             mod is ignored: rm is always a register     nb nr   REX.B, REX.R must be 0
 *   intel amd        only processors of that make have the row
 *   mem reg          only the memory or only the register form, where no operand says so
 *   NAME             in capitals: CPUID feature
 */
export type RowSource = readonly [mnemonic: string, encoding: string, operands: string, flags: string];

export function row(mnemonic: string, encoding: string, operands = '', flags = ''): RowSource {
  return [mnemonic, encoding, operands, flags];
}

/** Adds flags (usually a CPUID feature) to every row of a group. */
export function group(flags: string, sources: readonly RowSource[]): RowSource[] {
  return sources.map(([mnemonic, encoding, operands, own]) => [mnemonic, encoding, operands, `${own} ${flags}`]);
}

/** Two hex digits, as in the notation. */
export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Condition mnemonics in the order of their codes (SDM vol. 1, appendix B.1). */
export const CONDITIONS = 'o no b ae e ne be a s ns p np l ge le g'.split(' ');
