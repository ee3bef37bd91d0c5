/** One instruction being run by its micro-steps. */
import type { Cpu } from '../cpu/cpu.ts';
import { Fault } from '../cpu/fault.ts';
import { S } from '../cpu/layout.ts';
import { type Flow, type Microcode, notePassed, type Seen, type Step, type Strike } from '../cpu/system/microcode.ts';
import type { MicrocodeView, MicroStepView } from './views.ts';

/** What is known of a step that was done. */
interface Done {
  readonly value: string | null;
  readonly flows: readonly Flow[];
  readonly strikes: Strike | null;
  readonly seen: readonly Seen[];
}

export class MicroRun {
  readonly code: Microcode;
  position = 0;
  failed = false;
  private readonly results: Done[] = [];
  private refusal: string | null = null;
  /** RIP behind the instruction, once it has begun: the processor's own note of it is another's soon. */
  private behind: bigint | null = null;

  constructor(code: Microcode) {
    this.code = code;
  }

  get done(): boolean {
    return this.failed || this.position === this.code.steps.length;
  }

  /** Runs the next step; returns the exception of a failing check. */
  advance(cpu: Cpu): Fault | undefined {
    const step = this.code.steps[this.position] as Step;
    this.behind ??= cpu.get(S.nextRip);
    const strikes = step.strikes?.(cpu) ?? null;
    try {
      step.run(cpu);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      this.failed = true;
      this.refusal = e.why.actual;
      notePassed(cpu, e, this.code, this.position);
      return e;
    }
    this.results.push({
      value: step.value?.(cpu) ?? null,
      flows: typeof step.flows === 'function' ? step.flows(cpu) : (step.flows ?? []),
      strikes,
      seen: step.seen?.(cpu) ?? [],
    });
    this.position++;
    return undefined;
  }

  /** `nextRip`: what stands behind the instruction, if it is one that has not begun. */
  view(nextRip: bigint | null): MicrocodeView {
    const { name, manual, steps } = this.code;
    const memory = new Map(this.results.flatMap(({ seen }) => seen).map((one) => [one.name, one]));
    return {
      name,
      manual,
      position: this.position,
      steps: steps.map((step, i) => this.stepView(step, i)),
      nextRip: this.behind ?? nextRip,
      memory: [...memory.values()],
    };
  }

  private stepView(step: Step, i: number): MicroStepView {
    const result = this.results[i];
    const next = this.failed ? 'failed' : 'next';
    const declared = typeof step.flows === 'function' ? [] : (step.flows ?? []);
    const flows = (result?.flows ?? declared).map(({ from, to, by }) => ({ from, to, by: by ?? null }));
    return {
      kind: step.kind,
      label: step.label,
      state: i < this.position ? 'done' : i === this.position ? next : 'waiting',
      value: result?.value ?? (i === this.position ? this.refusal : null),
      otherwise: step.otherwise ?? null,
      note: step.note ?? null,
      from: [...new Set([...flows.map(({ from }) => from), ...(step.from ?? [])])],
      to: [...new Set([...flows.map(({ to }) => to), ...(step.to ?? [])])],
      flows,
      strikes: result?.strikes ?? null,
    };
  }
}
