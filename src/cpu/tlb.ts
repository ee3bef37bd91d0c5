/**
 * The software TLB's host side: filling and flushing (layout.ts, TLB). Generated code reads the entries.
 *
 * It is kept coherent: a write to a page that served as a paging structure flushes it, which the manual allows
 * (SDM vol. 3A, 4.10.2.2) and which makes a run independent of what happened to be cached.
 */
import { R, RAM, TLB, TLB_BYTES, TLB_CONTEXTS, TLB_ENTRIES, TLB_ENTRY } from './layout.ts';
import type { PhysicalMemory } from './physicalMemory.ts';

const EMPTY = -1;
const GLOBAL = 1;
const HOST_PAGE = RAM >> 12;

/** What a physical page is used for, so that writes to it are noticed. `unsaved`: its content is to be kept first; `noticed`: somebody wants to know of every write. */
export const PageUse = { code: 1, table: 2, watched: 4, unsaved: 8, noticed: 16 } as const;

export class Tlb {
  private readonly words: Int32Array;
  /** Host addresses of entries that may be in use. */
  private readonly filled = new Int32Array(TLB_CONTEXTS * TLB_ENTRIES);
  private count = 0;
  /** PageUse bits of every page of RAM. */
  readonly uses: Uint8Array;
  private readonly tables: number[] = [];
  /** Called when translations may have changed: whoever caches them (the jump caches) forgets. */
  onFlush: () => void = () => undefined;
  /** Called before the first write to an unsaved page of RAM. */
  onFirstWrite: (page: number) => void = () => undefined;
  /** Called with every access to a watched page of RAM. */
  onWatched: (page: number) => void = () => undefined;
  /** Every page of RAM that has been written since the machine was made, once. */
  readonly written: number[] = [];
  private readonly known: Uint8Array;
  /** Called before every write to a noticed page of RAM. */
  onNoticed: (page: number) => void = () => undefined;

  constructor(memory: PhysicalMemory) {
    this.words = memory.words;
    this.uses = new Uint8Array(memory.ramBytes >>> 12).fill(PageUse.unsaved);
    this.known = new Uint8Array(this.uses.length);
    const from = TLB >> 2;
    this.words.fill(EMPTY, from, from + ((TLB_CONTEXTS * TLB_BYTES) >> 2));
  }

  /** Host address of the entry for a page in the context whose table stands at `table`. */
  entry(table: number, low: number): number {
    const hash = (low >>> (12 - TLB_ENTRY.shift)) ^ (low >>> (24 - TLB_ENTRY.shift - 2));
    return table + (hash & ((TLB_ENTRIES - 1) << TLB_ENTRY.shift));
  }

  /** True when the entry translates the page for reading (or writing, with `tag` = TLB_ENTRY.write). */
  hits(entry: number, tag: number, low: number, high: number): boolean {
    const at = (entry + tag) >> 2;
    return this.words[at] === (low & 0xfffff000) && this.words[at + 1] === high;
  }

  hostOf(entry: number, low: number): number {
    return ((this.words[(entry + TLB_ENTRY.delta) >> 2] as number) + low) | 0;
  }

  /** Maps the page of `high:low` to the host page that holds `host`. */
  fill(entry: number, low: number, high: number, host: number, write: boolean, global: boolean): void {
    const { words } = this;
    const at = entry >> 2;
    const page = low & 0xfffff000;
    if (words[(entry + TLB_ENTRY.flags) >> 2] === EMPTY) this.filled[this.count++] = entry;
    words[at] = page;
    words[at + 1] = high;
    words[(entry + TLB_ENTRY.write) >> 2] = write ? page : EMPTY;
    words[((entry + TLB_ENTRY.write) >> 2) + 1] = write ? high : EMPTY;
    words[(entry + TLB_ENTRY.delta) >> 2] = (host - low) | 0;
    words[(entry + TLB_ENTRY.flags) >> 2] = global ? GLOBAL : 0;
  }

  /** Whoever remembers answers of the TLB forgets them. */
  private allowsLess(): void {
    const at = R.generation >> 2;
    this.words[at] = ((this.words[at] as number) + 1) | 0;
  }
  private clear(entry: number): void {
    this.words.fill(EMPTY, entry >> 2, (entry + TLB_ENTRY.bytes) >> 2);
  }

  /** Forgets all translations, or (`keepGlobal`) those whose leaf has G = 0. */
  flush(keepGlobal = false): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const entry = this.filled[i] as number;
      if (keepGlobal && this.words[(entry + TLB_ENTRY.flags) >> 2] === GLOBAL) this.filled[kept++] = entry;
      else this.clear(entry);
    }
    this.count = kept;
    this.allowsLess();
    if (kept === 0) this.forgetTables();
    this.onFlush();
  }

  /** Forgets the translations of one page in every context. */
  invalidate(low: number, high: number): void {
    for (let context = 0; context < TLB_CONTEXTS; context++) {
      const entry = this.entry(TLB + context * TLB_BYTES, low);
      if (this.hits(entry, TLB_ENTRY.read, low, high)) {
        this.words.fill(EMPTY, entry >> 2, (entry + TLB_ENTRY.delta) >> 2);
      }
    }
    this.allowsLess();
    this.onFlush();
  }

  /** Notes that the walker read an entry from this page. */
  noteTable(page: number): void {
    if (page >= this.uses.length || ((this.uses[page] as number) & PageUse.table) !== 0) return;
    this.tables.push(page);
    this.mark(page, PageUse.table);
  }
  private forgetTables(): void {
    for (const page of this.tables) this.uses[page] = (this.uses[page] as number) & ~PageUse.table;
    this.tables.length = 0;
  }

  /** From now on writes to this page of RAM are noticed. */
  mark(page: number, use: number): void {
    const before = this.uses[page] as number;
    this.uses[page] = before | use;
    // No entry allows writing to a page that has a use, and none translates to a watched one.
    if (before !== 0 && (use & ~before & PageUse.watched) === 0) return;
    this.allowsLess();
    const { words } = this;
    for (let i = 0; i < this.count; i++) {
      const entry = this.filled[i] as number;
      const host = ((words[(entry + TLB_ENTRY.delta) >> 2] as number) + (words[entry >> 2] as number)) | 0;
      if (host >>> 12 === page + HOST_PAGE) {
        words.fill(EMPTY, (entry + TLB_ENTRY.write) >> 2, (entry + TLB_ENTRY.write + 8) >> 2);
        if ((use & PageUse.watched) !== 0) words.fill(EMPTY, entry >> 2, (entry + 8) >> 2);
      }
    }
  }
  unmark(page: number, use: number): void {
    this.uses[page] = (this.uses[page] as number) & ~use;
  }
  /** The next write to each of these pages of RAM calls `onFirstWrite`. */
  protect(pages: Iterable<number>): void {
    for (const page of pages) this.uses[page] = (this.uses[page] as number) | PageUse.unsaved;
    this.forgetWrites();
  }
  protectAll(): void {
    const { uses } = this;
    for (let page = 0; page < uses.length; page++) uses[page] = (uses[page] as number) | PageUse.unsaved;
    this.forgetWrites();
  }
  private forgetWrites(): void {
    this.allowsLess();
    const { words } = this;
    for (let i = 0; i < this.count; i++) {
      const tag = ((this.filled[i] as number) + TLB_ENTRY.write) >> 2;
      words[tag] = EMPTY;
      words[tag + 1] = EMPTY;
    }
  }

  /** Whether a page may be read along with others, or (`write`) written: it then counts as written. */
  isPlain(page: number, write: boolean): boolean {
    const uses = this.uses[page] as number;
    if (!write) return (uses & PageUse.watched) === 0;
    if (uses === PageUse.unsaved) this.beforeWrite(page);
    return this.uses[page] === 0;
  }

  /** Has an unsaved page kept. Whoever writes to RAM past the guest's accesses calls this first. */
  beforeWrite(page: number): void {
    const uses = this.uses[page] as number;
    if ((uses & PageUse.noticed) !== 0) this.onNoticed(page);
    if ((uses & PageUse.unsaved) === 0) return;
    this.uses[page] = uses & ~PageUse.unsaved;
    if (this.known[page] === 0) {
      this.known[page] = 1;
      this.written.push(page);
    }
    this.onFirstWrite(page);
  }
}
