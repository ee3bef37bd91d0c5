/**
 * Guest memory accesses that the TLB does not answer: misses, refusals, accesses across pages, devices, and writes to
 * pages whose content something was derived from. Also the processor's own accesses to tables and stacks.
 */
import { CR0 } from '../registers/cr.ts';
import { RFLAGS } from '../registers/rflags.ts';
import { generalProtection, Fault, hex, Vector } from './fault.ts';
import { EFER } from '../registers/efer.ts';
import { Access, BOUNCE, RAM, S, STATE, TLB, TLB_BYTES, TLB_CONTEXT, TLB_ENTRY } from './layout.ts';
import { PageAccess, type PageWalker } from './paging.ts';
import type { PhysicalMemory } from './physicalMemory.ts';
import { PageUse, type Tlb } from './tlb.ts';

const PAGE = 0x1000;
const SUPERVISOR_TABLE = TLB + TLB_CONTEXT.supervisor * TLB_BYTES;
const CHECKED_TABLE = TLB + TLB_CONTEXT.checked * TLB_BYTES;
const CANONICAL = 'SDM vol. 1, 3.3.7.1';

/** True when bits 63:47 of an address are equal. */
export const isCanonical = (high: number): boolean => high >> 15 === 0 || high >> 15 === -1;

export const join = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

export class DataAccess {
  private readonly memory: PhysicalMemory;
  private readonly walker: PageWalker;
  private readonly tlb: Tlb;
  private readonly words: Int32Array;
  /** The exception of the last refused access. */
  pending: Fault | null = null;
  /** Called before a write to a page that holds decoded code. */
  onCodeWrite: (physical: number, bytes: number) => void = () => undefined;

  /** Called with every data access while some are watched (debug registers). */
  onChecked: (low: number, high: number, bytes: number, write: boolean) => void = () => undefined;

  private bounceBytes = 0;
  private bounceSplit = 0;
  private firstPhysical = 0;
  private secondPhysical = 0;

  constructor(memory: PhysicalMemory, walker: PageWalker, tlb: Tlb) {
    this.memory = memory;
    this.walker = walker;
    this.tlb = tlb;
    this.words = memory.words;
    walker.onTable = (page) => tlb.noteTable(page);
    memory.beforeWrite = (physical) => tlb.beforeWrite(physical >>> 12);
  }

  private state(offset: number): number {
    return this.words[(STATE + offset) >> 2] as number;
  }

  /**
   * Host address for an access of the running program, the slow path of generated code: `what` is size and Access
   * bits. BOUNCE when the access is made on a copy (then `commit` follows a write); 0 with `pending` set when refused.
   */
  slow(low: number, high: number, what: number): number {
    return this.at(low, high, what, this.state(S.tlb), this.state(S.cpl) === 3);
  }

  /** The same through the TLB first, for routines. Throws the Fault of a refused access. */
  host(low: number, high: number, what: number): number {
    const host = this.probe(low, high, what, this.state(S.tlb)) || this.slow(low, high, what);
    if (host === 0) throw this.takePending();
    return host;
  }

  /** An access the processor makes with supervisor rights, whatever CPL: descriptor tables, TSS, interrupt stacks. */
  systemHost(low: number, high: number, what: number): number {
    const host = this.probe(low, high, what, SUPERVISOR_TABLE) || this.at(low, high, what, SUPERVISOR_TABLE, false);
    if (host === 0) throw this.takePending();
    return host;
  }

  takePending(): Fault {
    const fault = this.pending;
    if (fault === null) throw new Error('no exception is pending');
    this.pending = null;
    return fault;
  }

  private probe(low: number, high: number, what: number, table: number): number {
    if ((low & 0xfff) + (what & Access.size) > 0x1000) return 0;
    const entry = this.tlb.entry(table, low);
    const tag = (what & Access.write) !== 0 ? TLB_ENTRY.write : TLB_ENTRY.read;
    return this.tlb.hits(entry, tag, low, high) ? this.tlb.hostOf(entry, low) : 0;
  }

  private at(low: number, high: number, what: number, table: number, user: boolean): number {
    const bytes = what & Access.size;
    if (this.state(S.refused) !== 0) {
      this.words[(STATE + S.refused) >> 2] = 0;
      return 0;
    }
    // In compatibility mode the program's addresses have 32 bits, but not those of tables and inner stacks.
    const long = (this.state(S.efer) & EFER.LMA) !== 0;
    if (long && !(isCanonical(high) && isCanonical(high + (low + bytes - 1 > 0xffffffff ? 1 : 0)))) {
      return this.refuseCanonical(low, high, what);
    }
    if (table === CHECKED_TABLE) {
      if (user && (low & (bytes - 1)) !== 0 && this.alignmentChecked) return this.refuseAlignment(low, high, bytes);
      this.onChecked(low, high, bytes, (what & Access.write) !== 0);
    }
    const split = 0x1000 - (low & 0xfff);
    if (bytes > split) return this.crossing(low, high, what, table, user, split);

    const physical = this.translate(low, high, what, table, user);
    if (physical < 0) return 0;
    const host = this.memory.host(physical);
    if (host === 0) return this.device(physical, bytes, what);
    const write = (what & Access.write) !== 0;
    if (write) this.tlb.beforeWrite(physical >>> 12);
    const uses = this.tlb.uses[physical >>> 12] as number;
    if (table !== CHECKED_TABLE && (uses & PageUse.watched) === 0) {
      const { walker } = this;
      const writable =
        uses === 0 &&
        walker.dirty &&
        walker.refusal(PageAccess.write | (user ? PageAccess.user : 0), this.open(table)) === '';
      this.tlb.fill(this.tlb.entry(table, low), low, high, host, writable, walker.global);
    }
    if (write && uses !== 0) this.noteWrite(physical, bytes, uses);
    return host;
  }

  /** RFLAGS.AC opens user pages to the supervisor's own accesses; implicit ones go by the first table. */
  private open(table: number): boolean {
    return table !== SUPERVISOR_TABLE && (this.state(S.flags) & RFLAGS.AC) !== 0;
  }
  private get alignmentChecked(): boolean {
    return (this.state(S.flags) & RFLAGS.AC) !== 0 && (this.state(S.cr0) & CR0.AM) !== 0;
  }

  /** Physical address, or -1 with #PF pending. */
  private translate(low: number, high: number, what: number, table: number, user: boolean): number {
    const access = ((what & Access.write) !== 0 ? PageAccess.write : 0) | (user ? PageAccess.user : 0);
    const physical = this.walker.walk(low, high, access, this.open(table));
    if (physical < 0) this.pending = this.pageFault(low, high, access);
    else this.noteWatched(physical);
    return physical;
  }
  private noteWatched(physical: number): void {
    const page = physical >>> 12;
    if (((this.tlb.uses[page] ?? 0) & PageUse.watched) !== 0) this.tlb.onWatched(page);
  }

  /** Physical address of an instruction byte, or -1 with an exception pending. */
  fetch(low: number, high: number): number {
    if (this.state(S.codeSize) === 64 && !isCanonical(high)) {
      this.pending = generalProtection(0, 'RIP is canonical', 'bits 63:47 equal', hex(join(low, high)), CANONICAL, {
        kind: 'address',
        linear: join(low, high),
      });
      return -1;
    }
    const access = PageAccess.fetch | (this.state(S.cpl) === 3 ? PageAccess.user : 0);
    const physical = this.walker.walk(low, high, access, false);
    if (physical < 0) this.pending = this.pageFault(low, high, access);
    else this.noteWatched(physical);
    return physical;
  }

  /** The #PF of the walk just refused. */
  private pageFault(low: number, high: number, access: number): Fault {
    const { walker } = this;
    const linear = join(low, high);
    const who = (access & PageAccess.user) !== 0 ? 'CPL 3' : 'supervisor';
    const how = (access & PageAccess.fetch) !== 0 ? 'fetch' : (access & PageAccess.write) !== 0 ? 'write' : 'read';
    const steps = walker.steps();
    const guilty = steps.filter((s) => s.refused !== null).map((s) => `${s.name}[${s.index}]`);
    return new Fault(
      Vector.PF,
      walker.error,
      {
        check: `${who} ${how} at ${hex(linear)} is allowed by the page walk`,
        expected: expectedOf(walker.refused, (walker.error & 8) !== 0),
        actual: `refused by ${walker.refused}${guilty.length > 0 ? ` in ${guilty.join(', ')}` : ''}`,
        manual: walker.refused === 'P' ? 'SDM vol. 3A, 4.7' : 'SDM vol. 3A, 4.6.1',
        where: { kind: 'walk', linear, steps },
      },
      { linear },
    );
  }

  private refuseCanonical(low: number, high: number, what: number): number {
    const stack = (what & Access.stack) !== 0;
    const linear = join(low, high);
    this.pending = new Fault(stack ? Vector.SS : Vector.GP, 0, {
      check: 'the linear address is canonical',
      expected: 'bits 63:47 equal',
      actual: hex(linear),
      manual: CANONICAL,
      where: { kind: 'address', linear },
    });
    return 0;
  }

  private refuseAlignment(low: number, high: number, bytes: number): number {
    const linear = join(low, high);
    this.pending = new Fault(Vector.AC, 0, {
      check: 'the address is aligned (CR0.AM = 1, RFLAGS.AC = 1, CPL 3)',
      expected: `a multiple of ${bytes}`,
      actual: hex(linear),
      manual: 'SDM vol. 3A, 6.15, interrupt 17',
      where: { kind: 'address', linear },
    });
    return 0;
  }

  private noteWrite(physical: number, bytes: number, uses: number): void {
    if ((uses & (PageUse.unsaved | PageUse.noticed)) !== 0) this.tlb.beforeWrite(physical >>> 12);
    if ((uses & PageUse.table) !== 0) this.tlb.flush();
    if ((uses & PageUse.code) !== 0) this.onCodeWrite(physical, bytes);
  }

  /** Whether the page of an address from `host` may be read and written by more than the element asked for. */
  inOnePiece(host: number): boolean {
    return host >= RAM && ((this.tlb.uses[(host - RAM) >>> 12] as number) & PageUse.watched) === 0;
  }

  /**
   * How many of at most `most` bytes from the beginning of a page on may be taken along with those before it, which end
   * at `host`; 0 when they lie elsewhere. What is to be written is then as if it had been.
   */
  following(low: number, high: number, what: number, host: number, most: number): number {
    const table = this.state(S.tlb);
    const known = this.probe(low, high, what, table);
    const start = known || this.slow(low, high, what);
    if (start === 0) this.pending = null;
    const write = (what & Access.write) !== 0;
    if (start < RAM || start !== host || !this.tlb.isPlain((host - RAM) >>> 12, write)) return 0;
    if (known !== 0 || table === CHECKED_TABLE) return Math.min(PAGE, most);
    // One entry maps what follows in a large page.
    const { pageBytes } = this.walker;
    const end = Math.min(most, pageBytes - (low & (pageBytes - 1)), this.memory.ramBytes - (host - RAM));
    let length = PAGE;
    while (length < end && this.tlb.isPlain((host - RAM + length) >>> 12, write)) length += PAGE;
    return Math.min(length, end);
  }

  /** Notes that `bytes` bytes in one page are about to change, of which `host` was asked for the first or last. */
  willWrite(host: number, bytes: number): void {
    const uses = this.tlb.uses[(host - RAM) >>> 12] as number;
    if (uses !== 0) this.noteWrite(host - RAM, bytes, uses);
  }

  private device(physical: number, bytes: number, what: number): number {
    this.firstPhysical = physical;
    this.bounceBytes = bytes;
    this.bounceSplit = bytes;
    if ((what & Access.write) === 0 || (what & Access.update) !== 0) this.readPhysical(physical, bytes, BOUNCE);
    return BOUNCE;
  }

  private crossing(low: number, high: number, what: number, table: number, user: boolean, split: number): number {
    const bytes = what & Access.size;
    const first = this.translate(low, high, what, table, user);
    if (first < 0) return 0;
    const nextLow = (low + split) | 0;
    // Outside 64-bit mode the linear address wraps at 4 GiB.
    const nextHigh = nextLow === 0 && this.state(S.codeSize) === 64 ? (high + 1) | 0 : high;
    const second = this.translate(nextLow, nextHigh, what, table, user);
    if (second < 0) return 0;
    this.firstPhysical = first;
    this.secondPhysical = second;
    this.bounceBytes = bytes;
    this.bounceSplit = split;
    if ((what & Access.write) === 0 || (what & Access.update) !== 0) {
      this.readPhysical(first, split, BOUNCE);
      this.readPhysical(second, bytes - split, BOUNCE + split);
    }
    return BOUNCE;
  }

  /** After a write through an address from `host` or `systemHost`. */
  finishWrite(host: number): void {
    if (host === BOUNCE) this.commit();
  }

  /** Puts a bounced write where it belongs. */
  commit(): void {
    this.writePhysical(this.firstPhysical, this.bounceSplit, BOUNCE);
    if (this.bounceSplit < this.bounceBytes) {
      this.writePhysical(this.secondPhysical, this.bounceBytes - this.bounceSplit, BOUNCE + this.bounceSplit);
    }
  }

  private readPhysical(physical: number, bytes: number, to: number): void {
    const host = this.memory.host(physical);
    if (host !== 0) {
      this.memory.bytes.copyWithin(to, host, host + bytes);
      return;
    }
    for (let done = 0; done < bytes; ) {
      const width = pieceOf(physical + done, bytes - done);
      const value = this.memory.bus.read(physical + done, width);
      for (let i = 0; i < width; i++) this.memory.bytes[to + done + i] = value >>> (8 * i);
      done += width;
    }
  }

  private writePhysical(physical: number, bytes: number, from: number): void {
    const host = this.memory.host(physical);
    if (host !== 0) {
      const uses = this.tlb.uses[physical >>> 12] as number;
      if (uses !== 0) this.noteWrite(physical, bytes, uses);
      this.memory.bytes.copyWithin(host, from, from + bytes);
      return;
    }
    for (let done = 0; done < bytes; ) {
      const width = pieceOf(physical + done, bytes - done);
      let value = 0;
      for (let i = width - 1; i >= 0; i--) value = (value << 8) | (this.memory.bytes[from + done + i] as number);
      this.memory.bus.write(physical + done, width, value);
      done += width;
    }
  }
}

/** Width of the next aligned piece of a device access: 4, 2 or 1. */
function pieceOf(physical: number, bytes: number): number {
  if (bytes >= 4 && physical % 4 === 0) return 4;
  return bytes >= 2 && physical % 2 === 0 ? 2 : 1;
}

function expectedOf(refused: string, reserved: boolean): string {
  if (reserved) return 'reserved bits are 0';
  switch (refused) {
    case 'P':
      return 'P = 1 at every level';
    case 'U/S':
      return 'U/S = 1 at every level';
    case 'R/W':
      return 'R/W = 1 at every level';
    case 'XD':
      return 'XD = 0 at every level';
    case 'CR4.SMEP':
      return 'a supervisor page (CR4.SMEP = 1)';
    default:
      return 'a supervisor page, or RFLAGS.AC = 1 (CR4.SMAP = 1)';
  }
}
