import type { Instruction } from '../instruction.ts';

/** Ops whose mnemonic takes a size suffix exactly when the operand size is not the mode's default. */
const STACK_AND_TRANSFER = new Set([
  'push',
  'pop',
  'pusha',
  'popa',
  'pushf',
  'popf',
  'enter',
  'leave',
  'call',
  'jmp',
  'jcc',
  'ret',
  'callf',
  'jmpf',
  'retf',
  'iret',
  'lgdt',
  'lidt',
  'sgdt',
  'sidt',
]);

export const SUFFIXES: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'l', 64: 'q' };

/** True for the ops above. */
export function hasDefaultSize(insn: Instruction): boolean {
  return STACK_AND_TRANSFER.has(insn.encoding.op);
}

/** "w", "l" or "q" when the operand size departs from the mode's default, else "". */
export function offDefaultSuffix(insn: Instruction): string {
  const usual = insn.code !== 64 ? insn.code : insn.encoding.sizeRule === 'v' ? 32 : 64;
  return insn.operandSize === usual ? '' : (SUFFIXES[insn.operandSize] ?? '');
}
