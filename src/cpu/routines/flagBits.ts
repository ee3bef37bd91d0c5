/** Arithmetic flags of routines. */
import type { Cpu } from '../cpu.ts';

export const CF = 1;
export const PF = 4;
export const AF = 0x10;
export const ZF = 0x40;
export const SF = 0x80;
export const OF = 0x800;

/** Replaces the flags in `mask` by those of `bits`. */
export function changeFlags(cpu: Cpu, mask: number, bits: number): void {
  cpu.setStatusFlags((cpu.statusFlags() & ~mask) | (bits & mask));
}

/** SF, ZF and PF of an 8-bit result. */
export function byteFlags(result: number): number {
  let parity = result ^ (result >> 4);
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return (result & SF) | ((result & 0xff) === 0 ? ZF : 0) | ((parity & 1) === 0 ? PF : 0);
}
