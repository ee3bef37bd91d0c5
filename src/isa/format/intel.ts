import { type Instruction, type MemoryOperand, NO_REGISTER, type Operand, RIP_RELATIVE } from '../instruction.ts';
import { Place } from '../table/operandSpec.ts';
import { absolute, showsSegment } from './att.ts';
import { addressText, branchTarget, type FormatOptions, type FormattedInstruction, ripComment } from './format.ts';
import { intelMnemonic } from './intelMnemonic.ts';
import { hexOf, signedHex, unsigned } from './number.ts';
import { isMoffs, prefixWords } from './prefixWords.ts';
import { pseudoMnemonic, shownOperands } from './pseudo.ts';
import { gprName, registerName, SEGMENT_NAMES } from './registers.ts';

const POINTERS: Readonly<Record<number, string>> = {
  8: 'BYTE',
  16: 'WORD',
  32: 'DWORD',
  48: 'FWORD',
  64: 'QWORD',
  80: 'TBYTE',
  128: 'XMMWORD',
};

/** Intel syntax as `objdump -M intel` prints it. Redundant prefixes and explicit zero displacements are not shown. */
export function formatIntel(insn: Instruction, options: FormatOptions): FormattedInstruction {
  const pseudo = pseudoMnemonic(insn);
  return {
    mnemonic: prefixWords(insn) + loopPrefix(insn) + (pseudo ?? intelMnemonic(insn)),
    operands: shownOperands(insn, pseudo)
      .map((operand, n) => operandText(insn, operand, n, options))
      .join(','),
    comment: ripComment(insn, options),
  };
}

/** LOOP counts in the register of the address size, which no suffix tells here. */
function loopPrefix(insn: Instruction): string {
  return insn.encoding.op.startsWith('loop') && insn.addressSize !== insn.code ? `addr${insn.addressSize} ` : '';
}

function operandText(insn: Instruction, operand: Operand, n: number, options: FormatOptions): string {
  switch (operand.kind) {
    case 'reg':
      return insn.encoding.operands[n]?.place === Place.st0 ? 'st' : registerName(operand);
    case 'mem':
      return memoryText(insn, operand);
    case 'imm':
      if (insn.encoding.operands[n]?.place === Place.one) return '1';
      return hexOf(unsigned(operand.low, operand.high, operand.bits));
    case 'rel':
      return addressText(branchTarget(insn, operand, options.address), options);
    default:
      return `${hexOf(operand.selector)}:${hexOf(operand.offset)}`;
  }
}

function memoryText(insn: Instruction, memory: MemoryOperand): string {
  const size = sizeWord(insn, memory);
  const { base, index } = memory;
  const segment = showsSegment(insn, memory) ? `${SEGMENT_NAMES[memory.segment] ?? ''}:` : '';
  if (base === NO_REGISTER && index === NO_REGISTER) return `${size}${segment || 'ds:'}${absolute(insn, memory)}`;
  const parts: string[] = [];
  if (base === RIP_RELATIVE) parts.push(insn.addressSize === 64 ? 'rip' : 'eip');
  else if (base !== NO_REGISTER) parts.push(gprName(base, insn.addressSize));
  if (index !== NO_REGISTER) {
    parts.push(gprName(index, insn.addressSize) + (insn.addressSize === 16 ? '' : `*${1 << memory.scale}`));
  }
  const displacement = memory.disp === 0 && base !== RIP_RELATIVE ? '' : signedHex(memory.disp);
  const sign = displacement === '' || displacement.startsWith('-') ? '' : '+';
  return `${size}${segment}[${parts.join('+')}${sign}${displacement}]`;
}

function sizeWord(insn: Instruction, memory: MemoryOperand): string {
  const { op } = insn.encoding;
  if (op === 'cmpxchg16b') return 'OWORD PTR ';
  if (op === 'invlpg') return 'BYTE PTR ';
  if (isMoffs(insn)) return '';
  const word = POINTERS[memory.bits];
  return word === undefined ? '' : `${word} PTR `;
}
