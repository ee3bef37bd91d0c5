/** A PC: one CPU, memory, devices and guest time. It runs in Node and in a worker, and knows nothing of either. */
import { Cpu } from '../cpu/cpu.ts';
import { type Fault, Vector } from '../cpu/fault.ts';
import { Halt, Outcome, RAM, S } from '../cpu/layout.ts';
import { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { type CpuModel, PROFILES } from '../cpu/profile.ts';
import { routineOf } from '../cpu/routines/index.ts';
import { enterMultiboot, resetCpu, startUp } from '../cpu/reset.ts';
import { CS } from '../cpu/segmentation.ts';
import { deliverException, deliverInterrupt } from '../cpu/system/deliver.ts';
import type { GuestClock, Timer, Width } from '../devices/bus.ts';
import { createPcDevices, type PcDevices, runFirmware } from '../devices/pcDevices.ts';
import { Engine, HOLD } from '../engine/engine.ts';
import type { Instruction } from '../isa/instruction.ts';
import { RFLAGS } from '../registers/rflags.ts';
import { type BootModule, type BootPlan, planBoot } from './loader/planBoot.ts';
import { isProblem, type Problem } from './loader/problem.ts';
import { hashState } from './stateHash.ts';
import { Timers } from './timers.ts';

export interface MachineSetup {
  readonly kernel: Uint8Array;
  readonly commandLine: string;
  readonly modules: readonly BootModule[];
  readonly memoryBytes: number;
  readonly cpu: CpuModel;
}

export type StopReason =
  | 'count'
  | 'requested'
  | 'breakpoint'
  | 'held'
  | 'stuck'
  | 'halted'
  | 'idle'
  | 'exit'
  | 'triple-fault';

/** A change of CPL, or another event worth a line in a trace. */
export interface Transition {
  /** Instructions retired when it happened. */
  readonly at: number;
  /** "syscall", "sysret", "iret", "#PF", "interrupt 32". */
  readonly cause: string;
  readonly from: { readonly cpl: number; readonly cs: number; readonly rip: bigint };
  readonly to: { readonly cpl: number; readonly cs: number; readonly rip: bigint };
}

/** Guest time after which a halted CPU that no timer wakes is said to be idle: 10 s. */
const IDLE_AFTER = 10_000_000_000;

export class Machine implements GuestClock {
  readonly setup: MachineSetup;
  readonly plan: BootPlan;
  readonly cpu: Cpu;
  readonly engine: Engine;
  readonly devices: PcDevices;
  private readonly timers = new Timers();
  /** Instructions retired. */
  retired = 0;
  /** Guest nanoseconds that passed while the CPU was halted. */
  private skipped = 0;
  private inRun = false;
  exitCode: number | null = null;
  private resetRequested = false;
  private initRequested = false;
  onSerial: (byte: number) => void = () => undefined;
  private stopRequested = false;
  private wantedStop: ((insn: Instruction) => boolean) | undefined;
  private transitionListener: ((transition: Transition) => void) | undefined;
  /** Called with every exception that is raised, before it is delivered. */
  onInterrupt: ((vector: number) => void) | undefined;
  onException: ((fault: Fault) => void) | undefined;

  private constructor(setup: MachineSetup, plan: BootPlan) {
    this.setup = setup;
    this.plan = plan;
    const memory = new PhysicalMemory(setup.memoryBytes);
    this.cpu = new Cpu(memory, PROFILES[setup.cpu]);
    this.engine = new Engine(this.cpu);
    this.engine.deliver = (fault) => this.deliver(fault);
    this.devices = createPcDevices({
      clock: this,
      intr: { set: (level) => this.setInterruptLine(level) },
      system: {
        exit: (code) => this.end(code),
        powerOff: () => this.end(0),
        reset: () => {
          this.resetRequested = true;
          this.cpu.attention = true;
        },
        setA20: () => undefined,
      },
      serialOutput: (byte) => this.onSerial(byte),
      memoryBytes: setup.memoryBytes,
      apic: {
        nmi: () => this.signal('nmi'),
        init: () => this.signal('init'),
        startup: (page) => this.signal({ startup: page }),
      },
    });
    this.cpu.onApicBase = (enabled) => this.devices.localApic?.setPresent(enabled);
    this.cpu.taskPriority = {
      read: () => this.devices.localApic?.taskPriorityClass ?? 0,
      write: (priority) => this.setTaskPriority(priority),
    };
    this.cpu.surroundings = {
      readPort: (port, bytes) => this.devices.bus.read(port, bytes as Width),
      writePort: (port, bytes, value) => this.devices.bus.write(port, bytes as Width, value),
      now: () => this.now(),
    };
    const { memoryBus } = this.devices;
    memory.bus = {
      read: (physical, bytes) => memoryBus.read(physical, bytes as Width),
      write: (physical, bytes, value) => memoryBus.write(physical, bytes as Width, value),
    };
    this.boot();
  }

  /** A machine at its kernel's entry, or why the files cannot be booted. */
  static create(setup: MachineSetup): Machine | Problem {
    const plan = planBoot(setup);
    return isProblem(plan) ? plan : new Machine(setup, plan);
  }

  private reboot(): void {
    this.cpu.memory.bytes.fill(0, RAM);
    this.boot();
  }

  /** Into memory that is all zero. */
  private boot(): void {
    const { memory } = this.cpu;
    for (const { physicalAddress, bytes } of this.plan.writes) memory.bytes.set(bytes, RAM + physicalAddress);
    this.engine.code.flush();
    for (const device of this.devices.all) device.reset();
    runFirmware(this.devices);
    enterMultiboot(this.cpu, this.plan.entry, this.plan.eax, this.plan.ebx);
    this.resetRequested = false;
    this.exitCode = null;
  }

  /** Guest nanoseconds: instructions retired, and time skipped while halted. */
  now(): number {
    return this.retired + this.skipped + (this.inRun ? this.engine.retired : 0);
  }
  arm(timer: Timer, at: number): void {
    this.timers.arm(timer, at);
    this.cpu.attention = true;
  }
  disarm(timer: Timer): void {
    this.timers.disarm(timer);
  }

  private setInterruptLine(level: boolean): void {
    this.cpu.interruptLine = level;
    if (level) this.cpu.attention = true;
  }
  /** NMI, INIT and start-up messages of the APICs, which arrive at the next instruction boundary. */
  private signal(what: 'nmi' | 'init' | { readonly startup: number }): void {
    const { cpu } = this;
    cpu.attention = true;
    if (what === 'nmi') cpu.setLow(S.nmiPending, 1);
    else if (what === 'init') this.initRequested = true;
    else if (cpu.low(S.halted) === Halt.waitForStartup) startUp(cpu, what.startup);
  }

  private setTaskPriority(priority: number): void {
    const { localApic } = this.devices;
    if (localApic !== null) localApic.taskPriorityClass = priority;
  }

  private end(code: number): void {
    this.exitCode = code;
    this.cpu.attention = true;
  }

  /** A byte typed at the other end of the serial line. */
  receiveSerial(byte: number): void {
    this.devices.com1.receive(byte);
  }

  /**
   * Runs exactly `count` instructions, or fewer until something stops the machine. Time that passes while the CPU is
   * halted counts no instruction.
   */
  run(count: number): StopReason {
    const end = this.retired + count;
    const { cpu } = this;
    for (;;) {
      if (this.exitCode !== null) return 'exit';
      if (cpu.shutdown) return 'triple-fault';
      if (this.stopRequested) {
        this.stopRequested = false;
        return 'requested';
      }
      if (this.resetRequested) this.reboot();
      if (this.initRequested) this.initialize();
      this.timers.fire(this.now());
      this.takeInterrupt();
      if (cpu.shutdown || this.stopRequested) continue;
      if (cpu.low(S.halted) !== 0) {
        const idle = this.wait();
        if (idle !== undefined) return idle;
        continue;
      }
      if (this.retired >= end) return 'count';
      const budget = Math.min(end - this.retired, Math.max(this.timers.next - this.now(), 1));
      this.inRun = true;
      const ran = this.engine.run(budget);
      this.inRun = false;
      this.retired += ran;
      const { pause } = this.engine;
      if (pause === 'breakpoint' || pause === 'held' || pause === 'stuck') return pause;
    }
  }

  /** INIT: the CPU starts anew and waits for a start-up message; memory and devices stay. */
  private initialize(): void {
    this.initRequested = false;
    resetCpu(this.cpu);
    this.cpu.setLow(S.halted, Halt.waitForStartup);
  }

  /** Delivers an NMI or the interrupt controller's request when flags and shadow allow it. */
  private takeInterrupt(): void {
    const { cpu } = this;
    if (cpu.low(S.halted) === Halt.waitForStartup) return;
    if (cpu.low(S.nmiPending) !== 0 && cpu.low(S.nmiBlocked) === 0 && cpu.low(S.shadow) === 0) {
      cpu.setLow(S.nmiPending, 0);
      cpu.setLow(S.nmiBlocked, 1);
      this.onInterrupt?.(Vector.NMI);
      this.traced('NMI', () => deliverInterrupt(cpu, Vector.NMI));
      return;
    }
    if (!cpu.interruptLine || (cpu.systemFlags & RFLAGS.IF) === 0 || cpu.low(S.shadow) !== 0) return;
    const vector = this.devices.acknowledge();
    this.onInterrupt?.(vector);
    this.traced(`interrupt ${vector}`, () => deliverInterrupt(cpu, vector));
  }

  /** Lets time pass while the CPU is halted, up to the next timer. Says so when nothing can wake it. */
  private wait(): StopReason | undefined {
    if ((this.cpu.systemFlags & RFLAGS.IF) === 0 || this.cpu.low(S.halted) !== Halt.halted) return 'halted';
    const from = this.now();
    while (!this.cpu.interruptLine) {
      const at = this.timers.next;
      if (at === Number.POSITIVE_INFINITY || at - from > IDLE_AFTER) return 'idle';
      this.skipped += Math.max(at - this.now(), 0);
      this.timers.fire(this.now());
    }
    return undefined;
  }

  private deliver(fault: Fault): void {
    this.onException?.(fault);
    this.traced(fault.name, () => deliverException(this.cpu, fault));
  }

  /** Reports every change of CPL from now on, or no longer with undefined. */
  onTransition(listener: ((transition: Transition) => void) | undefined): void {
    this.transitionListener = listener;
    this.updateTracing();
  }

  /** Asked before every instruction that is a routine; true stops the machine before it. */
  stopBefore(wanted: ((insn: Instruction) => boolean) | undefined): void {
    this.wantedStop = wanted;
    this.updateTracing();
  }

  private updateTracing(): void {
    const tracing = this.transitionListener !== undefined || this.wantedStop !== undefined;
    this.engine.around = tracing ? (insn) => this.around(insn) : undefined;
  }

  private around(insn: Instruction): number {
    if (this.wantedStop?.(insn)) return HOLD;
    let outcome: number = Outcome.next;
    this.traced(insn.encoding.mnemonic, () => {
      outcome = routineOf(insn)(this.cpu, insn);
    });
    return outcome;
  }

  /** Asks `run` to return at the next instruction boundary. */
  requestStop(): void {
    this.stopRequested = true;
    this.cpu.attention = true;
  }

  /** Counts an instruction that a debugger ran by its micro-steps. */
  retireOne(): void {
    this.retired += 1;
  }

  /** Raises an exception met by a debugger in a micro-step. */
  raise(fault: Fault): void {
    this.deliver(fault);
  }

  /** Runs something that may change CPL, and reports the change. */
  traced(cause: string, change: () => void): void {
    if (this.transitionListener === undefined) return change();
    const from = this.place();
    change();
    const to = this.place();
    if (to.cpl !== from.cpl) {
      const at = this.retired + (this.inRun ? this.engine.retired : 0);
      this.transitionListener({ at, cause, from, to });
    }
  }
  private place(): Transition['from'] {
    return { cpl: this.cpu.cpl, cs: this.cpu.selector(CS), rip: this.cpu.rip };
  }

  /** 16 hexadecimal digits over all guest-visible state. */
  hash(): string {
    return hashState(this.cpu, this.devices.all, [this.retired, this.skipped]);
  }
}
