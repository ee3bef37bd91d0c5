/** The instruction under way: run by its micro-steps, forward and back, leaving the machine as the engine would. */
import type { Fault } from '../cpu/fault.ts';
import { debugTrap } from '../cpu/debugRegisters.ts';
import { S } from '../cpu/layout.ts';
import { microcodeFor } from '../cpu/system/registry.ts';
import type { Instruction } from '../isa/instruction.ts';
import type { Machine } from '../machine/machine.ts';
import type { History, Work } from './history/history.ts';
import type { Position } from './history/position.ts';
import { MicroRun } from './microRun.ts';

export class MicroStepping {
  /** The instruction whose steps are shown: under way, or just done or failed. */
  shown: MicroRun | undefined;
  private readonly machine: Machine;
  private readonly history: History | undefined;
  private insn: Instruction | undefined;
  /** CPL and system flags before the instruction. */
  private cpl = 0;
  private flags = 0;

  constructor(machine: Machine, history: History | undefined) {
    this.machine = machine;
    this.history = history;
  }

  /** Micro-steps done of the instruction under way; 0 when none is half done. */
  get done(): number {
    const { shown } = this;
    return shown === undefined || shown.done ? 0 : shown.position;
  }

  /** Begins with the instruction at RIP; false when it has no micro-steps. */
  begin(): boolean {
    const { machine, history } = this;
    this.shown = undefined;
    // A halted CPU is at no instruction.
    if (machine.cpu.low(S.halted) !== 0) return false;
    const insn = machine.engine.prepare();
    const code = insn === null ? undefined : microcodeFor(machine.cpu, insn);
    if (insn === null || code === undefined) return false;
    this.shown = new MicroRun(code);
    this.insn = insn;
    this.cpl = machine.cpu.cpl;
    this.flags = machine.cpu.systemFlags;
    machine.engine.beginAlone();
    if (history !== undefined) history.halfDone = true;
    return true;
  }

  /** Does the next step. A failing check's exception is delivered and returned. */
  advance(): Fault | undefined {
    const { shown, machine, history } = this;
    if (shown === undefined) return undefined;
    const fault = shown.advance(machine.cpu);
    if (fault !== undefined) {
      if (history !== undefined) history.halfDone = false;
      machine.raise(fault);
      history?.run(0);
    } else if (shown.done) this.complete();
    return fault;
  }

  private complete(): void {
    const { machine, insn, history } = this;
    if (history !== undefined) history.halfDone = false;
    if (insn !== undefined) {
      machine.retireOne(insn, this.cpl);
      machine.engine.endAlone(insn.encoding.op, this.flags);
    }
    if (machine.cpu.debugHits !== 0) machine.raise(debugTrap(machine.cpu));
    // Lets the history see how far the machine has come.
    history?.run(0);
  }

  /** Leaves no instruction half done. */
  finish(): void {
    while (this.done > 0) if (this.advance() !== undefined) break;
    this.shown = undefined;
  }

  /** To a place of the history, and from there so many micro-steps into its instruction, as far as none fails. */
  *to(history: History, place: Position, steps: number): Work<void> {
    this.shown = undefined;
    yield* history.seek(place);
    if (steps <= 0 || !this.begin()) return;
    const run = this.shown as MicroRun | undefined;
    while (run !== undefined && run.position < Math.min(steps, run.code.steps.length - 1)) {
      if (run.advance(this.machine.cpu) === undefined) continue;
      // What the failing check touched before it failed is not to stay.
      yield* this.to(history, place, run.position);
      return;
    }
  }

  /**
   * To before the last micro-step: of the instruction under way, or into the last one of the instruction before, which
   * is the failed check of one that raised an exception. Instructions without micro-steps are gone back over whole.
   * False at the start.
   */
  *back(history: History): Work<boolean> {
    const here = history.position;
    if (this.done > 0) {
      yield* this.to(history, here, this.done - 1);
      return true;
    }
    this.shown = undefined;
    if (!(yield* history.stepBack())) return false;
    const { position } = history;
    // When an event was undone, the instruction here has not run yet.
    if (position.events === here.events) yield* this.to(history, position, Number.POSITIVE_INFINITY);
    return true;
  }
}
