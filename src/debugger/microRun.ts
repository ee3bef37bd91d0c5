/** One instruction being run by its micro-steps. */
import type { Cpu } from '../cpu/cpu.ts';
import { Fault } from '../cpu/fault.ts';
import type { Microcode, Step } from '../cpu/system/microcode.ts';
import type { MicrocodeView, MicroStepView } from './views.ts';

export class MicroRun {
  readonly code: Microcode;
  position = 0;
  failed = false;
  private readonly values: (string | null)[] = [];

  constructor(code: Microcode) {
    this.code = code;
  }

  get done(): boolean {
    return this.failed || this.position === this.code.steps.length;
  }

  /** Runs the next step; returns the exception of a failing check. */
  advance(cpu: Cpu): Fault | undefined {
    const step = this.code.steps[this.position] as Step;
    try {
      step.run(cpu);
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      this.failed = true;
      this.values[this.position] = e.why.actual;
      return e;
    }
    this.values[this.position] = step.value?.(cpu) ?? null;
    this.position++;
    return undefined;
  }

  view(): MicrocodeView {
    const { name, manual, steps } = this.code;
    return { name, manual, position: this.position, steps: steps.map((step, i) => this.stepView(step, i)) };
  }

  private stepView(step: Step, i: number): MicroStepView {
    const next = this.failed ? 'failed' : 'next';
    return {
      kind: step.kind,
      label: step.label,
      state: i < this.position ? 'done' : i === this.position ? next : 'waiting',
      value: this.values[i] ?? null,
      otherwise: step.otherwise ?? null,
      note: step.note ?? null,
      from: step.from ?? [],
      to: step.to ?? [],
    };
  }
}
