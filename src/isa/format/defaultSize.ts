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
]);

export const SUFFIXES: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'l', 64: 'q' };

/** True for the ops above. */
export function hasDefaultSize(insn: Instruction): boolean {
  return STACK_AND_TRANSFER.has(insn.encoding.op) || DESCRIPTOR_TABLES.has(insn.encoding.op);
}

/** Outside 64-bit mode these always tell whether the base has 24 or 32 bits. */
const DESCRIPTOR_TABLES = new Set(['lgdt', 'lidt', 'sgdt', 'sidt']);
const RELATIVE = new Set(['jmp', 'jcc', 'jcxz', 'loop', 'loope', 'loopne']);

/** Jumps to a relative target have no suffix: "data16 " or "data32 " says their operand size is not the usual. */
export function dataPrefix(insn: Instruction): string {
  const usual = insn.code;
  if (!RELATIVE.has(insn.encoding.op) || insn.operands[0]?.kind !== 'rel' || insn.operandSize === usual) return '';
  return `data${insn.operandSize} `;
}

/** "w", "l" or "q" when the operand size departs from the mode's default, else "". */
export function offDefaultSuffix(insn: Instruction): string {
  const { op, sizeRule } = insn.encoding;
  const suffix = SUFFIXES[insn.operandSize] ?? '';
  if (DESCRIPTOR_TABLES.has(op)) return insn.code === 64 ? '' : suffix;
  const [operand] = insn.operands;
  // A register shows the size itself.
  if ((operand?.kind === 'reg' && operand.file === 'gpr') || dataPrefix(insn) !== '') return '';
  const usual = insn.code !== 64 ? insn.code : sizeRule === 'v' || sizeRule === 'far' ? 32 : 64;
  return insn.operandSize === usual ? '' : suffix;
}
