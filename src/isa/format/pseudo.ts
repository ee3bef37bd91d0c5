import type { Instruction, Operand } from '../instruction.ts';

/** Comparisons named by the immediate of CMPPS and its kin (SDM vol. 2A, CMPPS, table "Pseudo-Op"). */
const COMPARISONS = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];
const PRODUCTS: Readonly<Record<number, string>> = { 0: 'lql', 1: 'hql', 16: 'lqh', 17: 'hqh' };
const COMPARE = /^cmp(ps|pd|ss|sd)$/;

/** The name assemblers give to an instruction together with its immediate ("cmpleps", "pclmullqlqdq"), if any. */
export function pseudoMnemonic(insn: Instruction): string | undefined {
  const last = insn.operands[2];
  if (last?.kind !== 'imm') return undefined;
  const { mnemonic } = insn.encoding;
  if (mnemonic === 'pclmulqdq') {
    const product = PRODUCTS[last.low];
    return product && `pclmul${product}qdq`;
  }
  const type = COMPARE.exec(mnemonic)?.[1];
  const comparison = COMPARISONS[last.low];
  return type && comparison && `cmp${comparison}${type}`;
}

/** The operands to print: all but an immediate that the mnemonic tells. */
export function shownOperands(insn: Instruction, pseudo: string | undefined): readonly Operand[] {
  return pseudo === undefined ? insn.operands : insn.operands.slice(0, -1);
}
