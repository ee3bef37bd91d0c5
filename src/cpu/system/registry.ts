/** Which instructions are microcode: what the debugger can walk through. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { type Routine, routine } from '../routines/routine.ts';
import type { Microcode } from './microcode.ts';

export type Choose = (cpu: Cpu, insn: Instruction) => Microcode | undefined;
const MICROCODE = new Map<string, Choose>();

/** Registers an instruction whose routine runs the microcode that `choose` picks for the present mode. */
export function microcoded(op: string, choose: Choose, run: Routine): void {
  MICROCODE.set(op, choose);
  routine(op, run);
}

/** The micro-steps the processor would go through for this instruction now; undefined for one that has none. */
export const microcodeFor: Choose = (cpu, insn) => MICROCODE.get(insn.encoding.op)?.(cpu, insn);
