/** What a run is for, and what stops it there: breakpoints of a person, a crossing of rings, the return of a call. */
import { Reg } from '../cpu/cpu.ts';
import type { Instruction } from '../isa/instruction.ts';
import type { Machine } from '../machine/machine.ts';
import type { Transition } from '../machine/observers.ts';
import { CALLS } from './calls.ts';

export type Goal = 'ever' | 'ring-change' | 'syscall' | 'first-syscall' | 'over' | 'step';

const CROSSINGS = new Set(['syscall', 'sysret', 'sysenter', 'sysexit']);
const REPEATED = new Set(['movs', 'stos', 'lods', 'scas', 'cmps', 'ins', 'outs']);

export class RunGoal {
  private readonly machine: Machine;
  private kind: Goal = 'ever';
  /** Where a person wants a run to stop. */
  private wanted: ReadonlySet<bigint> = new Set();
  /** The change of ring that the run has come to. */
  transition: Transition | undefined;
  /** Where `over` is going: the RIP behind the call, and the stack pointer it had. */
  private over: { rip: bigint; rsp: bigint; cpl: number } | undefined;
  /** Guest time when the run began: the instruction it starts at is not what it looks for. */
  private startedAt = -1;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  get present(): Goal {
    return this.kind;
  }
  get breakpoints(): ReadonlySet<bigint> {
    return this.wanted;
  }
  set breakpoints(addresses: ReadonlySet<bigint>) {
    this.wanted = addresses;
    this.arm();
  }

  /** Makes the engine stop at the breakpoints. */
  arm(): void {
    const { engine } = this.machine;
    engine.breakpoints.clear();
    for (const address of this.wanted) engine.breakpoints.add(address);
    if (this.over !== undefined) engine.breakpoints.add(this.over.rip);
    engine.breakpointsChanged();
  }

  begin(goal: Goal): void {
    const { machine } = this;
    this.kind = goal;
    this.transition = undefined;
    this.startedAt = machine.now();
    const crossing = goal === 'syscall' || goal === 'first-syscall';
    machine.observers.stopBefore(crossing ? (insn) => this.isReached(insn) : undefined);
    machine.observers.onTransition(goal === 'ring-change' ? (t) => this.crossed(t) : undefined);
    machine.observers.onInterrupt = goal === 'step' ? () => machine.requestStop() : undefined;
    this.setOver(goal === 'over');
  }

  private isReached(insn: Instruction): boolean {
    const { machine } = this;
    if (this.kind === 'first-syscall') return insn.encoding.op === 'syscall' && machine.cpu.cpl === 3;
    return CROSSINGS.has(insn.encoding.op) && machine.now() !== this.startedAt;
  }

  private crossed(transition: Transition): void {
    this.transition = transition;
    this.machine.requestStop();
  }

  private setOver(on: boolean): void {
    const { engine, cpu } = this.machine;
    this.over = undefined;
    if (on) {
      const insn = engine.prepare();
      const again = insn !== null && insn.repeat !== 0 && REPEATED.has(insn.encoding.op);
      if (insn !== null && (CALLS.has(insn.encoding.op) || again)) {
        const rip = BigInt.asUintN(64, cpu.rip + BigInt(insn.length));
        this.over = { rip, rsp: cpu.reg(Reg.rsp), cpl: cpu.cpl };
      } else this.kind = 'step';
    }
    this.arm();
  }

  /** True where the engine has stopped at a breakpoint that is meant: that of `over` counts only back in the same call. */
  stopsHere(): boolean {
    const { machine, over, wanted } = this;
    const { cpu } = machine;
    const back = over !== undefined && cpu.rip === over.rip && cpu.cpl === over.cpl && cpu.reg(Reg.rsp) >= over.rsp;
    return back || wanted.has(cpu.rip);
  }

  /** Ends the run. */
  end(): void {
    const { machine } = this;
    machine.observers.stopBefore(undefined);
    machine.observers.onTransition(undefined);
    machine.observers.onInterrupt = undefined;
    if (this.over !== undefined) this.setOver(false);
    this.kind = 'ever';
  }

  /** Ends the run, and takes the breakpoints out of the way of a journey through the history, until `arm`. */
  leave(): void {
    this.end();
    const { engine } = this.machine;
    engine.breakpoints.clear();
    engine.breakpointsChanged();
  }
}
