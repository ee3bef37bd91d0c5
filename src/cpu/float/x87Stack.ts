/** The register stack and what every x87 instruction does around its work (SDM vol. 1, 8.1 and 8.5). */
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf, lowOf } from '../cpu.ts';
import { Outcome, S } from '../layout.ts';
import { effectiveAddress } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { BEFORE, Context, EX, F80, INDEFINITE, packSpecial } from './format.ts';
import { FSW, isEmpty, requireNoPending, setTop, stackHost, topOf } from './x87State.ts';

/** Beside the exceptions: an invalid operation of the stack itself, and C1 of its overflow. */
export const STACK = { fault: FSW.SF, overflow: FSW.C1 } as const;
export const INDEFINITE_BITS = packSpecial(F80, INDEFINITE);

const PRECISION = [24, 24, 53, 64] as const;
const context = new Context();

/** The instruction under way: its rounding context, and what it adds to the status word. */
export class X87 {
  readonly cpu: Cpu;
  readonly insn: Instruction;
  readonly c: Context;
  /** FSW bits beside the exceptions: SF, and C1 where a stack overflow set it. */
  extra = 0;

  constructor(cpu: Cpu, insn: Instruction) {
    this.cpu = cpu;
    this.insn = insn;
    this.c = context;
    const fcw = cpu.low(S.fcw);
    context.flags = 0;
    context.roundedUp = false;
    context.masks = fcw & 0x3f;
    context.rounding = (fcw >> 10) & 3;
    context.precision = 64;
    context.wraps = true;
  }

  /** Lets FCW.PC decide how many bits results have. */
  controlPrecision(): void {
    this.c.precision = PRECISION[(this.cpu.low(S.fcw) >> 8) & 3] ?? 64;
  }

  bits(i: number): bigint {
    const { view } = this.cpu;
    const host = stackHost(this.cpu, i);
    return (BigInt(view.getUint16(host + 8, true)) << 64n) | view.getBigUint64(host, true);
  }
  setBits(i: number, bits: bigint): void {
    const { view } = this.cpu;
    const host = stackHost(this.cpu, i);
    view.setBigUint64(host, BigInt.asUintN(64, bits), true);
    view.setUint16(host + 8, Number(bits >> 64n), true);
    this.tag(i, true);
  }
  tag(i: number, used: boolean): void {
    const bit = 1 << ((topOf(this.cpu) + i) & 7);
    const ftw = this.cpu.low(S.ftw);
    this.cpu.setLow(S.ftw, used ? ftw | bit : ftw & ~bit);
  }
  empty(i: number): boolean {
    return isEmpty(this.cpu, i);
  }
  pop(): void {
    this.tag(0, false);
    setTop(this.cpu, topOf(this.cpu) + 1);
  }

  /** An empty register was to be read. */
  underflow(): void {
    this.c.flags |= EX.I;
    this.extra |= STACK.fault;
  }

  /**
   * Writes what happened to the status word. False when an exception that is not masked keeps the instruction from
   * changing anything else: I, D and Z for results in registers; `stores`: also O and U.
   */
  settle(stores = false): boolean {
    const { cpu, c } = this;
    const unmasked = c.flags & ~c.masks;
    const refused = (unmasked & (BEFORE | (stores ? EX.O | EX.U : 0))) !== 0;
    const flags = (unmasked & BEFORE) !== 0 ? c.flags & BEFORE : c.flags;
    const up = c.roundedUp && (flags & EX.P) !== 0 && !refused ? FSW.C1 : 0;
    const kept = this.keeps && (this.extra & FSW.SF) === 0 ? FSW.C1 : 0;
    let fsw = (cpu.low(S.fsw) & ~(FSW.C1 & ~kept)) | flags | this.extra | up;
    if (unmasked !== 0) {
      fsw |= FSW.ES | FSW.B;
      this.notePointers();
    }
    cpu.setLow(S.fsw, fsw);
    return !refused;
  }

  /** FOP and FDP are kept only for exceptions that are not masked (CPUID.7:EBX[6]). */
  private notePointers(): void {
    const { cpu, insn } = this;
    const memory = insn.operands.find((o) => o.kind === 'mem');
    if (memory?.kind === 'mem') {
      const linear = cpu.linear(memory.segment, effectiveAddress(cpu, insn, memory));
      cpu.set64(S.fdp, lowOf(linear), highOf(linear));
    }
    cpu.setLow(S.fop, opcodeOf(cpu, insn));
  }

  /** Condition codes C0, C2, C3 (C1 is settle's). */
  conditions(bits: number): void {
    const { cpu } = this;
    cpu.setLow(S.fsw, (cpu.low(S.fsw) & ~(FSW.C0 | FSW.C2 | FSW.C3)) | bits);
  }

  /** C1 stays as it was unless the stack is at fault. */
  keepC1(): void {
    this.keeps = true;
  }
  private keeps = false;
  raiseC1(): void {
    this.cpu.setLow(S.fsw, this.cpu.low(S.fsw) | FSW.C1);
  }

  /** Pushes a result that is ready; `settle` is part of it. */
  push(bits: bigint): void {
    let value = bits;
    if (!this.empty(7) && this.extra === 0) {
      this.c.flags |= EX.I;
      this.extra |= STACK.fault | STACK.overflow;
      value = INDEFINITE_BITS;
    }
    // A denormal is loaded all the same.
    if (!this.settle() && (this.c.flags & EX.I) !== 0) return;
    setTop(this.cpu, topOf(this.cpu) - 1);
    this.setBits(0, value);
  }
}

/** The low three bits of the first opcode byte and the second byte. */
function opcodeOf(_cpu: Cpu, insn: Instruction): number {
  return ((insn.encoding.opcode & 7) << 8) | modrmOf(_cpu, insn);
}
function modrmOf(cpu: Cpu, insn: Instruction): number {
  const { encoding } = insn;
  if (encoding.modrm >= 0) return encoding.modrm;
  return modrmByte(cpu, insn);
}
/** ModRM as it stands in memory: behind the prefixes and the opcode. */
function modrmByte(cpu: Cpu, insn: Instruction): number {
  const rip = cpu.get(S.rip);
  for (let i = 0; i < insn.length - 1; i++) {
    const linear = cpu.linear(1, BigInt.asUintN(64, rip + BigInt(i)));
    const physical = cpu.access.fetch(lowOf(linear), highOf(linear));
    if (physical < 0) cpu.access.takePending();
    const host = physical < 0 ? 0 : cpu.memory.host(physical);
    if (host === 0 || cpu.bytes[host] !== insn.encoding.opcode) continue;
    const next = cpu.linear(1, BigInt.asUintN(64, rip + BigInt(i + 1)));
    const at = cpu.memory.host(cpu.access.fetch(lowOf(next), highOf(next)));
    return at === 0 ? 0 : (cpu.bytes[at] as number);
  }
  return 0;
}

/** An instruction that looks at pending exceptions first and is remembered as the last one. */
export function x87(op: string, run: (f: X87) => void): void {
  routine(op, (cpu, insn) => {
    requireNoPending(cpu);
    const f = new X87(cpu, insn);
    run(f);
    cpu.copy64(S.fip, S.rip);
    return Outcome.next;
  });
}
