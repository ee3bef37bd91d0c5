/**
 * Crossings of rings, and what else was delivered, in the machine's memory (CROSSINGS in layout.ts): generated code notes
 * them there, routines and the machine do through this. It has sums over all, and keeps the last entries.
 */
import { CROSSING, CROSSINGS } from '../cpu/layout.ts';
import { Crossing, crossingDetail } from '../cpu/system/crossing.ts';
import type { Instruction } from '../isa/instruction.ts';

/** More than will ever be noted. */
const UNLIMITED = 2 ** 52;
const HIGH = 2 ** 32;
const KINDS = new Map<string, number>(Object.entries(Crossing));

export interface LogEntry {
  /** Instructions retired, and turns taken, before it. */
  readonly count: number;
  readonly turn: number;
  readonly detail: number;
}

export class CrossingLog {
  private readonly words: Int32Array;
  /** Instructions retired when the engine's present run began. */
  private base = 0;
  private byRoutine = false;
  /** New entries pass by, for `take` to look at, and are not kept. */
  passing = false;
  /** The first of them that was not taken yet. */
  taken = 0;
  /** Takes what passes by. */
  take: () => void = () => undefined;

  /** `words` of the machine's memory. */
  constructor(words: Int32Array) {
    this.words = words;
    this.pass(true);
    this.changePlaces();
    this.pass(false);
    this.changePlaces();
  }

  private get(at: number): number {
    return (this.words[(at >> 2) + 1] as number) * HIGH + ((this.words[at >> 2] as number) >>> 0);
  }
  private set(at: number, value: number): void {
    const high = Math.floor(value / HIGH);
    this.words[at >> 2] = value - high * HIGH;
    this.words[(at >> 2) + 1] = high;
  }

  /** `noting`: crossings are noted. `byRoutine`: generated code leaves them all to their routines; `amd`: SYSRET. */
  configure({ noting, byRoutine, amd }: { noting: boolean; byRoutine: boolean; amd: boolean }): void {
    if (noting !== this.noting) this.changePlaces();
    this.set(CROSSINGS.step, noting ? 1 : 0);
    this.words[CROSSINGS.amd >> 2] = amd ? 1 : 0;
    this.byRoutine = byRoutine;
    this.setLimit();
  }
  /** Generated code writes and sums up in any case: what was noted is out of its way while nothing is. */
  private readonly other = new Int32Array((CROSSINGS.amd - CROSSINGS.length) >> 2);
  private changePlaces(): void {
    const live = this.words.subarray(CROSSINGS.length >> 2, CROSSINGS.amd >> 2);
    const kept = live.slice();
    live.set(this.other);
    this.other.set(kept);
  }
  get noting(): boolean {
    return this.words[CROSSINGS.step >> 2] === 1;
  }
  /** Whether new entries pass by from now on, or are kept. */
  pass(passing: boolean): void {
    this.passing = passing;
    this.words[CROSSINGS.at >> 2] = passing ? CROSSINGS.passing : CROSSINGS.kept;
    this.words[CROSSINGS.mask >> 2] = (passing ? CROSSINGS.passingEntries : CROSSINGS.keptEntries) - 1;
    this.takenTo(this.length);
  }
  /** Everything before entry `n` was taken. */
  takenTo(n: number): void {
    this.taken = n;
    this.setLimit();
  }
  private setLimit(): void {
    const most = this.passing ? this.taken + CROSSINGS.passingEntries : UNLIMITED;
    this.set(CROSSINGS.limit, this.byRoutine ? 0 : most);
  }

  /** The machine runs from here: instructions retired, and turns taken. */
  begin(retired: number, turn: number): void {
    this.base = retired;
    this.setTurn(turn);
  }
  setTurn(turn: number): void {
    this.words[CROSSINGS.turn >> 2] = turn << CROSSING.turnShift;
    this.words[(CROSSINGS.turn >> 2) + 1] = Math.floor(turn / 2 ** (32 - CROSSING.turnShift));
  }
  /** So many instructions will have retired since `begin` when none may run any more. */
  setEnd(retired: number): void {
    this.set(CROSSINGS.ends, this.base + retired);
  }

  get length(): number {
    return this.get(CROSSINGS.length);
  }
  get syscalls(): number {
    return this.get(CROSSINGS.syscalls);
  }
  /** Instructions retired in ring 3 when `retired` have in all. */
  userUpTo(retired: number): number {
    return this.get(CROSSINGS.user) + (this.inUser ? retired : 0);
  }
  get inUser(): boolean {
    return this.words[CROSSINGS.inUser >> 2] !== 0;
  }
  /** Sets all sums, as they are when `retired` instructions have retired. */
  restore(length: number, syscalls: number, user: number, inUser: boolean, retired: number): void {
    this.set(CROSSINGS.length, length);
    this.set(CROSSINGS.syscalls, syscalls);
    this.set(CROSSINGS.user, user - (inUser ? retired : 0));
    this.setInUser(inUser);
  }
  private setInUser(inUser: boolean): void {
    this.set(CROSSINGS.inUser, inUser ? -1 : 0);
  }

  /** Notes a crossing by an instruction's routine, before which `left` instructions might still run. */
  add(left: number, { encoding: { op } }: Instruction, from: number, to: number): void {
    const what = KINDS.get(op) ?? Crossing.other;
    const count = this.get(CROSSINGS.ends) - left;
    this.note(count, crossingDetail(what, from, to), count + 1);
    if (what === Crossing.syscall) this.set(CROSSINGS.syscalls, this.syscalls + 1);
  }
  /** Notes an entry; its last four bits are the CPL that holds from `after` retired instructions on. */
  note(count: number, detail: number, after: number): void {
    const { words } = this;
    if (this.passing && this.length - this.taken === CROSSINGS.passingEntries) this.take();
    const { length } = this;
    const slot = (length & (words[CROSSINGS.mask >> 2] as number)) << CROSSING.shift;
    const entry = (words[CROSSINGS.at >> 2] as number) + slot;
    this.set(entry + CROSSING.count, count);
    words[(entry + CROSSING.detail) >> 2] = (words[CROSSINGS.turn >> 2] as number) | detail;
    words[((entry + CROSSING.detail) >> 2) + 1] = words[(CROSSINGS.turn >> 2) + 1] as number;
    this.set(CROSSINGS.length, length + this.get(CROSSINGS.step));
    const toUser = (detail & 15) === 3;
    this.set(CROSSINGS.user, this.get(CROSSINGS.user) + (this.inUser ? after : 0) - (toUser ? after : 0));
    this.setInUser(toUser);
  }

  private read(at: number): LogEntry {
    const low = this.words[(at + CROSSING.detail) >> 2] as number;
    const high = this.words[((at + CROSSING.detail) >> 2) + 1] as number;
    return {
      count: this.get(at + CROSSING.count),
      turn: (low >>> CROSSING.turnShift) + high * 2 ** (32 - CROSSING.turnShift),
      detail: low & ((1 << CROSSING.turnShift) - 1),
    };
  }
  /** A kept entry; `n` is one of the last `CROSSINGS.keptEntries`. */
  kept(n: number): LogEntry {
    return this.read(keptAt(n));
  }
  /** One that passed by and was not taken yet. */
  passed(n: number): LogEntry {
    return this.read(passedAt(n));
  }
  /** Keeps one that passed by. */
  keep(n: number): void {
    const from = passedAt(n) >> 2;
    this.words.copyWithin(keptAt(n) >> 2, from, from + (CROSSING.bytes >> 2));
  }
}

const keptAt = (n: number): number => CROSSINGS.kept + ((n & (CROSSINGS.keptEntries - 1)) << CROSSING.shift);
const passedAt = (n: number): number => CROSSINGS.passing + ((n & (CROSSINGS.passingEntries - 1)) << CROSSING.shift);
