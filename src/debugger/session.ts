/**
 * A machine under a debugger: stops, steps, micro-steps, and what is to be shown. The session runs in slices, so that
 * its owner can answer a pause in between.
 */
import type { Fault } from '../cpu/fault.ts';
import { S } from '../cpu/layout.ts';
import { microcodeFor } from '../cpu/system/registry.ts';
import type { Instruction } from '../isa/instruction.ts';
import type { Problem } from '../machine/loader/problem.ts';
import type { Machine, MachineSetup, StopReason } from '../machine/machine.ts';
import type { History, Work } from './history/history.ts';
import { compare, type Position } from './history/position.ts';
import { codeAround, instructionAt } from './disassemble.ts';
import { MicroRun } from './microRun.ts';
import { MicroStepping } from './microStepping.ts';
import { peekBytes } from './peek.ts';
import { type Goal, RunGoal } from './runGoal.ts';
import { awaiting, stopOf } from './stopText.ts';
import { SymbolSet } from './symbolSet.ts';
import { viewOf } from './view.ts';
import type { Raised } from './why/whyView.ts';
import type { MachineView, RunState, SourceLine, StopView } from './views.ts';

/** Where a machine can be made to stand: a place of its history, and micro-steps done of the instruction there. */
export interface Stand {
  readonly position: Position;
  readonly microSteps: number;
}

/** Bytes of an instruction, at most (SDM vol. 2A, 2.3.11). */
const MOST_BYTES = 15;
export class Session {
  readonly machine: Machine;
  /** The machine's past; absent when nobody wants to go back. */
  readonly history: History | undefined;
  private symbols: SymbolSet;
  /** The files whose symbols these are. */
  private named: MachineSetup;
  private readonly micro: MicroStepping;
  private readonly goal: RunGoal;
  private raised: Raised[] = [];
  /** The exception behind which a way through the history ends. */
  /** The exception that led to where the machine has been moved to, which `moved` then shows. */
  recalled: Raised | undefined;
  private stop: StopView = { text: 'Ready.', reason: 'boot' };

  constructor(machine: Machine, history?: History) {
    this.machine = machine;
    this.named = machine.setup;
    this.symbols = symbolsOf(machine);
    machine.observers.onException = (fault) => this.note(fault);
    this.history = history;
    this.micro = new MicroStepping(machine, history);
    this.goal = new RunGoal(machine);
  }

  /**
   * Resets into other files, such as an edited program; see Machine.load for `restart`. A problem leaves everything as it
   * was.
   */
  load(
    files: Pick<MachineSetup, 'kernel' | 'commandLine' | 'modules'>,
    restart?: string,
    label = `${restart ?? 'program'} edited`,
  ): Problem | undefined {
    const wrong = this.machine.check(files);
    if (wrong !== undefined) return wrong;
    this.micro.finish();
    const { kernel, commandLine, modules } = files;
    if (this.history === undefined) this.machine.load(files, restart);
    else this.history.record({ kind: 'load', kernel, commandLine, modules, label, ...(restart && { restart }) });
    this.raised = [];
    this.stop = { text: 'Ready.', reason: 'boot' };
    return undefined;
  }

  /** Addresses before whose instruction every run stops. */
  setBreakpoints(addresses: readonly bigint[]): void {
    this.goal.breakpoints = new Set(addresses);
  }

  private note(fault: Fault): void {
    const { machine } = this;
    this.raised.push({ fault, at: machine.count, turn: machine.turns, rip: machine.cpu.rip, cpl: machine.cpu.cpl });
    if (this.goal.present === 'step') machine.requestStop();
  }

  /** Prepares a run towards a goal; `advance` then does it. */
  begin(goal: Goal): void {
    this.micro.finish();
    this.raised = [];
    this.goal.begin(goal);
  }

  /** Runs up to `count` instructions, and at most `idleLimit` guest nanoseconds of waiting; true when the machine has come to stand. */
  advance(count: number, idleLimit = Number.POSITIVE_INFINITY): boolean {
    const { machine, goal } = this;
    const runner = this.history ?? machine;
    if (goal.present === 'step') return this.stopped(runner.run(1), 'step');
    const reason = runner.run(count, idleLimit);
    if (reason === 'count') return false;
    if (reason === 'breakpoint' && !goal.stopsHere()) return false;
    return this.stopped(reason, goal.present === 'over' ? 'step' : 'breakpoint');
  }

  private stopped(reason: StopReason, fallback: StopView['reason']): boolean {
    this.goal.end();
    this.stop = this.stopFor(reason, fallback);
    return true;
  }

  pause(): void {
    this.goal.end();
    this.stop = { text: `Paused at ${this.place()}.`, reason: 'pause' };
  }

  private stopFor(reason: StopReason, fallback: StopView['reason']): StopView {
    const { machine, goal } = this;
    return stopOf(reason, fallback, {
      place: this.place(),
      cpl: machine.cpu.cpl,
      exitCode: machine.exitCode ?? 0,
      last: this.raised.at(-1)?.fault,
      chain: this.chain().map(({ fault }) => fault),
      transition: goal.transition,
      atBreakpoint: goal.breakpoints.has(machine.cpu.rip),
    });
  }

  /** RIP by its symbol, or in hexadecimal. */
  place(): string {
    this.chooseSymbols();
    const { rip } = this.machine.cpu;
    return this.symbols.name(rip) ?? `0x${rip.toString(16)}`;
  }

  /** "syscall_entry+0x10" for every address that lies in a loaded file, null for the others. */
  names(addresses: readonly bigint[]): (string | null)[] {
    this.chooseSymbols();
    return addresses.map((address) => this.symbols.name(address) ?? null);
  }

  /** Address of a symbol of the kernel or of a program. */
  address(name: string): bigint | undefined {
    this.chooseSymbols();
    return this.symbols.address(name);
  }

  /** Code of the lines of a source file as it is in memory now, where its page is present. */
  codeOf(file: string): readonly { readonly line: number; readonly address: bigint; readonly bytes: Uint8Array }[] {
    this.chooseSymbols();
    const { cpu } = this.machine;
    const lines = this.symbols.linesOf(file);
    const starts = lines.map(({ address }) => address).sort((a, b) => (a < b ? -1 : 1));
    return lines.map(({ line, address }) => {
      const next = starts[starts.indexOf(address) + 1] ?? address;
      const length = Math.min(Number(next - address), MOST_BYTES);
      const bytes = peekBytes(cpu, address, length).filter((byte) => byte !== null);
      return { line, address, bytes: Uint8Array.from(bytes) };
    });
  }

  private chooseSymbols(): void {
    const { cpu, setup } = this.machine;
    if (setup !== this.named) {
      this.named = setup;
      this.symbols = symbolsOf(this.machine);
    }
    this.symbols.choose((address, length) => peekBytes(cpu, address, length));
  }

  /** Source line of the instruction at RIP. */
  sourceLine(): SourceLine | null {
    return this.symbols.line(this.machine.cpu.rip) ?? null;
  }
  /** The instruction at RIP, looked at without a trace. */
  instruction(): Instruction | undefined {
    return instructionAt(this.machine.cpu, this.machine.cpu.rip);
  }
  /** "movq %rax, (%rdi)". */
  instructionText(): string {
    const { code, codeIndex } = codeAround(this.machine.cpu, this.machine.cpu.rip, 0, 1, this.symbols);
    const line = code[codeIndex];
    return line === undefined ? 'an instruction' : `${line.mnemonic} ${line.operands}`.trim();
  }

  /** The first cause of the last exception. */
  get firstCause(): Raised | undefined {
    return this.chain()[0];
  }

  /** Exceptions of the last delivery, with those met on the way. */
  private chain(): Raised[] {
    const last = this.raised.at(-1);
    if (last === undefined) return [];
    return this.machine.cpu.chain.map((fault) => ({ ...last, fault }));
  }

  /** Runs one micro-step of the instruction at RIP, or the whole instruction if it has none. */
  microStep(): void {
    const { micro, machine } = this;
    if (micro.done === 0) {
      this.raised = [];
      // What was done from outside at this place comes before its instruction.
      this.history?.run(0);
      if (this.state() !== 'stopped' || !micro.begin()) {
        micro.whole(() => {
          this.begin('step');
          this.advance(1);
        });
        if (micro.awaited !== undefined) this.stop = awaiting(micro.awaited, this.place());
        return;
      }
    }
    const before = machine.cpu.cpl;
    const fault = micro.advance();
    if (fault !== undefined) {
      this.stop = {
        text: `${fault.name}: ${fault.why.check} failed, found ${fault.why.actual}.`,
        reason: 'micro-step',
      };
      return;
    }
    const { shown } = micro;
    const step = shown?.code.steps[shown.position - 1];
    const crossing = before === machine.cpu.cpl ? '' : ` CPL ${before} to ${machine.cpu.cpl}.`;
    this.stop = { text: `${step?.label ?? ''}.${crossing}`, reason: 'micro-step' };
  }

  /** Where the machine stands. Only with a history. */
  stand(): Stand | undefined {
    const { place, done } = this.micro;
    return place && { position: place, microSteps: done };
  }
  /** To a place of the history and into its instruction. Between `prepareToMove` and `moved`. */
  *goTo(history: History, { position, microSteps }: Stand): Work<void> {
    yield* this.micro.to(history, position, microSteps);
  }
  /** Undoes the last micro-step; see MicroStepping. Instead of `prepareToMove`, and before `moved`. False at the start. */
  *microStepBack(history: History): Work<boolean> {
    this.goal.leave();
    return yield* this.micro.back(history);
  }
  /** The micro-step to come of the instruction under way: "SYSCALL, before: RIP ← IA32_LSTAR". */
  microPlace(): string | undefined {
    const { shown, done } = this.micro;
    if (done === 0 || shown === undefined) return undefined;
    const next = shown.code.steps[shown.position]?.label ?? 'the delivery of what comes next';
    return `${shown.code.name}, before: ${next}`;
  }

  /**
   * Lets `work` look about in the history, or run on beyond its end, and comes back to where the machine stands: what is
   * shown stays as it is, and nothing that was run beyond is remembered. `work` is always driven to its end.
   */
  *aside<Result>(history: History, work: () => Work<Result>): Work<Result> {
    const { raised, stop, goal, micro } = this;
    const { transition } = goal;
    const { shown, done } = micro;
    const [here, end] = [micro.place ?? history.position, history.end];
    this.goal.leave();
    try {
      return yield* work();
    } finally {
      this.goal.leave();
      if (compare(history.end, end) > 0) {
        yield* history.seek(end);
        history.forgetBeyond();
      }
      yield* micro.to(history, here, done);
      if (done === 0) micro.shown = shown;
      this.raised = raised;
      this.stop = stop;
      goal.transition = transition;
      goal.arm();
    }
  }

  /** Before a way through the history: ends what is half done, and takes the breakpoints out of the way. */
  prepareToMove(): ReadonlySet<bigint> {
    this.micro.finish();
    this.goal.leave();
    return this.goal.breakpoints;
  }
  /** Whether it stands between two micro-steps of an instruction. */
  get isInside(): boolean {
    return this.micro.done > 0;
  }
  /** The machine has been put to another place, or its state was changed by hand. */
  moved(stop: StopView): void {
    const { micro, goal, recalled } = this;
    if (micro.done === 0) micro.shown = undefined;
    this.raised = recalled === undefined ? [] : [recalled];
    this.recalled = undefined;
    goal.transition = undefined;
    goal.arm();
    this.stop = stop;
  }

  state(): RunState {
    const { machine } = this;
    if (machine.exitCode !== null) return 'off';
    if (machine.cpu.shutdown) return 'triple-fault';
    return this.stop.reason === 'halted' ? 'halted' : 'stopped';
  }

  /** Bytes typed at the serial line; a halted machine may go on, and an instruction under way is finished. */
  type(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { history, micro } = this;
    if (history === undefined) {
      for (const byte of bytes) this.machine.receiveSerial(byte);
      return;
    }
    if (micro.done > 0) {
      // Input arrives between instructions: that is where it will be when this is repeated.
      micro.finish();
      this.stop = { text: `The instruction under way was finished first: RIP now ${this.place()}.`, reason: 'step' };
    }
    history.record({ kind: 'serial', bytes });
  }

  view(): MachineView {
    this.chooseSymbols();
    const preview = this.micro.shown ?? this.preview();
    return viewOf(this.machine, {
      stop: this.stop,
      micro: preview,
      raised: this.chain(),
      symbols: this.symbols,
      state: this.state(),
    });
  }

  /** Micro-steps that the instruction at RIP would go through. */
  private preview(): MicroRun | undefined {
    const { machine } = this;
    if (this.state() !== 'stopped' || machine.cpu.low(S.halted) !== 0) return undefined;
    const insn = instructionAt(machine.cpu, machine.cpu.rip);
    const code = insn && microcodeFor(machine.cpu, insn);
    return code && new MicroRun(code);
  }
}

function symbolsOf(machine: Machine): SymbolSet {
  const { kernel, modules } = machine.setup;
  return new SymbolSet(
    kernel,
    modules.map((m) => m.bytes),
  );
}
