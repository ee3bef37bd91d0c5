/** What happened in a run, kept as it happens: crossings of rings, exceptions, interrupts, resets. */
import { CROSSINGS } from '../../cpu/layout.ts';
import type { CrossingLog, LogEntry } from '../../engine/crossingLog.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Recorder } from '../../machine/observers.ts';

/** The kinds of Crossing (cpu/system/crossing.ts) come first, in their order. */
export type TraceKind = 'syscall' | 'sysret' | 'iret' | 'crossing' | 'exception' | 'interrupt' | 'reset';
const KINDS: readonly TraceKind[] = ['syscall', 'sysret', 'iret', 'crossing', 'exception', 'interrupt', 'reset'];
const CODE = Object.fromEntries(KINDS.map((kind, n) => [kind, n])) as Record<TraceKind, number>;
export interface TraceItem {
  /** Instructions retired before it: the number of the instruction that crossed, or did not come to run. */
  readonly count: number;
  readonly turn: number;
  readonly kind: TraceKind;
  /** Of an exception or interrupt, else -1. */
  readonly vector: number;
  readonly from: number;
  readonly to: number;
}

/** Sums over a run from its start: differences of two say what happened between them. */
export interface TraceTotals {
  readonly syscalls: number;
  readonly exceptions: number;
  readonly interrupts: number;
  /** Instructions retired at CPL 3. */
  readonly user: number;
}

/** Where a trace stands; kept in every checkpoint. */
export interface TraceState {
  readonly length: number;
  readonly totals: TraceTotals;
  /** Ring 3 ran. */
  readonly inUser: boolean;
}

/** Items kept; of a longer trace the oldest are forgotten. */
const CAPACITY = CROSSINGS.keptEntries;

/**
 * The engine's log with a cursor, like OutputLog: what is known already passes by when it happens again, and changes
 * nothing.
 */
export class Trace implements Recorder {
  private readonly machine: Machine;
  private readonly log: CrossingLog;
  /** Items that were known, and those forgotten of them, when the cursor was last set. */
  private knownBefore = 0;
  private droppedBefore = 0;
  private exceptions = 0;
  private interrupts = 0;
  private code = CODE.reset;
  private vector = -1;
  private watcher: ((item: TraceItem) => void) | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
    this.log = machine.engine.crossings;
    this.restore({
      length: 0,
      totals: { syscalls: 0, exceptions: 0, interrupts: 0, user: 0 },
      inUser: machine.cpu.cpl === 3,
    });
  }

  /** Items that are known: those up to the cursor, and what was recorded after it. */
  get known(): number {
    const { log } = this;
    return Math.max(this.knownBefore, log.passing ? log.taken : log.length);
  }
  /** Of these so many of the oldest are forgotten. */
  get dropped(): number {
    return Math.max(this.droppedBefore, this.known - CAPACITY);
  }

  crossed(): void {
    const { log, watcher } = this;
    if (!log.passing) return;
    const { length } = log;
    for (let n = log.taken; n < length; n++) {
      if (n >= this.knownBefore) log.keep(n);
      watcher?.(itemOf(log.passed(n)));
    }
    if (length > this.knownBefore) this.setKnown(length);
    log.takenTo(length);
    this.choose();
  }
  private setKnown(known: number): void {
    this.droppedBefore = Math.max(this.droppedBefore, known - CAPACITY);
    this.knownBefore = known;
  }
  /** What is known, or watched, passes by. */
  private choose(): void {
    const { log } = this;
    const passing = this.watcher !== undefined || log.length < this.knownBefore;
    if (passing !== log.passing) log.pass(passing);
  }

  exception(vector: number): void {
    this.code = CODE.exception;
    this.vector = vector;
    this.exceptions += 1;
  }
  interrupt(vector: number): void {
    this.code = CODE.interrupt;
    this.vector = vector;
    this.interrupts += 1;
  }
  delivered(from: number, to: number): void {
    const { log } = this;
    const { count, turns } = this.machine;
    log.setTurn(turns - 1);
    log.note(count, (this.code << 20) | ((this.vector + 1) << 8) | (from << 4) | to, count);
    log.setTurn(turns);
    this.crossed();
    this.code = CODE.reset;
    this.vector = -1;
  }

  /** Shows every item as it comes, also those that are known or would be forgotten. */
  watch(watcher: ((item: TraceItem) => void) | undefined): void {
    this.crossed();
    if (!this.log.passing) this.setKnown(this.log.length);
    this.watcher = watcher;
    this.choose();
  }

  /** Items up to where the machine stands. */
  get position(): number {
    return this.log.length;
  }
  save(): TraceState {
    return { length: this.log.length, totals: this.totals(), inUser: this.log.inUser };
  }
  restore({ length, totals, inUser }: TraceState): void {
    this.setKnown(this.known);
    this.exceptions = totals.exceptions;
    this.interrupts = totals.interrupts;
    this.log.restore(length, totals.syscalls, totals.user, inUser, this.machine.retired);
    this.log.pass(this.watcher !== undefined || length < this.knownBefore);
  }
  /** Sums up to where the machine stands. */
  totals(): TraceTotals {
    return {
      syscalls: this.log.syscalls,
      exceptions: this.exceptions,
      interrupts: this.interrupts,
      user: this.log.userUpTo(this.machine.retired),
    };
  }

  /** Forgets what comes after the cursor. */
  cut(): void {
    this.crossed();
    const { length } = this.log;
    this.droppedBefore = Math.min(this.dropped, length);
    this.knownBefore = length;
    this.choose();
  }

  /** Index of the first item at or after an instruction count. */
  indexAt(count: number): number {
    let [low, high] = [this.dropped, this.known];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.log.kept(middle).count < count) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Item by its index since the start; undefined when it is forgotten or has not happened. */
  item(index: number): TraceItem | undefined {
    if (index < this.dropped || index >= this.known) return undefined;
    return itemOf(this.log.kept(index));
  }

  /** The instruction count from which on everything is known. */
  get knownFrom(): number {
    return this.dropped === 0 ? 0 : this.log.kept(this.dropped).count + 1;
  }
}

function itemOf({ count, turn, detail }: LogEntry): TraceItem {
  return {
    count,
    turn,
    kind: KINDS[detail >> 20] ?? 'crossing',
    vector: ((detail >> 8) & 0xfff) - 1,
    from: (detail >> 4) & 15,
    to: detail & 15,
  };
}
