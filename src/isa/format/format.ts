import type { Instruction, MemoryOperand, RelativeOperand } from '../instruction.ts';
import { RIP_RELATIVE } from '../instruction.ts';
import { hexOf } from './number.ts';

export interface FormatOptions {
  /** Linear (or CS-relative) address of the instruction: branch targets are printed absolute. */
  readonly address: bigint;
  /** Name of an address ("main", "main+0x4"), when there is one. */
  readonly symbol?: (address: bigint) => string | undefined;
}

export interface FormattedInstruction {
  /** Prefix words included: "lock addl", "rep movsb". */
  readonly mnemonic: string;
  /** Operands with their commas, or "". */
  readonly operands: string;
  /** What objdump prints after "#": the address a RIP-relative operand stands for; or "". */
  readonly comment: string;
}

/** An address with its symbol: "0x401000 <main>". */
export function addressText(address: bigint, options: FormatOptions): string {
  const name = options.symbol?.(address);
  return name === undefined ? hexOf(address) : `${hexOf(address)} <${name}>`;
}

/** Target of a relative branch, wrapped to the width of the instruction pointer it loads. */
export function branchTarget(insn: Instruction, operand: RelativeOperand, address: bigint): bigint {
  return BigInt.asUintN(operand.bits, address + BigInt(insn.length + operand.displacement));
}

/** "# ..." comment of an instruction with a RIP-relative operand. */
export function ripComment(insn: Instruction, options: FormatOptions): string {
  const memory = insn.operands.find((o): o is MemoryOperand => o.kind === 'mem' && o.base === RIP_RELATIVE);
  if (memory === undefined) return '';
  const target = BigInt.asUintN(insn.addressSize, options.address + BigInt(insn.length + memory.disp));
  return addressText(target, options);
}
