/** Who hears of what a machine does while it runs: debuggers, recorders, traces. None of them changes what it does. */
import type { Cpu } from '../cpu/cpu.ts';
import type { Fault } from '../cpu/fault.ts';
import { Outcome } from '../cpu/layout.ts';
import { routineOf } from '../cpu/routines/index.ts';
import { CS } from '../cpu/segmentation.ts';
import { type Engine, HOLD } from '../engine/engine.ts';
import type { Instruction } from '../isa/instruction.ts';

/** A change of CPL, or another event worth a line in a trace. */
export interface Transition {
  /** Instructions retired when it happened. */
  readonly at: number;
  /** "syscall", "sysret", "iret", "#PF", "interrupt 32". */
  readonly cause: string;
  readonly from: { readonly cpl: number; readonly cs: number; readonly rip: bigint };
  readonly to: { readonly cpl: number; readonly cs: number; readonly rip: bigint };
}

/** Hears what a history keeps of a run, as it happens. `Machine.count` and `turns` tell when: before the event. */
export interface Recorder {
  /** The engine notes crossings by itself; when they pass by, there are some to be taken. */
  crossed(): void;
  exception(vector: number): void;
  interrupt(vector: number): void;
  /** An exception or interrupt was delivered, or the machine was reset. */
  delivered(from: number, to: number): void;
}

interface Heard {
  readonly count: number;
  readonly turns: number;
}

export class Observers {
  private readonly cpu: Cpu;
  private readonly engine: Engine;
  private readonly machine: Heard;
  private wantedStop: ((insn: Instruction) => boolean) | undefined;
  private transitionListener: ((transition: Transition) => void) | undefined;
  private probe: ((turn: number) => void) | undefined;
  recorder: Recorder | undefined;
  /** Called with every exception that is raised, and every interrupt, before it is delivered. */
  onException: ((fault: Fault) => void) | undefined;
  onInterrupt: ((vector: number) => void) | undefined;

  /** `machine`: what has happened so far. */
  constructor(cpu: Cpu, engine: Engine, machine: Heard) {
    this.cpu = cpu;
    this.engine = engine;
    this.machine = machine;
  }

  /** Reports every change of CPL from now on, or no longer with undefined. */
  onTransition(listener: ((transition: Transition) => void) | undefined): void {
    this.transitionListener = listener;
    this.update();
  }
  /** Asked before every instruction that is a routine, and SYSCALL and SYSRET; true stops the machine before it. */
  stopBefore(wanted: ((insn: Instruction) => boolean) | undefined): void {
    this.wantedStop = wanted;
    this.update();
  }
  /** Tells a recorder what happens from now on. */
  record(recorder: Recorder | undefined): void {
    this.recorder = recorder;
    this.update();
  }
  /** Called after every such instruction and after every exception and interrupt, with the turn before. */
  probeRoutines(probe: ((turn: number) => void) | undefined): void {
    this.probe = probe;
    this.update();
  }

  private update(): void {
    const { engine, recorder } = this;
    const tracing = this.transitionListener !== undefined || this.wantedStop !== undefined || this.probe !== undefined;
    engine.crossings.take = () => recorder?.crossed();
    engine.observe(tracing ? (insn) => this.around(insn) : undefined, recorder !== undefined);
  }
  private around(insn: Instruction): number {
    if (this.wantedStop?.(insn)) return HOLD;
    let outcome: number = Outcome.next;
    this.traced(insn.encoding.mnemonic, () => {
      outcome = routineOf(insn)(this.cpu, insn);
    });
    this.probe?.(this.machine.turns);
    return outcome;
  }

  /** Nobody hears anything while `run` runs. */
  silently<T>(run: () => T): T {
    const { recorder, transitionListener, wantedStop, probe, onInterrupt, onException } = this;
    const nobody = { recorder: undefined, transitionListener: undefined, wantedStop: undefined, probe: undefined };
    Object.assign(this, nobody, { onInterrupt: undefined, onException: undefined });
    this.update();
    try {
      return run();
    } finally {
      Object.assign(this, { recorder, transitionListener, wantedStop, probe, onInterrupt, onException });
      this.update();
    }
  }

  /** Runs something that may change CPL, and reports the change. */
  traced(cause: string, change: () => void): void {
    if (this.transitionListener === undefined) return change();
    const from = this.place();
    change();
    this.changed(cause, from);
  }
  /** Reports a change of CPL since `from`. */
  changed(cause: string, from: Transition['from']): void {
    const to = this.place();
    if (to.cpl !== from.cpl) this.transitionListener?.({ at: this.machine.count, cause, from, to });
  }
  place(): Transition['from'] {
    return { cpl: this.cpu.cpl, cs: this.cpu.selector(CS), rip: this.cpu.rip };
  }

  /** A turn was taken: an exception, an interrupt or a reset has happened. */
  tookTurn(): void {
    const { turns } = this.machine;
    this.engine.crossings.setTurn(turns);
    this.probe?.(turns - 1);
  }
  /** An instruction was run by its micro-steps, from this CPL on. */
  ranBySteps(insn: Instruction, from: number): void {
    const { cpl } = this.cpu;
    const { crossings } = this.engine;
    if (!crossings.noting || (from === cpl && insn.encoding.op !== 'syscall')) return;
    crossings.begin(this.machine.count, this.machine.turns);
    crossings.setEnd(0);
    crossings.add(0, insn, from, cpl);
  }
}
