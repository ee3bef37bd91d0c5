/** All routines. */
import type { Instruction } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/encodingRow.ts';
import type { Cpu } from '../cpu.ts';
import { undefinedOpcode } from '../fault.ts';
import { guardOf } from '../float/guards.ts';
import { findRoutine, type Routine } from './routine.ts';
import './bitString.ts';
import './decimal.ts';
import './divide.ts';
import './exchange.ts';
import './loop.ts';
import './stack.ts';
import './strings.ts';
import './tables.ts';
import '../float/index.ts';
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

const cache = new Map<EncodingRow, readonly [memory: Routine | undefined, register: Routine | undefined]>();

/** A routine behind the check whether x87, MMX or SSE instructions may run now. */
function guarded(insn: Instruction): Routine {
  const run = findRoutine(insn.encoding.op) ?? absent;
  const guard = guardOf(insn);
  if (guard === undefined) return run;
  return (cpu, running) => {
    guard(cpu);
    return run(cpu, running);
  };
}

/** The routine of an instruction's `op`; one that raises #UD when the processor does not have it. */
export function routineOf(insn: Instruction): Routine {
  const { encoding } = insn;
  const kept = cache.get(encoding);
  // What is checked depends on the kinds of the operands.
  const memory = insn.operands.some((o) => o.kind === 'mem');
  const found = kept?.[memory ? 0 : 1];
  if (found !== undefined) return found;
  const made = guarded(insn);
  cache.set(encoding, memory ? [made, kept?.[1]] : [kept?.[0], made]);
  return made;
}
