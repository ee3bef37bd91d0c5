/**
 * Checkpoints in the order of their positions, and the page logs between neighbours. RAM always belongs to the interval
 * behind one of them, the base: logs before the base lead back, logs from the base on lead forward.
 */
import type { Machine } from '../../machine/machine.ts';
import { type MachineSnapshot, SNAPSHOT_BYTES } from '../../machine/snapshot.ts';
import { emptyLog, LivePages, type PageLog } from './pageLog.ts';
import { compare, type Position } from './position.ts';

export interface Checkpoint<Extra> {
  readonly position: Position;
  /** How long a run from the start takes to get here, in instructions of usual length. */
  readonly work: number;
  readonly machine: MachineSnapshot;
  /** What the owner wants back when the machine goes here. */
  readonly extra: Extra;
}

interface Item<Extra> extends Checkpoint<Extra> {
  /** Between this checkpoint and the next one. */
  log: PageLog;
}

export interface Limits {
  /** Bytes that all checkpoints may take together. */
  readonly bytes: number;
  /** Work between two checkpoints, however old they are. */
  readonly farthest: number;
  /** Checkpoints are closer together than 1/thinning of their age. */
  readonly thinning: number;
}

export const LIMITS: Limits = { bytes: 224 << 20, farthest: 4 << 20, thinning: 8 };

export class Checkpoints<Extra> {
  private readonly machine: Machine;
  private readonly limits: Limits;
  private readonly pages: LivePages;
  private readonly items: Item<Extra>[] = [];
  private base = 0;

  /** The first checkpoint is the machine as it stands. */
  constructor(machine: Machine, first: Position, extra: Extra, limits: Limits = LIMITS) {
    this.machine = machine;
    this.limits = limits;
    this.pages = new LivePages(machine.cpu);
    this.items.push(this.item(first, 0, extra, emptyLog()));
  }

  private item(position: Position, work: number, extra: Extra, log: PageLog): Item<Extra> {
    return { position, work, machine: this.machine.snapshot(), extra, log };
  }

  /** Bytes kept, roughly. */
  get bytes(): number {
    let logged = 0;
    for (const { log } of this.items) logged += log.bytes;
    return logged + this.pages.bytes + this.items.length * SNAPSHOT_BYTES;
  }
  get length(): number {
    return this.items.length;
  }
  /** Pages written since the base. */
  get dirty(): number {
    return this.pages.count;
  }
  all(): readonly Checkpoint<Extra>[] {
    return this.items;
  }
  /** The last checkpoint at or before the place where the machine stands. */
  get present(): Checkpoint<Extra> {
    return this.at(this.base);
  }
  /** The next one after it, on the way through what is already known. */
  get next(): Checkpoint<Extra> | undefined {
    return this.items[this.base + 1];
  }

  private at(n: number): Item<Extra> {
    const item = this.items[n];
    if (item === undefined) throw new Error(`there is no checkpoint ${n}`);
    return item;
  }

  /** Index of the last checkpoint at or before a position. */
  indexBefore(position: Position): number {
    let [low, high] = [0, this.items.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compare(this.at(middle).position, position) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  /** Index of the last checkpoint at or before an instruction count, seen as the machine first gets there. */
  indexBeforeCount(count: number): number {
    let [low, high] = [0, this.items.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.at(middle).position.count < count) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  checkpoint(n: number): Checkpoint<Extra> {
    return this.at(n);
  }

  /** A checkpoint where the machine stands: behind the base, before the next one. */
  add(position: Position, work: number, extra: Extra): void {
    const from = this.at(this.base);
    const item = this.item(position, work, extra, from.log);
    from.log = this.pages.seal();
    this.items.splice(this.base + 1, 0, item);
    this.base += 1;
  }

  /** The machine has come to the next checkpoint by running. */
  pass(): void {
    const item = this.at(this.base);
    this.pages.drop(item.log);
    item.log = this.pages.seal();
    this.base += 1;
  }

  /** Puts the machine to checkpoint `n`. */
  goTo(n: number): Checkpoint<Extra> {
    const reverted = this.pages.revert();
    const between = this.items.slice(Math.min(n, this.base), Math.max(n, this.base));
    if (n < this.base) between.reverse();
    const swapped = this.pages.swap(between.map(({ log }) => log));
    this.base = n;
    const item = this.at(n);
    this.machine.restore(item.machine, [...reverted, ...swapped]);
    this.fit();
    return item;
  }
  /** Forgets the checkpoints after the base. */
  cut(): void {
    for (const { log } of this.items.slice(this.base)) this.pages.drop(log);
    this.items.length = this.base + 1;
    this.at(this.base).log = emptyLog();
  }

  /** Drops checkpoints that stand closer together than their age asks for, and more while they take too much memory. */
  thin(): void {
    const { farthest, thinning } = this.limits;
    const end = this.at(this.items.length - 1).work;
    for (let n = this.items.length - 2; n > 0; n--) {
      if (n === this.base) continue;
      const age = end - this.at(n + 1).work;
      if (this.gap(n) <= Math.min(age / thinning, farthest)) this.drop(n);
    }
    this.fit();
  }
  /** Drops checkpoints while they take too much memory. */
  fit(): void {
    while (this.bytes > this.limits.bytes && this.dropCheapest());
  }

  /** Work between the neighbours of a checkpoint. */
  private gap(n: number): number {
    return this.at(n + 1).work - this.at(n - 1).work;
  }

  /** Drops the checkpoint whose loss makes the least difference: its gap, measured by its age. */
  private dropCheapest(): boolean {
    const end = this.at(this.items.length - 1).work;
    let best = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let n = 1; n < this.items.length - 1; n++) {
      if (n === this.base) continue;
      const cost = this.gap(n) / (end - this.at(n).work + this.limits.farthest);
      if (cost < lowest) {
        lowest = cost;
        best = n;
      }
    }
    if (best > 0) this.drop(best);
    return best > 0;
  }

  private drop(n: number): void {
    const [before, dropped] = [this.at(n - 1), this.at(n)];
    // A log that leads back holds the older content, one that leads forward the newer.
    const forward = n > this.base;
    const [first, second] = forward ? [dropped.log, before.log] : [before.log, dropped.log];
    before.log = this.pages.merge(first, second);
    this.items.splice(n, 1);
    if (n < this.base) this.base -= 1;
  }
}
