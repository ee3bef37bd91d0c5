/**
 * Keeps what pages of RAM held before they were first written after a checkpoint, so that a machine can go back to it
 * (and, with the contents exchanged, forward again).
 */
import type { Cpu } from '../../cpu/cpu.ts';
import { RAM } from '../../cpu/layout.ts';

const PAGE_BYTES = 4096;
const PAGE_WORDS = PAGE_BYTES / 4;
const BLOCK_PAGES = 256;
/** What one entry costs beside the page itself, roughly. */
const ENTRY_BYTES = 16;

/** Content of a page: its slot in the PageStore, or ZEROS. */
type Content = number;
const ZEROS = -1;

/** Each page at most once. */
export interface PageLog {
  readonly pages: number[];
  readonly contents: Content[];
  bytes: number;
}

export const emptyLog = (): PageLog => ({ pages: [], contents: [], bytes: 0 });

const bytesOf = (content: Content): number => (content === ZEROS ? ENTRY_BYTES : PAGE_BYTES + ENTRY_BYTES);

function append(log: PageLog, page: number, content: Content): void {
  log.pages.push(page);
  log.contents.push(content);
  log.bytes += bytesOf(content);
}

/** Slots for pages, in blocks: many small buffers would cost more than what they hold. */
class PageStore {
  private readonly blocks: Uint8Array[] = [];
  private readonly free: number[] = [];
  private readonly between = new Uint8Array(PAGE_BYTES);

  /** A slot with a copy of the page at `from` in `bytes`. */
  keep(bytes: Uint8Array, from: number): number {
    const slot = this.free.pop() ?? this.grow();
    this.block(slot).set(bytes.subarray(from, from + PAGE_BYTES), (slot % BLOCK_PAGES) * PAGE_BYTES);
    return slot;
  }
  /** Puts a slot's page to `at` in `bytes`. */
  copy(slot: number, bytes: Uint8Array, at: number): void {
    const from = (slot % BLOCK_PAGES) * PAGE_BYTES;
    bytes.set(this.block(slot).subarray(from, from + PAGE_BYTES), at);
  }
  /** Exchanges a slot's page with the one at `at` in `bytes`. */
  exchange(slot: number, bytes: Uint8Array, at: number): void {
    const block = this.block(slot);
    const from = (slot % BLOCK_PAGES) * PAGE_BYTES;
    this.between.set(block.subarray(from, from + PAGE_BYTES));
    block.set(bytes.subarray(at, at + PAGE_BYTES), from);
    bytes.set(this.between, at);
  }
  release(slot: number): void {
    this.free.push(slot);
  }

  private block(slot: number): Uint8Array {
    return this.blocks[Math.floor(slot / BLOCK_PAGES)] as Uint8Array;
  }
  private grow(): number {
    const first = this.blocks.length * BLOCK_PAGES;
    this.blocks.push(new Uint8Array(BLOCK_PAGES * PAGE_BYTES));
    for (let slot = first + BLOCK_PAGES - 1; slot > first; slot--) this.free.push(slot);
    return first;
  }
}

export class LivePages {
  private readonly cpu: Cpu;
  private readonly store = new PageStore();
  private log = emptyLog();
  /** Per page, the number of the last operation that met it, and what it held then. */
  private readonly met: Uint32Array;
  private readonly held: Int32Array;
  private operation = 0;

  /** Begins to watch every page of RAM: the present content is the first checkpoint's. */
  constructor(cpu: Cpu) {
    this.cpu = cpu;
    this.met = new Uint32Array(cpu.tlb.uses.length);
    this.held = new Int32Array(cpu.tlb.uses.length);
    cpu.tlb.onFirstWrite = (page) => append(this.log, page, this.content(page));
    cpu.tlb.protectAll();
  }

  /** Pages written since the last checkpoint. */
  get count(): number {
    return this.log.pages.length;
  }
  get bytes(): number {
    return this.log.bytes;
  }

  private content(page: number): Content {
    return this.isZero(page) ? ZEROS : this.store.keep(this.cpu.memory.bytes, RAM + page * PAGE_BYTES);
  }
  private isZero(page: number): boolean {
    const { words } = this.cpu.memory;
    let at = (RAM + page * PAGE_BYTES) >> 2;
    const end = at + PAGE_WORDS;
    while (at < end && words[at] === 0) at++;
    return at === end;
  }

  /** Content for a page, whose slot becomes free. */
  private put(page: number, content: Content): void {
    const at = RAM + page * PAGE_BYTES;
    if (content === ZEROS) this.cpu.bytes.fill(0, at, at + PAGE_BYTES);
    else this.store.copy(content, this.cpu.bytes, at);
    this.release(content);
  }
  private release(content: Content): void {
    if (content !== ZEROS) this.store.release(content);
  }
  /** Frees what a log holds that nobody needs any more. */
  drop(log: PageLog): void {
    for (const content of log.contents) this.release(content);
  }

  /** Ends the interval: gives its log, by which one can go back to where it began, and begins another. */
  seal(): PageLog {
    const { log } = this;
    this.log = emptyLog();
    this.cpu.tlb.protect(log.pages);
    return log;
  }

  /** Puts RAM back to where the present interval began. Returns the pages it changed. */
  revert(): number[] {
    const { pages, contents } = this.seal();
    pages.forEach((page, i) => {
      this.put(page, contents[i] ?? ZEROS);
    });
    return pages;
  }

  /**
   * Exchanges RAM's contents with those of logs, one after the other: logs that lead back from here then lead forward to
   * here. What is only in between changes hands without being copied. Returns the pages it changed.
   */
  swap(logs: readonly PageLog[]): number[] {
    const { met, held } = this;
    const operation = ++this.operation;
    const touched: number[] = [];
    /** Where each of them was met first: there belongs what RAM holds now. */
    const owners: PageLog[] = [];
    const places: number[] = [];
    for (const log of logs) {
      const { pages, contents } = log;
      log.bytes = 0;
      for (let i = 0; i < pages.length; i++) {
        const page = pages[i] as number;
        const next = contents[i] as Content;
        if (met[page] === operation) {
          const before = held[page] as Content;
          contents[i] = before;
          log.bytes += bytesOf(before);
        } else {
          met[page] = operation;
          touched.push(page);
          owners.push(log);
          places.push(i);
        }
        held[page] = next;
      }
    }
    for (let n = 0; n < touched.length; n++) {
      const page = touched[n] as number;
      const log = owners[n] as PageLog;
      const before = this.exchange(page, held[page] as Content);
      log.contents[places[n] as number] = before;
      log.bytes += bytesOf(before);
    }
    return touched;
  }

  /** Gives a page other content, whose slot then holds, or is freed for, what it held before. */
  private exchange(page: number, next: Content): Content {
    if (next === ZEROS || this.isZero(page)) {
      const before = this.content(page);
      this.put(page, next);
      return before;
    }
    this.store.exchange(next, this.cpu.bytes, RAM + page * PAGE_BYTES);
    return next;
  }

  /** Both logs in one; where they know the same page, the first one's content counts. */
  merge(first: PageLog, second: PageLog): PageLog {
    const { met } = this;
    const operation = ++this.operation;
    for (const page of first.pages) met[page] = operation;
    second.pages.forEach((page, i) => {
      const content = second.contents[i] as Content;
      if (met[page] === operation) this.release(content);
      else append(first, page, content);
    });
    return first;
  }
}
