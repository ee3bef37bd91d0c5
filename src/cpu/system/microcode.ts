/**
 * Instructions as ordered lists of named micro-steps. The engine runs a list in one go; the debugger runs it one step
 * at a time on the same machine state, so a list is the only place where such an instruction's meaning stands.
 * What steps carry to later steps lives in the state block (S.temp), never in a closure.
 */
import type { Cpu } from '../cpu.ts';
import { Fault } from '../fault.ts';
import type { Val } from '../language/expr.ts';
import type { Microstate } from '../language/microstate.ts';
import { atOnce, wordOf } from './atOnce.ts';

/**
 * Something in memory that a step reads or writes, for drawing. Steps name its parts after its own name: "gate.Offset"
 * is a field of the descriptor called "gate", "frame.RIP" a word of "frame".
 */
export interface Seen {
  readonly name: string;
  /** In words: "gate 14 of the IDT". */
  readonly title: string;
  /** How the words are to be read: as an entry of the IDT or of the GDT (one or two words), or each by its name. */
  readonly form: 'idt gate' | 'descriptor' | 'words' | 'page entry';
  /** Linear address of the first word (physical for page entries); the others follow each 8 bytes on. */
  readonly address: bigint;
  readonly words: readonly SeenWord[];
}

export interface SeenWord {
  /** Empty for the words of a descriptor. */
  readonly name: string;
  readonly value: bigint;
}

/** One way that a value takes: from a register, a range of its bits or a part of something seen, to another. */
export interface Flow {
  /** "IA32_STAR[47:32]", "rcx", "gate.Offset". */
  readonly from: string;
  readonly to: string;
  /** What is done to it on the way: "+ 8", "or 3". */
  readonly by?: string;
}

/** A mask whose bits clear bits of RFLAGS. */
export interface Strike {
  /** Where the mask comes from: "IA32_FMASK", "the interrupt gate". */
  readonly name: string;
  readonly mask: number;
}

/** What a reader sees of a step. Functions read the machine right after the step (or before a failing check). */
export interface StepText {
  readonly label: string;
  /** The value checked, written or kept. */
  readonly value?: (cpu: Cpu) => string;
  /** What a failing check raises. */
  readonly otherwise?: string;
  readonly note?: string;
  /** State it looks at or changes beside its flows, by name: "IA32_EFER.SCE", "cs". */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  /** What goes where. */
  readonly flows?: readonly Flow[] | ((cpu: Cpu) => readonly Flow[]);
  /** Right after the step: what it saw in memory. Later steps may refer to it. */
  readonly seen?: (cpu: Cpu) => readonly Seen[];
  /** Right before the step: the bits of RFLAGS it will clear. */
  readonly strikes?: (cpu: Cpu) => Strike;
}

export interface Step extends StepText {
  readonly kind: 'check' | 'effect' | 'keeps';
  readonly run: (cpu: Cpu) => void;
  /** Where the step is written in a language that also becomes code: the step in it; `require` takes what must not be 0. */
  readonly emit?: (s: Microstate, require: (holds: Val) => void) => void;
  /** What an effect makes sure of on its way, in order: the checks of its faults, as those name them. */
  readonly checks?: (cpu: Cpu) => readonly string[];
}

type Extra = Omit<StepText, 'label' | 'otherwise'> & Pick<Step, 'checks'>;

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

/** A check in the language of steps that also become code: it throws `fault` when `holds` is 0. */
export const codedCheck = (
  label: string,
  holds: (s: Microstate) => Val,
  otherwise: string,
  fault: (cpu: Cpu) => Fault,
  extra: Extra = {},
): Step => ({
  ...check(label, (cpu) => wordOf(holds(atOnce(cpu))) !== 0, otherwise, fault, extra),
  emit: (s, require) => require(holds(s)),
});
/** An effect in it. */
export const codedEffect = (label: string, change: (s: Microstate) => void, extra: Extra = {}): Step => ({
  ...effect(label, (cpu) => change(atOnce(cpu)), extra),
  emit: change,
});

/** Says what does not change, for the reader. */
export const keeps = (label: string, extra: Extra = {}): Step => ({
  kind: 'keeps',
  label,
  run: () => undefined,
  ...extra,
});

export type Action = (cpu: Cpu) => void;

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

export function runMicrocode(cpu: Cpu, code: Microcode): void {
  const { steps, actions } = code;
  let at = 0;
  try {
    if (actions === undefined) for (; at < steps.length; at++) (steps[at] as Step).run(cpu);
    else for (; at < actions.length; at++) (actions[at] as Action)(cpu);
  } catch (e) {
    const failing = actions === undefined ? at : steps.findIndex(({ run }) => run === actions[at]);
    if (e instanceof Fault) notePassed(cpu, e, code, failing);
    throw e;
  }
}

/** Notes in a fault which checks held before the step that raised it. */
export function notePassed(cpu: Cpu, fault: Fault, { steps }: Microcode, failing: number): void {
  const checksOf = (step: Step): readonly string[] =>
    step.kind === 'check' ? [step.label] : (step.checks?.(cpu) ?? []);
  const held = steps.slice(0, Math.max(failing, 0)).flatMap(checksOf);
  // The step that failed may have made other checks before.
  const inner = steps[failing]?.checks?.(cpu) ?? [];
  fault.passed = [...held, ...inner.slice(0, Math.max(inner.indexOf(fault.why.check), 0))];
}
