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

const RELATIVE = new Set(['jmp', 'jcc', 'jcxz', 'loop', 'loope', 'loopne']);

/** Jumps to a relative target have no suffix: "data16 " or "data32 " says their operand size is not the usual. */
export function dataPrefix(insn: Instruction): string {
  const usual = insn.code;
  if (!RELATIVE.has(insn.encoding.op) || insn.operands[0]?.kind !== 'rel' || insn.operandSize === usual) return '';
  return `data${insn.operandSize} `;
}

/** "w", "l" or "q" when the operand size departs from the mode's default, else "". */
export function offDefaultSuffix(insn: Instruction): string {
  const usual =
    insn.code !== 64 ? insn.code : insn.encoding.sizeRule === 'v' || insn.encoding.sizeRule === 'far' ? 32 : 64;
  const [operand] = insn.operands;
  // A register shows the size itself.
  if ((operand?.kind === 'reg' && operand.file === 'gpr') || dataPrefix(insn) !== '') return '';
  const isFarQuad = insn.operandSize === 64 && insn.encoding.sizeRule === 'far';
  return insn.operandSize === usual || isFarQuad ? '' : (SUFFIXES[insn.operandSize] ?? '');
}
