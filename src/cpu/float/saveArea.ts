/**
 * A save area in memory. Inside one page of RAM it is read and written as a whole, else in pieces of 16 bytes: each of
 * those lies in one page.
 */
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf, lowOf } from '../cpu.ts';
import { generalProtection, hex } from '../fault.ts';
import { Access, BOUNCE, S, TLB, TLB_BYTES, TLB_CONTEXT } from '../layout.ts';
import { checkedLinear, effectiveAddress, operandAt } from '../routines/operands.ts';
import { xmmHost } from './vectorOperands.ts';
import { stackHost, updateSummary } from './x87State.ts';

const PIECE = 16;
const PAGE = 4096;
/** Every access through this TLB is looked at by itself. */
const CHECKED = TLB + TLB_CONTEXT.checked * TLB_BYTES;
/** The legacy region and the header of XSAVE (SDM vol. 1, 13.4). */
const LONGEST = 576;

/** Bits of MXCSR that exist. */
export const MXCSR_MASK = 0xffff;
const [FCW, FSW, FTW, FOP, FIP, FDP, MXCSR, MASK, ST, XMM] = [0, 2, 4, 6, 8, 16, 24, 28, 32, 160];

export class SaveArea {
  readonly bytes = new Uint8Array(LONGEST);
  readonly view = new DataView(this.bytes.buffer);
  private cpu: Cpu | undefined;
  private segment = 0;
  private offset = 0n;
  private addressSize = 64;
  /** Host address of the area when it is in one piece, else 0. */
  private whole = 0;

  /** Takes the instruction's memory operand; #GP(0) unless it is aligned. */
  open(cpu: Cpu, insn: Instruction, align: number, bytes: number, access: number): void {
    const operand = operandAt(insn, 0);
    if (operand.kind !== 'mem') throw new Error('a save area is memory');
    this.cpu = cpu;
    this.segment = operand.segment;
    this.offset = effectiveAddress(cpu, insn, operand);
    this.addressSize = insn.addressSize;
    const linear = checkedLinear(cpu, this.segment, this.offset, PIECE, access);
    if ((linear & BigInt(align - 1)) !== 0n) {
      const name = insn.encoding.mnemonic.toUpperCase();
      throw generalProtection(
        0,
        `the save area of ${name} is aligned`,
        `a multiple of ${align}`,
        hex(linear),
        'SDM vol. 1, 10.5 and 13.4',
        { kind: 'address', linear },
      );
    }
    this.whole = this.inOnePiece(cpu, linear, bytes, access);
    if (this.whole === 0) for (let at = 0; at < bytes; at += PIECE) this.host(at, access);
  }

  /** Host address of an area that may be used by its first bytes' right; 0 when each piece must ask. */
  private inOnePiece(cpu: Cpu, linear: bigint, bytes: number, access: number): number {
    if (!cpu.long || cpu.low(S.tlb) === CHECKED || (lowOf(linear) & (PAGE - 1)) + bytes > PAGE) return 0;
    const host = cpu.access.host(lowOf(linear), highOf(linear), PIECE | access);
    if (host === BOUNCE || !cpu.access.inOnePiece(host)) return 0;
    if ((access & Access.write) !== 0) cpu.access.willWrite(host, bytes);
    return host;
  }

  private host(at: number, access: number): number {
    const { cpu } = this;
    if (cpu === undefined) throw new Error('no save area is open');
    const offset = BigInt.asUintN(this.addressSize, this.offset + BigInt(at));
    const linear = checkedLinear(cpu, this.segment, offset, PIECE, access);
    return cpu.access.host(lowOf(linear), highOf(linear), PIECE | access);
  }

  /** Reads bytes `from` to `to` of the area, both multiples of 16. */
  read(from: number, to: number): void {
    const { cpu, whole } = this;
    if (cpu !== undefined && whole !== 0) {
      this.bytes.set(cpu.bytes.subarray(whole + from, whole + to), from);
      return;
    }
    for (let at = from; at < to; at += PIECE) {
      const host = this.host(at, 0);
      this.bytes.set(this.cpu?.bytes.subarray(host, host + PIECE) ?? [], at);
    }
  }
  write(from: number, to: number): void {
    const { whole } = this;
    if (whole !== 0) {
      this.cpu?.bytes.set(this.bytes.subarray(from, to), whole + from);
      return;
    }
    for (let at = from; at < to; at += PIECE) {
      const host = this.host(at, Access.write);
      this.cpu?.bytes.set(this.bytes.subarray(at, at + PIECE), host);
      this.cpu?.access.finishWrite(host);
    }
  }

  /** The x87 part of the legacy region. `wide`: 64-bit FIP and FDP (REX.W). */
  putX87(cpu: Cpu, wide: boolean): void {
    const { view } = this;
    view.setUint16(FCW, cpu.low(S.fcw), true);
    view.setUint16(FSW, cpu.low(S.fsw), true);
    view.setUint16(FTW, cpu.low(S.ftw), true);
    view.setUint16(FOP, cpu.low(S.fop), true);
    // The selectors of FIP and FDP are not kept any more (CPUID.7:EBX[13]).
    view.setUint32(FIP, cpu.low(S.fip), true);
    view.setUint32(FIP + 4, wide ? cpu.high(S.fip) : 0, true);
    view.setUint32(FDP, cpu.low(S.fdp), true);
    view.setUint32(FDP + 4, wide ? cpu.high(S.fdp) : 0, true);
    for (let i = 0; i < 8; i++) {
      const host = stackHost(cpu, i);
      const at = ST + 16 * i;
      view.setUint32(at, cpu.view.getUint32(host, true), true);
      view.setUint32(at + 4, cpu.view.getUint32(host + 4, true), true);
      view.setUint32(at + 8, cpu.view.getUint16(host + 8, true), true);
      view.setUint32(at + 12, 0, true);
    }
  }
  getX87(cpu: Cpu, wide: boolean): void {
    const { view } = this;
    cpu.setLow(S.fcw, (view.getUint16(FCW, true) & 0x1f3f) | 0x40);
    cpu.setLow(S.fsw, view.getUint16(FSW, true));
    cpu.setLow(S.ftw, view.getUint8(FTW));
    cpu.setLow(S.fop, view.getUint16(FOP, true) & 0x7ff);
    // FIP is kept as wide as linear addresses are.
    cpu.set64(S.fip, view.getInt32(FIP, true), wide ? (view.getInt32(FIP + 4, true) << 16) >> 16 : 0);
    cpu.set64(S.fdp, view.getInt32(FDP, true), wide ? view.getInt32(FDP + 4, true) : 0);
    for (let i = 0; i < 8; i++) {
      const host = stackHost(cpu, i);
      const at = ST + 16 * i;
      cpu.view.setUint32(host, view.getUint32(at, true), true);
      cpu.view.setUint32(host + 4, view.getUint32(at + 4, true), true);
      cpu.view.setUint16(host + 8, view.getUint16(at + 8, true), true);
    }
    updateSummary(cpu);
  }

  putMxcsr(cpu: Cpu): void {
    this.view.setUint32(MXCSR, cpu.low(S.mxcsr), true);
    this.view.setUint32(MASK, MXCSR_MASK, true);
  }
  /** #GP(0) where a bit is set that MXCSR does not have. */
  checkMxcsr(name: string): void {
    requireMxcsr(this.view.getUint32(MXCSR, true), name);
  }
  getMxcsr(cpu: Cpu): void {
    cpu.setLow(S.mxcsr, this.view.getInt32(MXCSR, true));
  }

  putXmm(cpu: Cpu): void {
    const end = xmmHost(cpu.long ? 16 : 8);
    this.bytes.set(cpu.bytes.subarray(xmmHost(0), end), XMM);
  }
  getXmm(cpu: Cpu): void {
    cpu.bytes.set(this.bytes.subarray(XMM, XMM + (cpu.long ? 256 : 128)), xmmHost(0));
  }
}

export function requireMxcsr(value: number, name: string): void {
  if ((value & ~MXCSR_MASK) === 0) return;
  throw generalProtection(
    0,
    `reserved bits of MXCSR are 0 in what ${name} loads`,
    'bits 31:16 0',
    hex(value >>> 0),
    'SDM vol. 1, 10.2.3',
    { kind: 'register', name: 'MXCSR', value: BigInt(value >>> 0) },
  );
}
