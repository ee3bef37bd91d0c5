import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine, type MachineSetup } from '../machine/machine.ts';

const BUILT = fileURLToPath(new URL('../../public/kernel/', import.meta.url));

/** A file of `public/kernel/`, without its ".elf". */
export const builtFile = (name: string): Uint8Array => new Uint8Array(readFileSync(`${BUILT}${name}.elf`));

export interface RecordedMachine {
  readonly machine: Machine;
  /** What the guest has sent on COM1. */
  readonly log: () => string;
}

/** A machine whose serial output is kept. */
export function recordedMachine(setup: MachineSetup): RecordedMachine {
  const machine = Machine.create(setup);
  if (isProblem(machine)) throw new Error(`${machine.title}: ${machine.detail}`);
  let log = '';
  machine.onSerial = (byte) => {
    log += String.fromCharCode(byte);
  };
  return { machine, log: () => log };
}

/** The built kernel with user programs, each a name and its arguments; the first is process 1. Little memory: hashing takes time. */
export function emergence(programs: readonly string[], commandLine = ''): RecordedMachine {
  return recordedMachine({
    kernel: builtFile('emergence'),
    commandLine,
    modules: programs.map((program) => ({ name: program, bytes: builtFile(program.split(' ')[0] ?? program) })),
    memoryBytes: 16 << 20,
    cpu: 'intel',
  });
}
