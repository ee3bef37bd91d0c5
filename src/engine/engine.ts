/** Runs a CPU's instructions: exactly as many as asked for, or fewer when something outside has to be done first. */
import type { Cpu } from '../cpu/cpu.ts';
import { debugTrap, instructionBreakpoint, instructionBreakpoints } from '../cpu/debugRegisters.ts';
import { Fault, generalProtection, hex } from '../cpu/fault.ts';
import { Exit, MAX_RUN, Outcome, R, REC, REGION_SLOTS, S } from '../cpu/layout.ts';
import type { Instruction } from '../isa/instruction.ts';
import { CodeCache } from './codeCache.ts';
import { CrossingLog } from './crossingLog.ts';
import { interpreter } from './interpreter/built.ts';
import { RecordWriter } from './recordWriter.ts';
import { regionDefaults, type RegionPolicy } from './regions/policy.ts';
import { ALONE, Regions } from './regions/regions.ts';
import { emptyStatistics, type EngineView } from './regions/statistics.ts';
import { DR6 } from '../registers/debug.ts';
import { RFLAGS } from '../registers/rflags.ts';

export { ready as engineReady } from './interpreter/built.ts';

interface Exports {
  run(record: number, left: number): number;
  flagsWord(): number;
  condition(cc: number): number;
}

/** The engine comes back to its caller this often, so that the host can replace baseline code by optimised code. */
const SLICE = 1 << 18;
/** So many exceptions in a row without one retired instruction: a handler that cannot even begin. */
const STUCK_AFTER = 100_000;
/** TF is looked at after these, not before (see cpu/system/syscall.ts). */
const CROSSINGS = new Set(['syscall', 'sysret']);
/** These clear TF on the way to their handler, and no trap follows (SDM vol. 3B, 17.3.1.4). */
const SOFTWARE_INTERRUPTS = new Set(['int', 'int1', 'int3', 'into']);

let compiled: WebAssembly.Module | undefined;

function interpreterModule(): WebAssembly.Module {
  compiled ??= interpreter.module ?? new WebAssembly.Module(interpreter.wasm);
  return compiled;
}

/** Answer of `around`: stop before this instruction. */
export const HOLD = -1;

/** Why `run` came back before its count. */
export type Pause =
  | 'count'
  /** Something changed that the caller must look at: an interrupt may be possible now, or a timer is due. */
  | 'attention'
  | 'halted'
  | 'shutdown'
  | 'breakpoint'
  /** Exceptions follow each other for ever and no instruction runs. */
  | 'stuck'
  /** `around` answered HOLD. */
  | 'held';

export class Engine {
  readonly cpu: Cpu;
  readonly code: CodeCache;
  readonly policy: RegionPolicy;
  /** Compiled code; undefined when regions are off. */
  readonly regions: Regions | undefined;
  private readonly exports: Exports;
  private undoStop: (() => void) | undefined;
  /** The record the interpreter is at while it is in a call to the host. */
  private running = 0;
  /** Instructions retired before the present `line`, since `run` began; what `line` was given; what was left at the last call to the host. */
  private done = 0;
  private given = 0;
  private leftHere = 0;
  /** RIPs to stop at, before their instruction runs. */
  readonly breakpoints = new Set<bigint>();
  /** When set, runs routines instead of the engine, which then only learns the Outcome (HOLD: not to be run now). */
  private around: ((insn: Instruction) => number) | undefined;
  /** Gets every instruction that changed CPL, and every SYSCALL at CPL 0. */
  readonly crossings: CrossingLog;
  private held = false;
  /** Delivers an exception or ends in shutdown; set by the owner of the CPU. */
  deliver: (fault: Fault) => void = () => undefined;

  constructor(cpu: Cpu, regions: RegionPolicy = regionDefaults.policy) {
    this.cpu = cpu;
    this.policy = regions;
    this.code = new CodeCache(cpu, new RecordWriter(cpu.memory, interpreter.handlers));
    this.crossings = new CrossingLog(cpu.memory.words);
    this.observe(undefined, false);
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: REGION_SLOTS });
    const e = {
      memory: cpu.memory.wasm,
      slow: (low: number, high: number, what: number, record: number, left: number): number => {
        this.running = record;
        this.leftHere = left;
        return cpu.access.slow(low, high, what);
      },
      commit: (): number => {
        cpu.access.commit();
        return 0;
      },
      link: (record: number): number => this.code.link(record),
      regions: table,
      find: (low: number, high: number, from: number): number => this.find(low, high, from),
      system: (record: number, left: number): number => this.system(record, left),
      badTarget: (record: number): number => this.badTarget(record),
      segment: (record: number, segment: number, offset: number, access: number): number => {
        this.running = record;
        return cpu.segmentOffset(segment, offset, access);
      },
    };
    this.exports = new WebAssembly.Instance(interpreterModule(), { e }).exports as unknown as Exports;
    const { condition, flagsWord } = this.exports;
    if (regions !== 'off') this.regions = new Regions(cpu, this.code, table, { condition, word: flagsWord }, regions);
    cpu.statusFlags = this.exports.flagsWord;
    cpu.evaluateCondition = this.exports.condition;
    cpu.onBreakpoints = () => {
      if (instructionBreakpoints(cpu).length > 0 || this.guestBreakpoints.length > 0) this.breakpointsPending = true;
    };
    cpu.onCodeSegment = () => this.code.contextChanged();
    cpu.tlb.onFlush = () => this.translationsChanged();
    cpu.access.onCodeWrite = (physical, bytes) => {
      this.code.written(physical, bytes);
    };
  }

  /** Has `around` run routines in the engine's place, and crossings of rings noted. */
  observe(around: ((insn: Instruction) => number) | undefined, noting: boolean): void {
    this.around = around;
    this.crossings.configure({ noting, byRoutine: around !== undefined, amd: this.cpu.profile.model === 'amd' });
  }

  /** What it has run since it was made, and how. */
  view(): EngineView {
    const nothing = { compiles: false, compiled: 0, regions: [], bytes: 0, mostBytes: 0, refused: [] };
    return this.regions?.view(this.everRun) ?? { ...nothing, run: this.everRun, statistics: emptyStatistics() };
  }
  private everRun = 0;
  /** Instructions run in compiled code since it was made. */
  get compiled(): number {
    return this.regions?.compiled ?? 0;
  }

  /** Compiles regions that begin at these RIPs at once, hot or not, in one module. Returns how many it could. */
  compileAt(rips: readonly bigint[]): number {
    const { cpu, regions } = this;
    if (regions === undefined) return 0;
    const before = cpu.rip;
    const records = rips.flatMap((rip) => {
      cpu.rip = rip;
      const record = this.code.find(cpu.low(S.rip), cpu.high(S.rip));
      cpu.access.pending = null;
      if (record === 0) return [];
      this.setBase(record);
      return [regions.candidate(record)];
    });
    cpu.rip = before;
    return regions.compile(records);
  }

  /** Breakpoints changed: straight lines must end before them. */
  breakpointsChanged(): void {
    this.guestBreakpoints = instructionBreakpoints(this.cpu);
    const stops = new Set([...this.breakpoints, ...this.guestBreakpoints].map((address) => Number(address & 0xfffn)));
    // In a segment with a base the page offset is that of the linear address.
    const base = this.cpu.baseOf(1);
    if (base !== 0n) for (const rip of this.breakpoints) stops.add(Number((rip + base) & 0xfffn));
    this.code.setStops(stops);
  }
  private guestBreakpoints: readonly bigint[] = [];

  /** The #DB of an instruction breakpoint in the debug registers at S.rip, unless RF holds it off. */
  private guestBreakpoint(): Fault | undefined {
    const { cpu } = this;
    if (this.guestBreakpoints.length === 0 || (cpu.systemFlags & RFLAGS.RF) !== 0) return undefined;
    const linear = cpu.long ? cpu.rip : BigInt.asUintN(32, cpu.rip + cpu.baseOf(1));
    return this.guestBreakpoints.includes(linear) ? instructionBreakpoint(cpu, linear) : undefined;
  }

  /** Counts exceptions since an instruction was retired; true when there were so many that none ever will be. */
  private fruitless(): boolean {
    if (this.done !== this.doneAtException) this.exceptions = 0;
    this.doneAtException = this.done;
    return ++this.exceptions > STUCK_AFTER;
  }
  private breakpointsPending = false;
  private exceptions = 0;
  private doneAtException = -1;

  private translationsChanged(): void {
    const { words } = this.cpu;
    words[R.stamp >> 2] = ((words[R.stamp >> 2] as number) + 2) | 0;
    this.code.forgetJumps();
    // The straight line under way was fetched through the old translations.
    if (this.running !== 0 && this.undoStop === undefined) this.undoStop = this.code.stopAfter(this.running);
  }

  private find(low: number, high: number, from: number): number {
    const { cpu } = this;
    cpu.set64(S.rip, low, high);
    if (from !== 0) this.regions?.wentTo(this.code.original(from), low, high);
    if (this.breakpoints.size > 0 && this.breakpoints.has(cpu.rip)) return 0;
    if (this.guestBreakpoints.length > 0 && this.guestBreakpoint() !== undefined) return 0;
    return this.code.find(low, high);
  }

  private system(record: number, left: number): number {
    const { cpu } = this;
    this.running = record;
    this.leftHere = left;
    const insn = this.code.instructionAt(record);
    this.setRip(S.nextRip, cpu.memory.view.getUint16(record + REC.end, true));
    this.setRip(S.rip, cpu.memory.view.getUint16(record + REC.offset, true));
    try {
      const from = cpu.low(S.cpl);
      const outcome = this.around === undefined ? this.code.routineAt(record)(cpu, insn) : this.around(insn);
      if (this.crossings.noting) {
        const to = cpu.low(S.cpl);
        if (from !== to || (to === 0 && insn.encoding.op === 'syscall')) this.crossings.add(left, insn, from, to);
      }
      if (outcome === HOLD) {
        this.held = true;
        return Outcome.fault;
      }
      if (outcome === Outcome.leaveAt) return Outcome.leave;
      if (outcome === Outcome.jump) return cpu.attention ? Outcome.leave : outcome;
      if (outcome === Outcome.next && !cpu.attention) return outcome;
      cpu.copy64(S.rip, S.nextRip);
      return Outcome.leave;
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      cpu.access.pending = e;
      return Outcome.fault;
    }
  }
  private setRip(field: number, pageOffset: number): void {
    const { cpu } = this;
    const base = cpu.low(S.ripBase);
    const low = (base + pageOffset) | 0;
    cpu.set64(field, low, (cpu.high(S.ripBase) + (low >>> 0 < base >>> 0 ? 1 : 0)) | 0);
  }

  private badTarget(_record: number): number {
    this.cpu.access.pending = generalProtection(
      0,
      'the target of the branch may be fetched',
      this.cpu.long ? 'a canonical address' : `within CS.limit, ${hex(this.cpu.limit(1))}`,
      'an address outside',
      'SDM vol. 2A, JMP, CALL; vol. 2B, RET',
    );
    return 0;
  }

  /**
   * Runs up to `count` instructions from S.rip. Returns how many were retired; `pause` tells why it stopped.
   * `step` runs them one at a time, which also serves single-step traps.
   */
  run(count: number): number {
    const { cpu } = this;
    if (this.done > 0) this.exceptions = 0;
    this.done = 0;
    cpu.attention = false;
    this.pause = 'count';
    while (this.done < count) {
      if (this.leaveNow) return this.stop('attention');
      if (cpu.shutdown) return this.stop('shutdown');
      if (cpu.low(S.halted) !== 0) return this.stop('halted');
      if (this.breakpointsPending) {
        this.breakpointsPending = false;
        this.breakpointsChanged();
      }
      if (this.code.full) this.code.flush();
      const hit = this.guestBreakpoint();
      if (hit !== undefined) {
        this.deliver(hit);
        if (this.fruitless()) return this.stop('stuck');
        if (cpu.attention) return this.stop('attention');
        continue;
      }
      const record = this.code.find(cpu.low(S.rip), cpu.high(S.rip));
      if (record === 0) {
        this.raise();
        if (this.fruitless()) return this.stop('stuck');
        // Whoever asked to stop at this exception stands before the handler's first instruction.
        if (cpu.attention) return this.stop('attention');
        continue;
      }
      this.setBase(record);
      const left = count - this.done;
      const alone = (cpu.systemFlags & (RFLAGS.TF | RFLAGS.RF)) !== 0 || cpu.low(S.shadow) !== 0 || cpu.watching;
      const slice = alone || left <= MAX_RUN ? ALONE : (this.regions?.before(record, SLICE) ?? SLICE);
      if (slice === ALONE) this.single(record);
      else {
        const given = Math.min(left - MAX_RUN, slice);
        const retired = this.line(record, given);
        this.regions?.after(given, retired);
      }
      if (cpu.debugHits !== 0) this.deliver(debugTrap(cpu));
      if (this.held) {
        this.held = false;
        return this.stop('held');
      }
      if (cpu.attention) return this.stop('attention');
      if (this.breakpoints.size > 0 && this.breakpoints.has(cpu.rip)) return this.stop('breakpoint');
    }
    return this.done;
  }
  /** Instructions retired since `run` began, also in the middle of it. */
  get retired(): number {
    return this.running === 0 ? this.done : this.done + this.given - this.leftHere;
  }
  pause: Pause = 'count';
  /** An exception is waiting for someone else to deliver it: nothing may run. */
  leaveNow = false;

  private stop(why: Pause): number {
    this.pause = why;
    return this.done;
  }

  private setBase(record: number): void {
    const { cpu } = this;
    const offset = cpu.memory.view.getUint16(record + REC.offset, true);
    const ripLow = cpu.low(S.rip);
    const low = (ripLow - offset) | 0;
    cpu.set64(S.ripBase, low, (cpu.high(S.rip) - (low >>> 0 > ripLow >>> 0 ? 1 : 0)) | 0);
  }

  /** Runs generated code from `record`; returns instructions retired. */
  private line(record: number, left: number): number {
    const { cpu } = this;
    this.given = left;
    const { crossings } = this;
    crossings.setEnd(this.done + left);
    const why = this.exports.run(record, left);
    this.running = 0;
    if (crossings.passing) crossings.take();
    if (this.undoStop !== undefined) {
      this.undoStop();
      this.undoStop = undefined;
    }
    const retired = left - cpu.low(S.left);
    this.done += retired;
    this.everRun += retired;
    if (why === Exit.budget || why === Exit.fault) cpu.set(S.rip, this.code.ripOf(cpu.low(S.pc)));
    if (why === Exit.fault && !this.held) this.raise();
    return retired;
  }

  /** Runs one instruction: a copy of its record, with a stop behind it. */
  private single(record: number): void {
    const { cpu } = this;
    const { op } = this.code.instructionAt(record).encoding;
    const shadow = cpu.low(S.shadow);
    const flags = cpu.systemFlags;
    this.beginAlone();
    const retired = this.line(this.code.isolate(record), 0);
    if (this.held) {
      // Nothing of it has happened.
      cpu.setLow(S.shadow, shadow);
      cpu.setLow(S.flags, flags);
    }
    if (retired > 0) this.endAlone(op, flags);
  }

  /** Before an instruction that does not run in a line: what held for this one only is over. */
  beginAlone(): void {
    const { cpu } = this;
    // An interrupt held off for one instruction may come after this one.
    if (cpu.low(S.shadow) !== 0) cpu.attention = true;
    cpu.setLow(S.shadow, 0);
    // RF holds off instruction breakpoints for one instruction (SDM vol. 3B, 17.3.1.1); a fault pushes it set again.
    cpu.setLow(S.flags, cpu.systemFlags & ~RFLAGS.RF);
  }

  /** After it: the single-step trap is due if TF was set in the `flags` before. */
  endAlone(op: string, flags: number): void {
    const { cpu } = this;
    if (CROSSINGS.has(op)) {
      if ((cpu.systemFlags & RFLAGS.TF) !== 0) cpu.debugHits |= DR6.BS;
      return;
    }
    if ((flags & RFLAGS.TF) === 0) return;
    const stepsInto = SOFTWARE_INTERRUPTS.has(op) && (cpu.systemFlags & RFLAGS.TF) === 0;
    // Traps wait while SS is being loaded (SDM vol. 3A, 6.8.3).
    const loadsStack = cpu.low(S.shadow) !== 0 && op !== 'sti';
    if (!stepsInto && !loadsStack) cpu.debugHits |= DR6.BS;
  }

  /**
   * Prepares the instruction at S.rip for being run step by step by a debugger: S.nextRip is set. Null when it cannot be
   * fetched; its exception has then been delivered.
   */
  prepare(): Instruction | null {
    const { cpu } = this;
    if (this.code.full) this.code.flush();
    const record = this.code.find(cpu.low(S.rip), cpu.high(S.rip));
    if (record === 0) {
      this.raise();
      return null;
    }
    this.setBase(record);
    this.setRip(S.nextRip, cpu.memory.view.getUint16(record + REC.end, true));
    return this.code.instructionAt(record);
  }

  private raise(): void {
    const fault = this.cpu.access.pending;
    if (fault === null) {
      if (this.code.full) return;
      throw new Error(`nothing to run at ${hex(this.cpu.rip)} and no exception`);
    }
    this.cpu.access.pending = null;
    this.deliver(fault);
  }
}
