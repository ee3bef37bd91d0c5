import type { Bits, RegisterFile, RegisterOperand } from '../instruction.ts';

function file(name: RegisterFile, count: number, bits: Bits, high = false): readonly RegisterOperand[] {
  return Array.from({ length: count }, (_, index) => ({ kind: 'reg', file: name, index, bits, high }));
}

/** Register operands are shared objects: the same register of the same width is always the same object. */
const gpr8 = file('gpr', 16, 8);
const gpr8High = file('gpr', 4, 8, true);
const gpr16 = file('gpr', 16, 16);
const gpr32 = file('gpr', 16, 32);
const gpr64 = file('gpr', 16, 64);
const segment = file('segment', 6, 16);
const control32 = file('control', 16, 32);
const control64 = file('control', 16, 64);
const debug32 = file('debug', 16, 32);
const debug64 = file('debug', 16, 64);
const x87 = file('x87', 8, 80);
const mmx = file('mmx', 8, 64);
const xmm = file('xmm', 16, 128);

/** GPR `index` (0..15); without a REX byte the byte registers 4..7 are AH, CH, DH, BH. */
export function gprOperand(index: number, bits: number, rex: boolean): RegisterOperand {
  switch (bits) {
    case 8:
      return (!rex && index >= 4 && index < 8 ? gpr8High[index - 4] : gpr8[index]) as RegisterOperand;
    case 16:
      return gpr16[index] as RegisterOperand;
    case 32:
      return gpr32[index] as RegisterOperand;
    default:
      return gpr64[index] as RegisterOperand;
  }
}

export function segmentOperand(index: number): RegisterOperand {
  return segment[index] as RegisterOperand;
}

export function controlOperand(index: number, bits: number): RegisterOperand {
  return (bits === 64 ? control64 : control32)[index] as RegisterOperand;
}

export function debugOperand(index: number, bits: number): RegisterOperand {
  return (bits === 64 ? debug64 : debug32)[index] as RegisterOperand;
}

export function x87Operand(index: number): RegisterOperand {
  return x87[index] as RegisterOperand;
}

export function mmxOperand(index: number): RegisterOperand {
  return mmx[index] as RegisterOperand;
}

export function xmmOperand(index: number): RegisterOperand {
  return xmm[index] as RegisterOperand;
}
