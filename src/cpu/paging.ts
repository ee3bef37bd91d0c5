/**
 * The page walk: one walker for 4-level, PAE and 32-bit paging (SDM vol. 3A, chapter 4). A walk leaves what it met in
 * the walker's fields, so that the fast path allocates nothing and a refused walk can be told from the same facts.
 */
import { CR0, CR4 } from '../registers/cr.ts';
import { EFER } from '../registers/efer.ts';
import { PTE, PTE_HIGH } from '../registers/pageEntry.ts';
import type { WalkStep } from './fault.ts';
import { S, STATE } from './layout.ts';
import type { PhysicalMemory } from './physicalMemory.ts';

/** Access bits, as in the page-fault error code (SDM vol. 3A, 4.7). */
export const PageAccess = { write: 2, user: 4, fetch: 16 } as const;
export const PageError = { present: 1, write: 2, user: 4, reserved: 8, fetch: 16 } as const;

/** MAXPHYADDR of both CPU profiles: address bits from here on are reserved in entries. */
export const PHYSICAL_BITS = 40;
const RESERVED_HIGH = PTE_HIGH.Address & ~((1 << (PHYSICAL_BITS - 32)) - 1);
const PAE_RESERVED_HIGH = 0x7fffffff & ~((1 << (PHYSICAL_BITS - 32)) - 1);
const TWO32 = 0x100000000;
const PAGE = 0xfffff000;
const NAMES = ['', 'PTE', 'PDE', 'PDPTE', 'PML4E'];

export class PageWalker {
  private readonly memory: PhysicalMemory;
  private readonly words: Int32Array;
  /** Called with the physical page of every paging-structure entry that was read. */
  onTable: (physicalPage: number) => void = () => undefined;

  /** Entries met, top level first. */
  depth = 0;
  readonly level = new Int32Array(4);
  readonly index = new Int32Array(4);
  readonly low = new Int32Array(4);
  readonly high = new Int32Array(4);
  readonly at = new Float64Array(4);

  /** Of a walk that ended in a page: all levels' R/W and U/S ANDed, XD ORed. */
  writable = false;
  user = false;
  noExecute = false;
  dirty = false;
  global = false;
  /** Bytes that one entry maps: those of the page just met. */
  pageBytes = 0x1000;
  /** Error code of a refused walk. */
  error = 0;
  /** Why the walk was refused: the bit's name, or "" when it was not. */
  refused = '';

  constructor(memory: PhysicalMemory) {
    this.memory = memory;
    this.words = memory.words;
  }

  private state(offset: number): number {
    return this.words[(STATE + offset) >> 2] as number;
  }

  /**
   * Physical address of the byte at linear address `high:low` for an access of PageAccess bits, or -1 when it is
   * refused (`error`, `refused` then say why). Sets accessed and dirty bits unless `peek`.
   * `open` lets the supervisor touch user data pages in spite of CR4.SMAP (RFLAGS.AC = 1).
   */
  walk(low: number, high: number, access: number, open: boolean, peek = false): number {
    this.depth = 0;
    this.refused = '';
    this.writable = true;
    this.user = true;
    this.noExecute = false;
    this.dirty = true;
    this.global = false;
    this.pageBytes = 0x1000;
    if ((this.state(S.cr0) & CR0.PG) === 0) return low >>> 0;
    const cr4 = this.state(S.cr4);
    if ((this.state(S.efer) & EFER.LMA) !== 0) {
      const root = (this.state(S.cr3) & PAGE) >>> 0;
      return this.walk64(low, high, root + (this.state(S.cr3 + 4) & 0xfffff) * TWO32, 4, access, open, peek);
    }
    if ((cr4 & CR4.PAE) !== 0) {
      return this.walk64(low, 0, (this.state(S.cr3) & 0xffffffe0) >>> 0, 3, access, open, peek);
    }
    return this.walk32(low, access, open, peek);
  }

  private walk64(
    low: number,
    high: number,
    root: number,
    top: number,
    access: number,
    open: boolean,
    peek: boolean,
  ): number {
    const noExecuteOn = (this.state(S.efer) & EFER.NXE) !== 0;
    const pae = top === 3;
    let table = root;
    for (let level = top; ; level--) {
      const index = indexAt(low, high, level) & (pae && level === 3 ? 3 : 511);
      const at = table + index * 8;
      // PDPTEs of PAE paging stand in registers.
      const loaded = pae && level === 3;
      const entryLow = loaded ? this.state(S.pdptes + index * 8) : this.memory.read32(at);
      const entryHigh = loaded ? this.state(S.pdptes + index * 8 + 4) : this.memory.read32(at + 4);
      this.note(level, index, at, entryLow, entryHigh);
      if ((entryLow & PTE.P) === 0) return this.refuse('P', 0, access);
      const large = level > 1 && (entryLow & PTE.PS) !== 0;
      if (loaded) {
        // They have no permissions and no accessed bit (SDM vol. 3A, 4.4.1).
        table = ((entryLow & PAGE) >>> 0) + (entryHigh & 0xfffff) * TWO32;
        continue;
      }
      if ((entryHigh & (pae ? PAE_RESERVED_HIGH : RESERVED_HIGH)) !== 0)
        return this.refuse('Address', PageError.reserved, access);
      if (!noExecuteOn && entryHigh < 0) return this.refuse('XD', PageError.reserved, access);
      if (large && level === 4) return this.refuse('PS', PageError.reserved, access);
      // Between the PAT bit and the page address of a large page all bits are reserved.
      if (large && (entryLow & (level === 3 ? 0x3fffe000 : 0x1fe000)) !== 0)
        return this.refuse('Address', PageError.reserved, access);
      this.writable &&= (entryLow & PTE.RW) !== 0;
      this.user &&= (entryLow & PTE.US) !== 0;
      this.noExecute ||= entryHigh < 0;
      const base = ((entryLow & PAGE) >>> 0) + (entryHigh & 0xfffff) * TWO32;
      if (level > 1 && !large) {
        if (!peek && (entryLow & PTE.A) === 0) this.memory.write32(at, entryLow | PTE.A);
        table = base;
        continue;
      }
      const offsetMask = level === 1 ? 0xfff : level === 2 ? 0x1fffff : 0x3fffffff;
      const page = base - (base % (offsetMask + 1));
      this.pageBytes = offsetMask + 1;
      return this.finish(at, entryLow, page + (low & offsetMask), access, open, peek);
    }
  }

  /** 32-bit paging, with 4 MiB pages when CR4.PSE is set (SDM vol. 3A, 4.3). */
  private walk32(low: number, access: number, open: boolean, peek: boolean): number {
    const root = (this.state(S.cr3) & PAGE) >>> 0;
    const directoryAt = root + (low >>> 22) * 4;
    const directory = this.memory.read32(directoryAt);
    this.note(2, low >>> 22, directoryAt, directory, 0);
    if ((directory & PTE.P) === 0) return this.refuse('P', 0, access);
    this.writable = (directory & PTE.RW) !== 0;
    this.user = (directory & PTE.US) !== 0;
    if ((directory & PTE.PS) !== 0 && (this.state(S.cr4) & CR4.PSE) !== 0) {
      // PSE-36: bits 20:13 are address bits 39:32, bit 21 is reserved.
      if ((directory & 0x200000) !== 0) return this.refuse('Address', PageError.reserved, access);
      const base = ((directory & 0xffc00000) >>> 0) + ((directory >>> 13) & 0xff) * TWO32;
      this.pageBytes = 0x400000;
      return this.finish(directoryAt, directory, base + (low & 0x3fffff), access, open, peek);
    }
    if (!peek && (directory & PTE.A) === 0) this.memory.write32(directoryAt, directory | PTE.A);
    const index = (low >>> 12) & 1023;
    const at = ((directory & PAGE) >>> 0) + index * 4;
    const entry = this.memory.read32(at);
    this.note(1, index, at, entry, 0);
    if ((entry & PTE.P) === 0) return this.refuse('P', 0, access);
    this.writable &&= (entry & PTE.RW) !== 0;
    this.user &&= (entry & PTE.US) !== 0;
    return this.finish(at, entry, ((entry & PAGE) >>> 0) + (low & 0xfff), access, open, peek);
  }

  private note(level: number, index: number, at: number, low: number, high: number): void {
    const n = this.depth++;
    this.level[n] = level;
    this.index[n] = index;
    this.at[n] = at;
    this.low[n] = low;
    this.high[n] = high;
    this.onTable(Math.floor(at / 4096));
  }

  private finish(at: number, entry: number, physical: number, access: number, open: boolean, peek: boolean): number {
    const refused = this.refusal(access, open);
    if (refused !== '') return this.refuse(refused, PageError.present, access);
    this.dirty = (entry & PTE.D) !== 0 || (access & PageAccess.write) !== 0;
    this.global = (entry & PTE.G) !== 0 && (this.state(S.cr4) & CR4.PGE) !== 0;
    if (!peek) {
      const marked = entry | PTE.A | (this.dirty ? PTE.D : 0);
      if (marked !== entry) this.memory.write32(at, marked);
    }
    return physical;
  }

  /** Name of the bit that refuses an access to the page just met, or "" (SDM vol. 3A, 4.6.1). */
  refusal(access: number, open: boolean): string {
    const cr4 = this.state(S.cr4);
    const write = (access & PageAccess.write) !== 0;
    const fetch = (access & PageAccess.fetch) !== 0;
    if ((access & PageAccess.user) !== 0) {
      if (!this.user) return 'U/S';
      if (write && !this.writable) return 'R/W';
    } else {
      if (this.user && fetch && (cr4 & CR4.SMEP) !== 0) return 'CR4.SMEP';
      if (this.user && !fetch && (cr4 & CR4.SMAP) !== 0 && !open) return 'CR4.SMAP';
      if (write && !this.writable && (this.state(S.cr0) & CR0.WP) !== 0) return 'R/W';
    }
    return fetch && this.noExecute ? 'XD' : '';
  }

  private refuse(bit: string, kind: number, access: number): number {
    this.refused = bit;
    // The I bit appears only when instruction fetches can be refused as such (SDM vol. 3A, 4.7).
    const told = (this.state(S.efer) & EFER.NXE) !== 0 && (this.state(S.cr4) & CR4.PAE) !== 0;
    const fetchTold = told || (this.state(S.cr4) & CR4.SMEP) !== 0;
    const present = kind === 0 ? 0 : PageError.present;
    this.error = present | kind | (access & (fetchTold ? 22 : 6));
    return -1;
  }

  /** The entries of the last walk, for a person. */
  steps(): WalkStep[] {
    return Array.from({ length: this.depth }, (_, i) => {
      const entry = (BigInt((this.high[i] ?? 0) >>> 0) << 32n) | BigInt((this.low[i] ?? 0) >>> 0);
      return {
        name: NAMES[this.level[i] ?? 0] ?? '',
        index: this.index[i] ?? 0,
        at: BigInt(this.at[i] ?? 0),
        entry,
        refused: this.guilty(i, entry) ? this.refused : null,
      };
    });
  }

  /** U/S and R/W are guilty at every level that withholds them, XD at every level that sets it, the rest at the last. */
  private guilty(i: number, entry: bigint): boolean {
    // The first entry of PAE paging says nothing about rights.
    if (i === 0 && this.level[0] === 3 && this.depth > 1) return false;
    if (this.refused === 'U/S') return (entry & BigInt(PTE.US)) === 0n;
    if (this.refused === 'R/W') return (entry & BigInt(PTE.RW)) === 0n;
    if (this.refused === 'XD' && (this.error & PageError.reserved) === 0) return entry >> 63n === 1n;
    return this.refused !== '' && i === this.depth - 1;
  }
}

/** Table index of a linear address: nine bits, at 12, 21, 30 or 39. */
function indexAt(low: number, high: number, level: number): number {
  switch (level) {
    case 4:
      return (high >>> 7) & 511;
    case 3:
      return ((high << 2) | (low >>> 30)) & 511;
    case 2:
      return (low >>> 21) & 511;
    default:
      return (low >>> 12) & 511;
  }
}
