/** All routines. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { undefinedOpcode } from '../fault.ts';
import { findRoutine, type Routine } from './routine.ts';
import './bitString.ts';
import './decimal.ts';
import './divide.ts';
import './exchange.ts';
import './loop.ts';
import './stack.ts';
import './strings.ts';
import './tables.ts';
import '../system/index.ts';

/** An instruction of the table that this processor does not have: its feature is not in CPUID. */
const absent: Routine = (_cpu: Cpu, insn: Instruction) => {
  throw undefinedOpcode(
    `the processor has ${insn.encoding.feature || insn.encoding.mnemonic.toUpperCase()}`,
    'the CPUID feature bit set',
    'not set',
    'SDM vol. 3A, 6.15, interrupt 6',
  );
};

const cache = new Map<string, Routine>();

/** The routine of an instruction's `op`; one that raises #UD when the processor does not have it. */
export function routineOf(insn: Instruction): Routine {
  const { op } = insn.encoding;
  let found = cache.get(op);
  if (found === undefined) {
    found = findRoutine(op) ?? absent;
    cache.set(op, found);
  }
  return found;
}
