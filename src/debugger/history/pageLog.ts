/**
 * Keeps what pages of RAM held before they were first written after a checkpoint, so that a machine can go back to it
 * (and, with the contents swapped, forward again).
 */
import type { Cpu } from '../../cpu/cpu.ts';
import { RAM } from '../../cpu/layout.ts';

export const PAGE_BYTES = 4096;
const PAGE_WORDS = PAGE_BYTES / 4;
/** What one entry costs beside the page itself, roughly. */
const ENTRY_BYTES = 64;

/** Contents by page number; null stands for a page of zeros. */
export type PageLog = Map<number, Uint8Array | null>;

export function bytesOf(log: PageLog): number {
  let bytes = 0;
  for (const content of log.values()) bytes += content === null ? ENTRY_BYTES : PAGE_BYTES + ENTRY_BYTES;
  return bytes;
}

export class LivePages {
  private readonly cpu: Cpu;
  private log: PageLog = new Map();

  /** Begins to watch every page of RAM: the present content is the first checkpoint's. */
  constructor(cpu: Cpu) {
    this.cpu = cpu;
    cpu.tlb.onFirstWrite = (page) => {
      this.log.set(page, this.content(page));
    };
    cpu.tlb.protectAll();
  }

  /** Pages written since the last checkpoint. */
  get count(): number {
    return this.log.size;
  }
  get bytes(): number {
    return bytesOf(this.log);
  }

  private content(page: number): Uint8Array | null {
    const { words, bytes } = this.cpu.memory;
    const from = RAM + page * PAGE_BYTES;
    const first = from >> 2;
    let at = first;
    while (at < first + PAGE_WORDS && words[at] === 0) at++;
    return at === first + PAGE_WORDS ? null : bytes.slice(from, from + PAGE_BYTES);
  }

  private put(page: number, content: Uint8Array | null): void {
    const at = RAM + page * PAGE_BYTES;
    if (content === null) this.cpu.bytes.fill(0, at, at + PAGE_BYTES);
    else this.cpu.bytes.set(content, at);
  }

  /** Ends the interval: gives its log, by which one can go back to where it began, and begins another. */
  seal(): PageLog {
    const { log } = this;
    this.log = new Map();
    this.cpu.tlb.protect(log.keys());
    return log;
  }

  /** Puts RAM back to where the present interval began. Adds the pages it changed to `changed`. */
  revert(changed: Set<number>): void {
    for (const [page, content] of this.log) {
      this.put(page, content);
      changed.add(page);
    }
    this.seal();
  }

  /** Exchanges RAM's contents with the log's: a log that leads back from here then leads forward to here. */
  swap(log: PageLog, changed: Set<number>): void {
    for (const [page, content] of log) {
      log.set(page, this.content(page));
      this.put(page, content);
      changed.add(page);
    }
  }
}
