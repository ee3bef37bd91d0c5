import type { RegisterOperand } from '../instruction.ts';

const LEGACY = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const BYTES = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'];
const HIGH_BYTES = ['ah', 'ch', 'dh', 'bh'];

export const SEGMENT_NAMES = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

/** Name of a general-purpose register by number (0..15) and width in bits: "rax", "r9d", "sil". */
export function gprName(index: number, bits: number): string {
  if (index >= 8) return `r${index}${bits === 64 ? '' : bits === 32 ? 'd' : bits === 16 ? 'w' : 'b'}`;
  if (bits === 8) return BYTES[index] ?? '';
  const name = LEGACY[index] ?? '';
  return bits === 64 ? `r${name}` : bits === 32 ? `e${name}` : name;
}

/** Name of a register operand in Intel spelling: "eax", "cr0", "st(1)", "xmm3". */
export function registerName(operand: RegisterOperand): string {
  const { index } = operand;
  switch (operand.file) {
    case 'gpr':
      return operand.high ? (HIGH_BYTES[index] ?? '') : gprName(index, operand.bits);
    case 'segment':
      return SEGMENT_NAMES[index] ?? '?';
    case 'control':
      return `cr${index}`;
    case 'debug':
      return `dr${index}`;
    case 'x87':
      return `st(${index})`;
    case 'mmx':
      return `mm${index}`;
    default:
      return `xmm${index}`;
  }
}
