import type { Instruction } from '../instruction.ts';
import { environmentSuffix, EXPLICIT_LENGTH, isMovabs, X87_ENVIRONMENT } from './attMnemonic.ts';
import { hasDefaultSize, offDefaultSuffix } from './defaultSize.ts';

const NAMES: Readonly<Record<string, string>> = {
  callf: 'call',
  jmpf: 'jmp',
  pushad: 'pusha',
  popad: 'popa',
  pushfd: 'pushf',
  pushfq: 'pushf',
  popfd: 'popf',
  popfq: 'popf',
  iretd: 'iret',
  iretq: 'iret',
};

/** String ops: the operands tell the width. */
const STRINGS = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);

/** The mnemonic as `objdump -M intel` spells it, without prefixes. */
export function intelMnemonic(insn: Instruction): string {
  const { mnemonic, op } = insn.encoding;
  if (STRINGS.has(op)) return op;
  if (op === 'sysret' || op === 'sysexit') return op + (insn.code !== 64 ? '' : insn.operandSize === 64 ? 'q' : 'd');
  if (EXPLICIT_LENGTH.has(op)) return mnemonic + (insn.operandSize === 64 ? 'q' : '');
  if (isMovabs(insn)) return 'movabs';
  if (X87_ENVIRONMENT.has(op)) return mnemonic + environmentSuffix(insn, 'w', 'd');
  const name = NAMES[mnemonic] ?? mnemonic;
  if (!hasDefaultSize(insn)) return name;
  // A memory operand of CALL, JMP, PUSH or POP shows its size itself.
  if (insn.operands.some((operand) => operand.kind === 'far' || (operand.kind === 'mem' && operand.bits !== 0)))
    return name;
  return name + offDefaultSuffix(insn).replace('l', 'd');
}
