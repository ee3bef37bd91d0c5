/** One CPU: its state block, its memory accesses, and what routines need to read and change them. */
import { CR0, CR4 } from '../registers/cr.ts';
import { RFLAGS, RFLAGS_FIXED, RFLAGS_STATUS } from '../registers/rflags.ts';
import { DataAccess, join } from './dataAccess.ts';
import type { Fault } from './fault.ts';
import { flagKind } from './language/flags.ts';
import { contextFor, ringWords } from './language/ringWords.ts';
import { Access, OUTSIDE, R, S, SEG, segmentOffset, STATE } from './layout.ts';
import { PageWalker } from './paging.ts';
import type { PhysicalMemory } from './physicalMemory.ts';
import type { Profile } from './profile.ts';
import { checkSegment } from './segmentation.ts';
import { Tlb } from './tlb.ts';

export const Reg = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r11: 11,
} as const;

const WORD_FLAGS = flagKind('word', 32);

/** The machine around the CPU. */
export interface Surroundings {
  readPort(port: number, bytes: number): number;
  writePort(port: number, bytes: number, value: number): void;
  /** Retired instructions up to the running one: what RDTSC reads. */
  now(): number;
}

const ALONE: Surroundings = { readPort: () => -1, writePort: () => undefined, now: () => 0 };

export class Cpu {
  readonly memory: PhysicalMemory;
  readonly profile: Profile;
  readonly walker: PageWalker;
  readonly tlb: Tlb;
  readonly access: DataAccess;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  surroundings: Surroundings = ALONE;
  /** The six arithmetic flags; the engine provides the function that its generated code uses too. */
  statusFlags: () => number = () => 0;
  evaluateCondition: (cc: number) => number = () => 0;
  /** Called when the running code segment changed in base, limit or size. */
  onCodeSegment: () => void = () => undefined;
  /** IA32_APIC_BASE.EN changed. */
  onApicBase: (enabled: boolean) => void = () => undefined;
  /** CR8: the local APIC's task-priority class. */
  taskPriority: { read(): number; write(priority: number): void } = { read: () => 0, write: () => undefined };
  /** Called when instruction breakpoints in the debug registers may have changed. */
  onBreakpoints: () => void = () => undefined;
  /** Exceptions of the delivery under way, first cause first; kept for whoever asks why. */
  chain: Fault[] = [];
  /** DR6 bits of debug conditions met by the running instruction: a #DB trap follows it. */
  debugHits = 0;
  /** Set by whatever the machine must look at before the next instruction; the engine then comes back. */
  attention = false;
  /** Set when the CPU has shut down after a triple fault. */
  shutdown = false;

  constructor(memory: PhysicalMemory, profile: Profile) {
    this.memory = memory;
    this.profile = profile;
    this.words = memory.words;
    this.bytes = memory.bytes;
    this.view = memory.view;
    this.walker = new PageWalker(memory);
    this.tlb = new Tlb(memory);
    this.access = new DataAccess(memory, this.walker, this.tlb);
  }

  /** The interrupt controller has a request for this CPU. */
  get interruptLine(): boolean {
    return this.words[OUTSIDE.interruptLine >> 2] !== 0;
  }
  set interruptLine(level: boolean) {
    this.words[OUTSIDE.interruptLine >> 2] = level ? 1 : 0;
  }
  /** Data breakpoints are on: every access is looked at. */
  get watching(): boolean {
    return this.words[OUTSIDE.watching >> 2] !== 0;
  }
  set watching(on: boolean) {
    this.words[OUTSIDE.watching >> 2] = on ? 1 : 0;
  }

  low(offset: number): number {
    return this.words[(STATE + offset) >> 2] as number;
  }
  high(offset: number): number {
    return this.words[(STATE + offset + 4) >> 2] as number;
  }
  setLow(offset: number, value: number): void {
    this.words[(STATE + offset) >> 2] = value;
  }
  set64(offset: number, low: number, high: number): void {
    this.words[(STATE + offset) >> 2] = low;
    this.words[(STATE + offset + 4) >> 2] = high;
  }
  /** Copies one 64-bit field to another. */
  copy64(to: number, from: number): void {
    this.set64(to, this.low(from), this.high(from));
  }
  get(offset: number): bigint {
    return this.view.getBigUint64(STATE + offset, true);
  }
  set(offset: number, value: bigint): void {
    this.view.setBigUint64(STATE + offset, value, true);
  }

  reg(n: number): bigint {
    return this.get(8 * n);
  }
  setReg(n: number, value: bigint): void {
    this.set(8 * n, value);
  }

  get rip(): bigint {
    return this.get(S.rip);
  }
  set rip(value: bigint) {
    this.set(S.rip, value);
  }
  get cpl(): number {
    return this.low(S.cpl);
  }
  get long(): boolean {
    return this.low(S.codeSize) === 64;
  }

  /** RFLAGS, which fits 32 bits. */
  get rflags(): number {
    return this.low(S.flags) | this.statusFlags();
  }
  set rflags(value: number) {
    const before = this.low(S.flags);
    const now = (value & ~RFLAGS_STATUS) | RFLAGS_FIXED;
    this.setLow(S.flags, now);
    this.setStatusFlags(value & RFLAGS_STATUS);
    if ((now & (RFLAGS.TF | RFLAGS.RF)) !== 0 || ((now & RFLAGS.IF) !== 0 && this.interruptLine)) this.attention = true;
    if (((before ^ now) & RFLAGS.AC) !== 0) this.updateContext();
  }
  setStatusFlags(bits: number): void {
    this.setLow(S.flagKind, WORD_FLAGS);
    this.set64(S.flagX, bits, 0);
  }
  /** RFLAGS bits other than the arithmetic ones. */
  get systemFlags(): number {
    return this.low(S.flags);
  }

  /** Where a segment register's fields stand in the state block. */
  selector(segment: number): number {
    return this.low(segmentOffset(segment) + SEG.selector);
  }
  setSelector(segment: number, selector: number): void {
    this.setLow(segmentOffset(segment) + SEG.selector, selector);
  }
  attributes(segment: number): number {
    return this.low(segmentOffset(segment) + SEG.attributes);
  }
  limit(segment: number): number {
    return this.low(segmentOffset(segment) + SEG.limit) >>> 0;
  }
  baseOf(segment: number): bigint {
    return this.get(segmentOffset(segment) + SEG.base);
  }

  setCpl(cpl: number): void {
    this.setLow(S.cpl, cpl);
    this.updateContext();
  }

  /** Chooses TLB and jump cache for the present CPL and flags. */
  updateContext(): void {
    const user = this.cpl === 3;
    const context = contextFor({
      user,
      ac: (this.low(S.flags) & RFLAGS.AC) !== 0,
      am: (this.low(S.cr0) & CR0.AM) !== 0,
      smap: (this.low(S.cr4) & CR4.SMAP) !== 0,
      watching: this.watching,
    });
    const { tlb, jumps, stampBit } = ringWords(context, user);
    this.setLow(S.tlb, tlb);
    this.setLow(S.jumps, jumps);
    this.words[R.stamp >> 2] = ((this.words[R.stamp >> 2] as number) & ~1) | stampBit;
  }

  /** Memory of the running program at a linear address: 1, 2, 4 or 8 bytes. Throws the Fault. */
  readLinear(linear: bigint, bytes: number): bigint {
    const host = this.access.host(lowOf(linear), highOf(linear), bytes);
    return this.readAt(host, bytes);
  }
  writeLinear(linear: bigint, bytes: number, value: bigint): void {
    const host = this.access.host(lowOf(linear), highOf(linear), bytes | Access.write);
    this.writeAt(host, bytes, value);
  }
  /** The same with supervisor rights, for the processor's own tables and stacks. */
  readSystem(linear: bigint, bytes: number): bigint {
    return this.readAt(this.access.systemHost(lowOf(linear), highOf(linear), bytes), bytes);
  }
  writeSystem(linear: bigint, bytes: number, value: bigint): void {
    this.writeAt(this.access.systemHost(lowOf(linear), highOf(linear), bytes | Access.write), bytes, value);
  }

  /** Value at a host address that `access` gave. */
  readAt(host: number, bytes: number): bigint {
    const { view } = this;
    switch (bytes) {
      case 1:
        return BigInt(view.getUint8(host));
      case 2:
        return BigInt(view.getUint16(host, true));
      case 4:
        return BigInt(view.getUint32(host, true));
      default:
        return view.getBigUint64(host, true);
    }
  }
  /** Writes through a host address that `access` gave for writing. */
  writeAt(host: number, bytes: number, value: bigint): void {
    const { view } = this;
    if (bytes === 1) view.setUint8(host, Number(value & 0xffn));
    else if (bytes === 2) view.setUint16(host, Number(value & 0xffffn), true);
    else if (bytes === 4) view.setUint32(host, Number(value & 0xffffffffn), true);
    else view.setBigUint64(host, value, true);
    this.access.finishWrite(host);
  }

  /** Linear address of an access outside 64-bit mode; refused with an exception pending and S.refused set. */
  segmentOffset(segment: number, offset: number, access: number): number {
    return checkSegment(this, segment, offset, access);
  }

  /** Linear address of segment:offset outside a memory operand, as wide as the running mode. */
  linear(segment: number, offset: bigint): bigint {
    // One asUintN of a width that is not constant: V8 11.3 (Node 20) dies while it optimises a caller that truncates a
    // value which is the result of one asUintN or of another (RepresentationChangerError).
    const base = this.long && segment < 4 ? 0n : this.baseOf(segment);
    return BigInt.asUintN(this.long ? 64 : 32, offset + base);
  }
}

export const lowOf = (v: bigint): number => Number(BigInt.asIntN(32, v));
export const highOf = (v: bigint): number => Number(BigInt.asIntN(32, v >> 32n));
export { join };
