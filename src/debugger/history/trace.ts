/** What happened in a run, kept as it happens: crossings of rings, exceptions, interrupts, resets. */
import { Crossing } from '../../cpu/system/crossing.ts';
import type { CrossingLog } from '../../engine/crossingLog.ts';
import type { Machine, Recorder } from '../../machine/machine.ts';

export type TraceKind = 'syscall' | 'sysret' | 'iret' | 'crossing' | 'exception' | 'interrupt' | 'reset';
const KINDS: readonly TraceKind[] = ['syscall', 'sysret', 'iret', 'crossing', 'exception', 'interrupt', 'reset'];
const CODE = Object.fromEntries(KINDS.map((kind, n) => [kind, n])) as Record<TraceKind, number>;
const SYSCALL = CODE.syscall;
/** The code of each Crossing, at its place. */
const CROSSED = Uint8Array.from(
  (['syscall', 'sysret', 'iret', 'other'] as const)
    .map((what) => ({ at: Crossing[what], code: CODE[what === 'other' ? 'crossing' : what] }))
    .sort((a, b) => a.at - b.at)
    .map(({ code }) => code),
);

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
  readonly cpl: number;
  /** The count at which the present stretch at `cpl` began. */
  readonly since: number;
}

/** Items kept; of a longer trace the oldest are forgotten. */
const CAPACITY = 1 << 16;
/** Item `n` stands at `n & MASK`. */
const MASK = CAPACITY - 1;

/** A log with a cursor, like OutputLog: running again what is known changes nothing. */
export class Trace implements Recorder {
  private readonly machine: Machine;
  private readonly counts = new Float64Array(CAPACITY);
  private readonly turns = new Float64Array(CAPACITY);
  /** Kind, vector + 1, and the two CPLs, four bits each. */
  private readonly details = new Int32Array(CAPACITY);
  dropped = 0;
  known = 0;
  private length = 0;
  private cpl: number;
  private since = 0;
  private syscalls = 0;
  private exceptions = 0;
  private interrupts = 0;
  private user = 0;
  private code = CODE.reset;
  private vector = -1;

  private watcher: ((item: TraceItem) => void) | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
    this.cpl = machine.cpu.cpl;
    this.since = machine.retired;
  }

  crossed(log: CrossingLog, base: number, turn: number): void {
    const { length } = log;
    // What comes first may be known from an earlier run.
    const fresh = Math.min(Math.max(this.known - this.length, 0), length);
    const [keptCounts, turns, keptDetails] = [this.counts, this.turns, this.details];
    const first = this.known - fresh;
    const { watcher } = this;
    let { cpl, since, user, syscalls } = this;
    for (let n = 0; n < length; n++) {
      const count = base + log.count(n);
      const detail = log.detail(n);
      const code = CROSSED[detail >> 8] as number;
      const item = (code << 20) | (detail & 0xff);
      if (code === SYSCALL) syscalls += 1;
      if (n >= fresh) {
        const at = (first + n) & MASK;
        keptCounts[at] = count;
        turns[at] = turn;
        keptDetails[at] = item;
      }
      if (watcher !== undefined) watcher(itemOf(item, count, turn));
      const to = detail & 15;
      if (to !== cpl) {
        if (cpl === 3) user += count + 1 - since;
        cpl = to;
        since = count + 1;
      }
    }
    this.cpl = cpl;
    this.since = since;
    this.user = user;
    this.syscalls = syscalls;
    this.known += length - fresh;
    this.length += length;
    this.dropOldest();
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
    const { count, turns } = this.machine;
    this.put((this.code << 20) | ((this.vector + 1) << 8) | (from << 4) | to, count, turns - 1);
    this.enter(to, count);
    this.code = CODE.reset;
    this.vector = -1;
  }

  private enter(cpl: number, at: number): void {
    if (cpl === this.cpl) return;
    if (this.cpl === 3) this.user += at - this.since;
    this.cpl = cpl;
    this.since = at;
  }

  /** Shows every item as it comes, also those that are known or would be forgotten. */
  watch(watcher: ((item: TraceItem) => void) | undefined): void {
    this.watcher = watcher;
  }

  private put(detail: number, count: number, turn: number): void {
    this.watcher?.(itemOf(detail, count, turn));
    if (this.length === this.known) {
      const at = this.known & MASK;
      this.counts[at] = count;
      this.turns[at] = turn;
      this.details[at] = detail;
      this.known += 1;
    }
    this.length += 1;
    this.dropOldest();
  }

  /** What new items have been written over is forgotten. */
  private dropOldest(): void {
    if (this.known - this.dropped > CAPACITY) this.dropped = this.known - CAPACITY;
  }

  /** Items up to where the machine stands. */
  get position(): number {
    return this.length;
  }
  save(): TraceState {
    return { length: this.length, totals: this.totals(), cpl: this.cpl, since: this.since };
  }
  restore(state: TraceState): void {
    this.length = state.length;
    this.cpl = state.cpl;
    this.since = state.since;
    this.syscalls = state.totals.syscalls;
    this.exceptions = state.totals.exceptions;
    this.interrupts = state.totals.interrupts;
    const open = state.cpl === 3 ? this.machine.retired - state.since : 0;
    this.user = state.totals.user - open;
  }
  /** Sums up to where the machine stands. */
  totals(): TraceTotals {
    const open = this.cpl === 3 ? this.machine.retired - this.since : 0;
    return {
      syscalls: this.syscalls,
      exceptions: this.exceptions,
      interrupts: this.interrupts,
      user: this.user + open,
    };
  }

  /** Forgets what comes after the cursor. */
  cut(): void {
    this.known = this.length;
    if (this.dropped > this.known) this.dropped = this.known;
  }

  /** Index of the first item at or after an instruction count. */
  indexAt(count: number): number {
    let [low, high] = [this.dropped, this.known];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.counts[middle & MASK] as number) < count) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Item by its index since the start; undefined when it is forgotten or has not happened. */
  item(index: number): TraceItem | undefined {
    if (index < this.dropped || index >= this.known) return undefined;
    const at = index & MASK;
    return itemOf(this.details[at] as number, this.counts[at] as number, this.turns[at] as number);
  }

  /** The instruction count from which on everything is known. */
  get knownFrom(): number {
    return this.dropped === 0 ? 0 : (this.counts[this.dropped & MASK] as number) + 1;
  }
}

function itemOf(detail: number, count: number, turn: number): TraceItem {
  return {
    count,
    turn,
    kind: KINDS[detail >> 20] ?? 'crossing',
    vector: ((detail >> 8) & 0xfff) - 1,
    from: (detail >> 4) & 15,
    to: detail & 15,
  };
}
