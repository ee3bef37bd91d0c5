import { type Instruction, type MemoryOperand, NO_REGISTER, type Operand, RIP_RELATIVE } from '../instruction.ts';
import { Place } from '../table/operandSpec.ts';
import { attMnemonic } from './attMnemonic.ts';
import { addressText, branchTarget, type FormatOptions, type FormattedInstruction, ripComment } from './format.ts';
import { hexOf, signedHex, unsigned } from './number.ts';
import { branchHint, isNotrack, isString, prefixWords } from './prefixWords.ts';
import { pseudoMnemonic, shownOperands } from './pseudo.ts';
import { gprName, registerName, SEGMENT_NAMES } from './registers.ts';

const INDIRECT = new Set(['jmp', 'call', 'jmpf', 'callf']);
const PORT_OPS = new Set(['in', 'out', 'ins', 'outs']);
/** Operands in Intel order even here. */
const NOT_REVERSED = new Set(['enter', 'bound']);

/** AT&T syntax as GNU objdump prints it. Redundant prefixes and explicit zero displacements are not shown. */
export function formatAtt(insn: Instruction, options: FormatOptions): FormattedInstruction {
  const { op } = insn.encoding;
  const pseudo = pseudoMnemonic(insn);
  const texts = shownOperands(insn, pseudo).map((operand, n) => operandText(insn, operand, n, options));
  if (!NOT_REVERSED.has(op)) texts.reverse();
  const hint = branchHint(insn);
  return {
    mnemonic: prefixWords(insn) + (pseudo ?? attMnemonic(insn)) + (hint && `,${hint}`),
    operands: texts.join(','),
    comment: ripComment(insn, options),
  };
}

function operandText(insn: Instruction, operand: Operand, n: number, options: FormatOptions): string {
  const { op } = insn.encoding;
  switch (operand.kind) {
    case 'reg': {
      if (insn.encoding.operands[n]?.place === Place.st0) return '%st';
      // GNU calls the debug registers db0 to db7 in this syntax.
      const name = operand.file === 'debug' ? `%db${operand.index}` : `%${registerName(operand)}`;
      if (PORT_OPS.has(op) && name === '%dx') return '(%dx)';
      return INDIRECT.has(op) ? `*${name}` : name;
    }
    case 'mem':
      return INDIRECT.has(op) ? `*${memoryText(insn, operand)}` : memoryText(insn, operand);
    case 'imm':
      if (insn.encoding.operands[n]?.place === Place.one) return '$1';
      return `$${hexOf(unsigned(operand.low, operand.high, operand.bits))}`;
    case 'rel':
      return addressText(branchTarget(insn, operand, options.address), options);
    default:
      return `$${hexOf(operand.selector)},$${hexOf(operand.offset)}`;
  }
}

function memoryText(insn: Instruction, memory: MemoryOperand): string {
  const segment = showsSegment(insn, memory) ? `%${SEGMENT_NAMES[memory.segment] ?? ''}:` : '';
  const { base, index } = memory;
  if (base === NO_REGISTER && index === NO_REGISTER) return segment + absolute(insn, memory);
  const displacement = memory.disp === 0 && base !== RIP_RELATIVE ? '' : signedHex(memory.disp);
  const baseText =
    base === RIP_RELATIVE
      ? insn.addressSize === 64
        ? '%rip'
        : '%eip'
      : base < 0
        ? ''
        : `%${gprName(base, insn.addressSize)}`;
  let indexText = '';
  if (index !== NO_REGISTER) {
    const scale = insn.addressSize === 16 ? '' : `,${1 << memory.scale}`;
    indexText = `,%${gprName(index, insn.addressSize)}${scale}`;
  }
  return `${segment}${displacement}(${baseText}${indexText})`;
}

/** Overrides are shown, and both segments of a string instruction always. */
export function showsSegment(insn: Instruction, memory: MemoryOperand): boolean {
  if (isString(insn) || insn.encoding.op === 'xlat') return true;
  // The DS prefix of NOTRACK is told by that word.
  if (isNotrack(insn)) return false;
  return insn.segmentOverride >= 0 && memory.segment === insn.segmentOverride;
}

/** An absolute address, wrapped to the address size. */
export function absolute(insn: Instruction, memory: MemoryOperand): string {
  return hexOf(unsigned(memory.disp, memory.dispHigh, insn.addressSize));
}
