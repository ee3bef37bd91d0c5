/** A PC: one CPU, memory, devices and guest time. It runs in Node and in a worker, and knows nothing of either. */
import { Cpu } from '../cpu/cpu.ts';
import { debugRegistersChanged } from '../cpu/debugRegisters.ts';
import { type Fault, Vector } from '../cpu/fault.ts';
import { Halt, RAM, S, STATE } from '../cpu/layout.ts';
import { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { type CpuModel, PROFILES } from '../cpu/profile.ts';
import { enterMultiboot, resetCpu, startUp } from '../cpu/reset.ts';
import { deliverException, deliverInterrupt } from '../cpu/system/deliver.ts';
import type { GuestClock, Timer, Width } from '../devices/bus.ts';
import { createPcDevices, type PcDevices, runFirmware } from '../devices/pcDevices.ts';
import { Engine } from '../engine/engine.ts';
import type { RegionPolicy } from '../engine/regions/policy.ts';
import type { Instruction } from '../isa/instruction.ts';
import { RFLAGS } from '../registers/rflags.ts';
import { type BootModule, type BootPlan, planBoot } from './loader/planBoot.ts';
import { isProblem, type Problem } from './loader/problem.ts';
import { Observers, type Transition } from './observers.ts';
import type { MachineCounters, MachineSnapshot } from './snapshot.ts';
import { findRestartPoint, type FoundPoint, holdsFor, putMemory } from './restart.ts';
import { hashState } from './stateHash.ts';
import { Timers } from './timers.ts';

export interface MachineSetup {
  readonly kernel: Uint8Array;
  readonly commandLine: string;
  readonly modules: readonly BootModule[];
  readonly memoryBytes: number;
  readonly cpu: CpuModel;
  /** Whether hot code is compiled. */
  readonly regions?: RegionPolicy;
}

export type StopReason =
  | 'count'
  | 'requested'
  /** `stopAtTurn` is reached. */
  | 'turn'
  | 'breakpoint'
  | 'held'
  | 'stuck'
  | 'halted'
  | 'idle'
  | 'exit'
  | 'triple-fault';

/** Guest time after which a halted CPU that no timer wakes is said to be idle: 10 s. */
const IDLE_AFTER = 10_000_000_000;
const PAGE = 4096;

export class Machine implements GuestClock {
  /** What a reset boots. */
  setup: MachineSetup;
  plan: BootPlan;
  readonly cpu: Cpu;
  readonly engine: Engine;
  readonly devices: PcDevices;
  private readonly timers = new Timers();
  /** Instructions retired. */
  retired = 0;
  /** Guest nanoseconds that passed while the CPU was halted. */
  private skipped = 0;
  /** What `elapsed` was when guest time began. */
  private began = 0;
  private restartPoint: FoundPoint | undefined;
  /** Exceptions, interrupts and resets since the start. */
  turns = 0;
  /** `run` returns when so many turns have been taken. */
  stopAtTurn = Number.POSITIVE_INFINITY;
  private inRun = false;
  exitCode: number | null = null;
  private resetRequested = false;
  private initRequested = false;
  onSerial: (byte: number) => void = () => undefined;
  private stopRequested = false;
  /**
   * Asked before an exception, or an interrupt by its vector, is brought to its handler. True leaves that to whoever is
   * asked: the run ends there, and `released` says that it is done.
   */
  holdDelivery: ((event: Fault | number) => boolean) | undefined;
  private held: { readonly cause: string; readonly from: Transition['from'] } | undefined;
  readonly observers: Observers;

  private constructor(setup: MachineSetup, plan: BootPlan) {
    this.setup = setup;
    this.plan = plan;
    const memory = new PhysicalMemory(setup.memoryBytes);
    this.cpu = new Cpu(memory, PROFILES[setup.cpu]);
    this.engine = new Engine(this.cpu, setup.regions);
    this.engine.deliver = (fault) => this.deliver(fault);
    this.observers = new Observers(this.cpu, this.engine, this);
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

  /** The reset line, as the person at the machine pulls it. Memory is cleared and the kernel loaded again. */
  reset(): void {
    const { cpl } = this.cpu;
    this.clearMemory();
    this.boot();
    this.countTurn();
    this.observers.recorder?.delivered(cpl, 0);
  }

  /** What is wrong with files that `load` would be given. */
  check(files: Pick<MachineSetup, 'kernel' | 'commandLine' | 'modules'>): Problem | undefined {
    const plan = planBoot({ ...this.setup, ...files });
    return isProblem(plan) ? plan : undefined;
  }

  /**
   * Resets into another kernel or other modules, in the same memory. With `restart`, a module's file name, the kernel's
   * boot is left out: the machine stands where it is about to read that module, guest time counts from the reset, and the
   * boot's instructions are not counted. A problem leaves everything as it was.
   */
  load(files: Pick<MachineSetup, 'kernel' | 'commandLine' | 'modules'>, restart?: string): Problem | undefined {
    const { kernel, commandLine, modules } = files;
    const setup = { ...this.setup, kernel, commandLine, modules };
    const plan = planBoot(setup);
    if (isProblem(plan)) return plan;
    this.setup = setup;
    this.plan = plan;
    if (restart === undefined) this.reset();
    else this.restart(restart);
    return undefined;
  }

  private restart(name: string): void {
    const { setup, plan } = this;
    if (this.restartPoint === undefined || !holdsFor(this.restartPoint, setup, name)) this.findRestartPoint(name);
    const point = this.restartPoint?.point;
    if (point === undefined) return this.reset();
    const { cpl } = this.cpu;
    const { retired, skipped, turns } = this;
    this.restore(point.machine, putMemory(this, point, plan));
    Object.assign(this, { retired, skipped, turns, setup, plan });
    this.began = this.elapsed - point.now;
    for (const byte of point.serial) this.onSerial(byte);
    this.countTurn();
    this.observers.recorder?.delivered(cpl, this.cpu.cpl);
  }

  /** Runs the boot aside: nobody hears of it, and nothing is counted. */
  private findRestartPoint(name: string): void {
    const { onSerial, retired, skipped, turns, began, stopAtTurn, engine } = this;
    const breakpoints = [...engine.breakpoints];
    this.onSerial = () => undefined;
    this.stopAtTurn = Number.POSITIVE_INFINITY;
    engine.breakpoints.clear();
    engine.breakpointsChanged();
    const again = (): void => {
      Object.assign(this, { retired: 0, skipped: 0, turns: 0, began: 0 });
      this.clearMemory();
      this.boot();
    };
    this.observers.silently(() => {
      again();
      this.restartPoint = { setup: this.setup, name, point: findRestartPoint(this, name, again) };
    });
    Object.assign(this, { onSerial, retired, skipped, turns, began, stopAtTurn });
    this.stopRequested = false;
    for (const address of breakpoints) engine.breakpoints.add(address);
    engine.breakpointsChanged();
  }

  private clearMemory(): void {
    const { memory, tlb } = this.cpu;
    for (const page of tlb.written) {
      const from = (RAM + page * PAGE) >> 2;
      const end = from + PAGE / 4;
      let at = from;
      while (at < end && memory.words[at] === 0) at++;
      if (at === end) continue;
      tlb.beforeWrite(page);
      memory.words.fill(0, from, end);
    }
  }

  /** Into memory that is all zero. */
  private boot(): void {
    const { memory, tlb } = this.cpu;
    for (const { physicalAddress, bytes } of this.plan.writes) {
      const last = (physicalAddress + bytes.length - 1) >>> 12;
      for (let page = physicalAddress >>> 12; page <= last; page++) tlb.beforeWrite(page);
      memory.bytes.set(bytes, RAM + physicalAddress);
    }
    this.engine.code.flush();
    for (const device of this.devices.all) device.reset();
    runFirmware(this.devices);
    enterMultiboot(this.cpu, this.plan.entry, this.plan.eax, this.plan.ebx);
    this.resetRequested = false;
    this.exitCode = null;
  }

  /** Instructions retired, also while one runs. */
  get count(): number {
    return this.retired + (this.inRun ? this.engine.retired : 0);
  }
  /** Nanoseconds since the machine was made: instructions retired, and time skipped while halted. */
  get elapsed(): number {
    return this.count + this.skipped;
  }
  /** The guest's time in nanoseconds: what has elapsed since its clocks were started. */
  now(): number {
    return this.elapsed - this.began;
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
   * halted counts no instruction; after `idleLimit` guest nanoseconds of it the run comes back too. Whatever stops it, due timers and interrupts have been taken when it returns, so that
   * the state at a place does not depend on how the run came to stop there.
   */
  run(count: number, idleLimit = Number.POSITIVE_INFINITY): StopReason {
    const end = this.retired + count;
    const idleEnd = this.skipped + idleLimit;
    const { cpu } = this;
    let atBreakpoint = false;
    for (;;) {
      if (this.holding) return this.standHeld();
      if (this.exitCode !== null) return 'exit';
      if (cpu.shutdown) return 'triple-fault';
      if (this.resetRequested) this.reset();
      if (this.initRequested) this.initialize();
      this.timers.fire(this.now());
      this.takeInterrupt();
      if (cpu.shutdown || this.holding) continue;
      if (this.stopRequested) {
        this.stopRequested = false;
        return 'requested';
      }
      if (this.turns >= this.stopAtTurn) return 'turn';
      if (atBreakpoint && this.engine.breakpoints.has(cpu.rip)) return 'breakpoint';
      atBreakpoint = false;
      if (cpu.low(S.halted) !== 0) {
        const idle = this.wait(idleEnd);
        if (idle !== undefined) return idle;
        continue;
      }
      if (this.retired >= end) return 'count';
      const budget = Math.min(end - this.retired, Math.max(this.timers.next - this.now(), 1));
      this.inRun = true;
      this.engine.crossings.begin(this.retired, this.turns);
      const ran = this.engine.run(budget);
      this.inRun = false;
      this.retired += ran;
      const { pause } = this.engine;
      if (pause === 'held' || pause === 'stuck') return pause;
      atBreakpoint = pause === 'breakpoint';
    }
  }

  /** INIT: the CPU starts anew and waits for a start-up message; memory and devices stay. */
  private initialize(): void {
    const { cpl } = this.cpu;
    this.initRequested = false;
    resetCpu(this.cpu);
    this.cpu.setLow(S.halted, Halt.waitForStartup);
    this.countTurn();
    this.observers.recorder?.delivered(cpl, 0);
  }

  /** Delivers an NMI or the interrupt controller's request when flags and shadow allow it. */
  private takeInterrupt(): void {
    const { cpu } = this;
    if (cpu.low(S.halted) === Halt.waitForStartup) return;
    if (cpu.low(S.nmiPending) !== 0 && cpu.low(S.nmiBlocked) === 0 && cpu.low(S.shadow) === 0) {
      cpu.setLow(S.nmiPending, 0);
      cpu.setLow(S.nmiBlocked, 1);
      this.interrupt(Vector.NMI, 'NMI');
      return;
    }
    if (!cpu.interruptLine || (cpu.systemFlags & RFLAGS.IF) === 0 || cpu.low(S.shadow) !== 0) return;
    const vector = this.devices.acknowledge();
    this.interrupt(vector, `interrupt ${vector}`);
  }
  private interrupt(vector: number, cause: string): void {
    const { cpu, observers } = this;
    const { cpl } = cpu;
    observers.onInterrupt?.(vector);
    observers.recorder?.interrupt(vector);
    if (this.hold(vector, cause)) return;
    observers.traced(cause, () => deliverInterrupt(cpu, vector, (fault) => observers.onException?.(fault)));
    this.delivered(cpl);
  }
  private delivered(from: number): void {
    this.countTurn();
    this.observers.recorder?.delivered(from, this.cpu.cpl);
  }

  /** An exception or interrupt is under way that someone else delivers; see `holdDelivery`. */
  get holding(): boolean {
    return this.held !== undefined;
  }
  private hold(event: Fault | number, cause: string): boolean {
    if (this.holdDelivery?.(event) !== true) return false;
    this.held = { cause, from: this.observers.place() };
    this.engine.leaveNow = true;
    this.cpu.attention = true;
    return true;
  }
  private standHeld(): StopReason {
    this.stopRequested = false;
    return 'requested';
  }
  /** What was held has reached its handler. */
  released(): void {
    const { held } = this;
    if (held === undefined) return;
    this.letGo();
    this.observers.changed(held.cause, held.from);
    this.delivered(held.from.cpl);
  }
  private letGo(): void {
    this.held = undefined;
    this.engine.leaveNow = false;
  }
  private countTurn(): void {
    this.turns += 1;
    if (this.turns === this.stopAtTurn) this.cpu.attention = true;
    this.observers.tookTurn();
  }

  /** Lets time pass while the CPU is halted, up to the next timer. Says so when nothing can wake it. */
  private wait(idleEnd: number): StopReason | undefined {
    if ((this.cpu.systemFlags & RFLAGS.IF) === 0 || this.cpu.low(S.halted) !== Halt.halted) return 'halted';
    const from = this.now();
    while (!this.cpu.interruptLine) {
      const at = this.timers.next;
      if (at === Number.POSITIVE_INFINITY || at - from > IDLE_AFTER) return 'idle';
      const nap = Math.max(at - this.now(), 0);
      if (this.skipped + nap > idleEnd) {
        this.skipped = Math.max(this.skipped, idleEnd);
        return 'count';
      }
      this.skipped += nap;
      this.timers.fire(this.now());
    }
    return undefined;
  }

  private deliver(fault: Fault): void {
    const { cpu, observers } = this;
    const { cpl } = cpu;
    observers.onException?.(fault);
    observers.recorder?.exception(fault.vector);
    if (this.hold(fault, fault.name)) return;
    observers.traced(fault.name, () => deliverException(cpu, fault));
    this.delivered(cpl);
  }

  /** Asks `run` to return at the next instruction boundary. */
  requestStop(): void {
    this.stopRequested = true;
    this.cpu.attention = true;
  }

  /** Counts an instruction that a debugger ran by its micro-steps, from this CPL on. */
  retireOne(insn: Instruction, from: number): void {
    this.observers.ranBySteps(insn, from);
    this.retired += 1;
  }

  /** Raises an exception met by a debugger in a micro-step. */
  raise(fault: Fault): void {
    this.deliver(fault);
  }

  /** Everything but RAM; see MachineSnapshot. Only between two calls of `run`. */
  snapshot(): MachineSnapshot {
    const { cpu } = this;
    return {
      retired: this.retired,
      skipped: this.skipped,
      began: this.began,
      turns: this.turns,
      exitCode: this.exitCode,
      resetRequested: this.resetRequested,
      initRequested: this.initRequested,
      state: cpu.bytes.slice(STATE, STATE + S.end),
      shutdown: cpu.shutdown,
      chain: [...cpu.chain],
      debugHits: cpu.debugHits,
      interruptLine: cpu.interruptLine,
      devices: this.devices.all.map((device) => device.save()),
      timers: this.timers.save(),
      setup: this.setup,
      plan: this.plan,
    };
  }

  /** Goes back to a snapshot. The caller has put RAM back, and names the pages that it changed. */
  restore(snapshot: MachineSnapshot, changedPages: Iterable<number>): void {
    const { cpu, engine } = this;
    this.take(snapshot);
    // Devices read the clock, arm timers and drive lines: what those led to is known and comes after.
    this.devices.all.forEach((device, i) => {
      device.restore(snapshot.devices[i] ?? null);
    });
    this.timers.restore(snapshot.timers);
    this.take(snapshot);
    cpu.bytes.set(snapshot.state, STATE);
    cpu.shutdown = snapshot.shutdown;
    cpu.chain = [...snapshot.chain];
    cpu.debugHits = snapshot.debugHits;
    cpu.interruptLine = snapshot.interruptLine;
    this.stopRequested = false;
    this.letGo();
    for (const page of changedPages) engine.code.written(page * PAGE, PAGE);
    cpu.tlb.flush();
    debugRegistersChanged(cpu);
    cpu.onBreakpoints();
    cpu.onCodeSegment();
  }

  private take(counters: MachineCounters & Pick<MachineSnapshot, 'setup' | 'plan'>): void {
    this.retired = counters.retired;
    this.skipped = counters.skipped;
    this.began = counters.began;
    this.turns = counters.turns;
    this.exitCode = counters.exitCode;
    this.resetRequested = counters.resetRequested;
    this.initRequested = counters.initRequested;
    this.setup = counters.setup;
    this.plan = counters.plan;
  }

  /** 16 hexadecimal digits over all guest-visible state. */
  hash(): string {
    const { retired, skipped, began } = this;
    return hashState(this.cpu, this.devices.all, began === 0 ? [retired, skipped] : [retired, skipped, began]);
  }
}
