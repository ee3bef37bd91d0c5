/**
 * Instructions whose meaning is plain TypeScript. A routine runs with S.rip at its instruction and S.nextRip behind
 * it; it returns an Outcome, or throws a Fault before it has changed anything.
 */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';

export type Routine = (cpu: Cpu, insn: Instruction) => number;

const ROUTINES = new Map<string, Routine>();

/** Registers the meaning of an `op` of the encoding table. */
export function routine(op: string, run: Routine): void {
  if (ROUTINES.has(op)) throw new Error(`"${op}" has a routine already`);
  ROUTINES.set(op, run);
}

export const findRoutine = (op: string): Routine | undefined => ROUTINES.get(op);
