/**
 * The instruction under way: run by its micro-steps, forward and back, leaving the machine as the engine would. An
 * exception that it raises, and an interrupt that comes right behind it, are brought to their handlers by micro-steps
 * too, counted on from the instruction's first.
 */
import { Fault } from '../cpu/fault.ts';
import { debugTrap } from '../cpu/debugRegisters.ts';
import { S } from '../cpu/layout.ts';
import { afterRefusal, beginChain, eventOf, interruptEvent, refusedInterrupt } from '../cpu/system/deliver.ts';
import { interruptMicrocode } from '../cpu/system/interruptLong.ts';
import { microcodeFor } from '../cpu/system/registry.ts';
import type { Instruction } from '../isa/instruction.ts';
import type { Machine } from '../machine/machine.ts';
import { EFER } from '../registers/efer.ts';
import type { History, Work } from './history/history.ts';
import type { Position } from './history/position.ts';
import { MicroRun } from './microRun.ts';

export class MicroStepping {
  /** What has its steps shown: the instruction or delivery that is under way, or just done or failed. */
  shown: MicroRun | undefined;
  private readonly machine: Machine;
  private readonly history: History | undefined;
  private insn: Instruction | undefined;
  /** CPL and system flags before the instruction. */
  private cpl = 0;
  private flags = 0;
  /** Micro-steps done since `start`. */
  private taken = 0;
  /** Where the history stood before the first of them. */
  private start: Position | undefined;
  /** Raised, or by its vector arrived, and waiting to be brought to its handler. */
  private waiting: Fault | number | undefined;
  /** What is being brought there. */
  private delivering: Fault | number | undefined;

  constructor(machine: Machine, history: History | undefined) {
    this.machine = machine;
    this.history = history;
  }

  /** Micro-steps done of what is under way; 0 when nothing is half done. */
  get done(): number {
    return this.taken;
  }
  /** An exception or interrupt whose delivery comes next. */
  get awaited(): Fault | number | undefined {
    return this.waiting;
  }
  /** The place of the history that micro-steps are counted from. */
  get place(): Position | undefined {
    return this.taken > 0 ? this.start : this.history?.position;
  }

  /** Begins with the instruction at RIP; false when it has no micro-steps. */
  begin(): boolean {
    const { machine, history } = this;
    this.forget();
    this.start = history?.position;
    // A halted CPU is at no instruction.
    if (machine.cpu.low(S.halted) !== 0) return false;
    const insn = this.holding(() => machine.engine.prepare());
    const code = insn === null ? undefined : microcodeFor(machine.cpu, insn);
    if (insn === null || code === undefined) return false;
    this.shown = new MicroRun(code);
    this.insn = insn;
    this.cpl = machine.cpu.cpl;
    this.flags = machine.cpu.systemFlags;
    machine.engine.beginAlone();
    return true;
  }

  /**
   * Runs an instruction without micro-steps as one. What it raises, or what interrupts after it, is held: its delivery
   * is shown and comes next.
   */
  whole(run: () => void): void {
    const start = this.history?.position;
    // The fetch may have been refused already.
    if (this.waiting === undefined) this.holding(run);
    if (this.waiting === undefined) return;
    this.start = start;
    this.count();
    this.shown = this.nextDelivery();
  }

  private forget(): void {
    this.shown = undefined;
    this.insn = undefined;
    this.taken = 0;
    this.start = undefined;
    this.waiting = undefined;
    this.delivering = undefined;
  }
  private count(): void {
    this.taken += 1;
    if (this.history !== undefined) this.history.halfDone = true;
  }

  /** While `run` runs, exceptions and interrupts are held where their delivery has micro-steps. */
  private holding<Result>(run: () => Result): Result {
    const { machine } = this;
    machine.holdDelivery = (event) => {
      if ((machine.cpu.low(S.efer) & EFER.LMA) === 0) return false;
      if (event instanceof Fault) beginChain(machine.cpu, event);
      else machine.cpu.setLow(S.halted, 0);
      this.waiting = event;
      return true;
    };
    try {
      return run();
    } finally {
      machine.holdDelivery = undefined;
    }
  }

  private nextDelivery(): MicroRun | undefined {
    const { waiting } = this;
    if (waiting === undefined) return undefined;
    return new MicroRun(interruptMicrocode(waiting instanceof Fault ? eventOf(waiting) : interruptEvent(waiting)));
  }

  /** Does the next step; returns the exception of a failing check. */
  advance(): Fault | undefined {
    const { machine } = this;
    if (this.waiting !== undefined) {
      if (this.delivering !== undefined || this.insn !== undefined || this.shown?.position !== 0)
        this.shown = this.nextDelivery();
      this.delivering = this.waiting;
      this.waiting = undefined;
      this.insn = undefined;
    }
    const { shown } = this;
    if (shown === undefined) return undefined;
    const fault = shown.advance(machine.cpu);
    this.count();
    if (fault !== undefined) this.refused(fault);
    else if (shown.done) this.complete();
    return fault;
  }

  private refused(fault: Fault): void {
    const { machine, delivering } = this;
    if (delivering === undefined) {
      this.holding(() => machine.raise(fault));
      if (this.waiting === undefined) this.settle();
      return;
    }
    if (delivering instanceof Fault) this.waiting = afterRefusal(machine.cpu, delivering, fault) ?? undefined;
    else {
      refusedInterrupt(delivering, fault);
      machine.observers.onException?.(fault);
      beginChain(machine.cpu, fault);
      this.waiting = fault;
    }
    if (this.waiting === undefined) {
      machine.released();
      this.settle();
    }
  }

  private complete(): void {
    const { machine, insn } = this;
    if (this.delivering !== undefined) {
      this.delivering = undefined;
      machine.released();
    } else if (insn !== undefined) {
      machine.retireOne(insn, this.cpl);
      machine.engine.endAlone(insn.encoding.op, this.flags);
    }
    this.holding(() => {
      if (machine.cpu.debugHits !== 0) machine.raise(debugTrap(machine.cpu));
    });
    if (this.waiting === undefined) this.settle();
  }

  /** Nothing is half done any more, unless an interrupt comes at once. */
  private settle(): void {
    const { history, taken } = this;
    this.taken = 0;
    if (history === undefined) return;
    history.halfDone = false;
    // Lets the history see how far the machine has come.
    this.holding(() => history.run(0));
    if (this.waiting === undefined) return;
    this.taken = taken;
    history.halfDone = true;
  }

  /** Leaves nothing half done. */
  finish(): void {
    while (this.taken > 0) this.advance();
    this.forget();
  }

  /** To a place of the history, and from there so many micro-steps on, at most to before the last one. */
  *to(history: History, place: Position, steps: number): Work<void> {
    this.forget();
    yield* history.seek(place);
    if (steps <= 0) return;
    if (!this.enter(history)) return yield* history.seek(place);
    while (this.taken < steps) {
      this.advance();
      // Steps that led past the end come from a place that was not like this one.
      if (this.taken === 0) return yield* this.to(history, place, 0);
    }
  }

  /** Begins with the instruction here, or runs it when it has no steps; false when nothing is half done then. */
  private enter(history: History): boolean {
    if (this.begin()) return true;
    this.whole(() => history.step());
    return this.taken > 0;
  }

  /**
   * To before the last micro-step: of what is under way, or into the last one of the instruction before, with the
   * exception that it raised or the interrupt behind it. Instructions without micro-steps are gone back over whole.
   * False at the start.
   */
  *back(history: History): Work<boolean> {
    const here = history.position;
    if (this.taken > 0) {
      yield* this.to(history, this.start ?? here, this.taken - 1);
      return true;
    }
    this.forget();
    if (!(yield* history.stepBack())) return false;
    const { position } = history;
    // When an event was undone, the instruction here has not run yet.
    if (position.events === here.events) yield* this.toLast(history, position);
    return true;
  }

  private *toLast(history: History, place: Position): Work<void> {
    let steps = 0;
    if (this.enter(history)) {
      do {
        steps = this.taken;
        this.advance();
      } while (this.taken > 0);
    }
    yield* this.to(history, place, steps);
  }
}
