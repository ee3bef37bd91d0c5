/**
 * Instructions as ordered lists of named micro-steps. The engine runs a list in one go; the debugger runs it one step
 * at a time on the same machine state, so a list is the only place where such an instruction's meaning stands.
 * What steps carry to later steps lives in the state block (S.temp), never in a closure.
 */
import type { Cpu } from '../cpu.ts';
import type { Fault } from '../fault.ts';

/** What a reader sees of a step. Functions read the machine right after the step (or before a failing check). */
export interface StepText {
  readonly label: string;
  /** The value checked, written or kept. */
  readonly value?: (cpu: Cpu) => string;
  /** What a failing check raises. */
  readonly otherwise?: string;
  readonly note?: string;
  /** State it reads and writes, by name: "IA32_STAR[47:32]", "cs". */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export interface Step extends StepText {
  readonly kind: 'check' | 'effect' | 'keeps';
  readonly run: (cpu: Cpu) => void;
}

type Extra = Omit<StepText, 'label' | 'otherwise'>;

/** A check that throws `fault` when `holds` is false. */
export const check = (
  label: string,
  holds: (cpu: Cpu) => boolean,
  otherwise: string,
  fault: (cpu: Cpu) => Fault,
  extra: Extra = {},
): Step => ({
  kind: 'check',
  label,
  otherwise,
  run: (cpu) => {
    if (!holds(cpu)) throw fault(cpu);
  },
  ...extra,
});

export const effect = (label: string, run: (cpu: Cpu) => void, extra: Extra = {}): Step => ({
  kind: 'effect',
  label,
  run,
  ...extra,
});

/** Says what does not change, for the reader. */
export const keeps = (label: string, extra: Extra = {}): Step => ({
  kind: 'keeps',
  label,
  run: () => undefined,
  ...extra,
});

type Action = (cpu: Cpu) => void;

export interface Microcode {
  readonly name: string;
  readonly manual: string;
  readonly steps: readonly Step[];
  /** What the steps do, where `prepared` has drawn it out. */
  readonly actions?: readonly Action[];
}

/**
 * Microcode that runs often and is made once. Calls go to its actions directly: steps differ in which fields they
 * have, and for the host finding `run` in them costs as much as running it.
 */
export function prepared(name: string, manual: string, steps: readonly Step[]): Microcode {
  const actions = steps.filter((step) => step.kind !== 'keeps').map((step) => step.run);
  return { name, manual, steps, actions };
}

export function runMicrocode(cpu: Cpu, { steps, actions }: Microcode): void {
  if (actions === undefined) for (let i = 0; i < steps.length; i++) (steps[i] as Step).run(cpu);
  else for (let i = 0; i < actions.length; i++) (actions[i] as Action)(cpu);
}
