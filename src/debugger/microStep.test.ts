import { describe, expect, it } from 'vitest';
import type { Machine } from '../machine/machine.ts';
import { emergence } from '../testing/emergence.ts';
import { Session } from './session.ts';

interface Walked {
  /** Hash after every instruction that has micro-steps, with its name. */
  readonly crossings: readonly string[];
  readonly names: ReadonlySet<string>;
}

/** Goes on to every crossing and past it by `cross`, noting the state behind it. */
function walk(machine: Machine, crossings: number, cross: (session: Session) => void): Walked {
  const session = new Session(machine);
  const seen: string[] = [];
  const names = new Set<string>();
  for (let i = 0; i < crossings; i++) {
    // To the instruction before which CPL is about to change, one instruction at a time.
    for (;;) {
      const { microcode } = session.view();
      if (microcode !== null && microcode.position === 0) {
        names.add(microcode.name);
        break;
      }
      session.begin('step');
      session.advance(1);
    }
    cross(session);
    seen.push(`${machine.retired} ${machine.hash()}`);
  }
  return { crossings: seen, names };
}

const whole = (session: Session): void => {
  session.begin('step');
  session.advance(1);
};
const byMicroSteps = (session: Session): void => {
  do session.microStep();
  while (
    session.view().microcode?.steps.some((step) => step.state === 'next') &&
    session.view().microcode?.position !== 0
  );
};

/** A machine that stands in ring 3 before the first instruction of this meaning. */
function before(op: string, programs: readonly string[], commandLine: string): Machine {
  const { machine } = emergence(programs, commandLine);
  machine.observers.stopBefore((insn) => insn.encoding.op === op && machine.cpu.cpl === 3);
  machine.run(50_000_000);
  machine.observers.stopBefore(undefined);
  return machine;
}

describe('an instruction run by its micro-steps', () => {
  it.each([
    ['SYSCALL and SYSRETQ', 'syscall', 'userprog', 3, ['SYSCALL', 'SYSRETQ']],
    ['INT 80h and IRETQ', 'int', 'doors', 2, ['vector 128', 'IRETQ']],
    ['far CALL through a gate', 'callf', 'doors', 2, ['CALL through a gate']],
  ] as const)('leaves the machine as the engine does in one go: %s', (_what, op, program, count, names) => {
    const one = walk(before(op, [program], 'timer=off'), count, whole);
    const steps = walk(before(op, [program], 'timer=off'), count, byMicroSteps);
    expect(steps.crossings).toEqual(one.crossings);
    expect([...one.names]).toEqual(expect.arrayContaining([...names]));
  });
});
