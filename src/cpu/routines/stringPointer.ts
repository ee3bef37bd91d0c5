/** One side of a string instruction: where its next elements lie, without BigInt. */
import type { Cpu } from '../cpu.ts';
import { S, SEG, segmentOffset, STATE } from '../layout.ts';

const PAGE = 0x1000;
/** Bytes that one copy or fill may take. */
const LONGEST = 0x40000;
const LONG = 64;
/** FS and GS keep a base in 64-bit mode (SDM vol. 3A, 3.4.4). */
const FIRST_WITH_BASE = 4;

export class StringPointer {
  private readonly register: number;
  private segment = 0;
  private addressSize: 16 | 32 | 64 = 64;
  /** Low 32 bits of the offset in the segment, and the linear address of the element there. */
  private offset = 0;
  low = 0;
  high = 0;

  /** `register` is a state block offset: 8 * RSI or 8 * RDI. */
  constructor(register: number) {
    this.register = register;
  }

  /** Points to the next element; `what` is its size and Access bits. Throws the Fault of a segment check. */
  locate(cpu: Cpu, segment: number, addressSize: 16 | 32 | 64, what: number): void {
    this.segment = segment;
    this.addressSize = addressSize;
    const raw = cpu.low(this.register);
    this.offset = addressSize === 16 ? raw & 0xffff : raw;
    if (cpu.low(S.codeSize) !== LONG) {
      this.low = cpu.segmentOffset(segment, this.offset, what);
      this.high = 0;
      if (cpu.low(S.refused) !== 0) {
        cpu.setLow(S.refused, 0);
        throw cpu.access.takePending();
      }
      return;
    }
    this.low = this.offset;
    this.high = addressSize === 64 ? cpu.high(this.register) : 0;
    if (segment >= FIRST_WITH_BASE) this.addBase(cpu, segmentOffset(segment) + SEG.base);
  }

  private addBase(cpu: Cpu, base: number): void {
    const sum = (this.low + cpu.low(base)) | 0;
    this.high = (this.high + cpu.high(base) + (sum >>> 0 < this.low >>> 0 ? 1 : 0)) | 0;
    this.low = sum;
  }

  /**
   * How many of at most `wanted` elements of `bytes` bytes lie in one page, in one piece of the segment, going
   * upwards or `down`: 0 when the next one itself lies across. `what` as in `locate`.
   */
  room(cpu: Cpu, wanted: number, bytes: number, down: boolean, what: number): number {
    const inPage = this.low & (PAGE - 1);
    if (inPage + bytes > PAGE) return 0;
    let n = Math.min(wanted, down ? 1 + Math.floor(inPage / bytes) : Math.floor((PAGE - inPage) / bytes));
    if (this.addressSize !== 64) {
      const offset = this.offset >>> 0;
      const end = this.addressSize === 16 ? 0x10000 : 0x100000000;
      n = Math.min(n, down ? 1 + Math.floor(offset / bytes) : Math.floor((end - offset) / bytes));
    }
    if (n > 1 && !this.allows(cpu, this.offset + (down ? -bytes : bytes) * (n - 1), what)) return 1;
    return n;
  }

  /**
   * How many of at most `wanted` elements upwards from `host` follow each other in host memory too: `n` lie in the
   * present page, more where the next pages are neighbours. Only in 64-bit mode, and never pages that are watched.
   */
  stretch(cpu: Cpu, host: number, n: number, wanted: number, bytes: number, what: number): number {
    if (this.addressSize !== 64 || cpu.low(S.codeSize) !== LONG) return n;
    const limit = Math.min(wanted * bytes, LONGEST);
    let total = n * bytes;
    if ((this.low & (PAGE - 1)) + total !== PAGE) return n;
    while (total < limit) {
      const low = (this.low + total) | 0;
      const high = (this.high + (low >>> 0 < this.low >>> 0 ? 1 : 0)) | 0;
      const more = cpu.access.following(low, high, what, host + total, limit - total);
      if (more === 0) break;
      total += more;
    }
    return Math.floor(total / bytes);
  }

  /** Whether the segment check passes at `offset` too; then it does for everything between. */
  private allows(cpu: Cpu, offset: number, what: number): boolean {
    if (cpu.low(S.codeSize) === LONG || cpu.low(segmentOffset(this.segment) + SEG.flat) !== 0) return true;
    cpu.segmentOffset(this.segment, offset | 0, what);
    const fits = cpu.low(S.refused) === 0;
    cpu.setLow(S.refused, 0);
    cpu.access.pending = null;
    return fits;
  }

  /** Moves the register by `bytes`, as wide as the address is. */
  advance(cpu: Cpu, bytes: number): void {
    addTo(cpu, this.register, bytes, this.addressSize);
  }
}

/** Adds to a register as wide as the address size: 16 bits keep the rest, 32 clear the upper half. */
export function addTo(cpu: Cpu, register: number, n: number, size: 16 | 32 | 64): void {
  const before = cpu.low(register);
  const sum = (before + n) | 0;
  if (size === 16) cpu.view.setUint16(STATE + register, sum & 0xffff, true);
  else if (size === 32) cpu.set64(register, sum, 0);
  else {
    const carry = n >= 0 ? (sum >>> 0 < before >>> 0 ? 1 : 0) : sum >>> 0 > before >>> 0 ? -1 : 0;
    cpu.set64(register, sum, (cpu.high(register) + carry) | 0);
  }
}
