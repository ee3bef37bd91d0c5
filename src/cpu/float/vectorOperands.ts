/** Operands of MMX and SSE routines: host addresses, so that no value is copied that need not be. */
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf, lowOf } from '../cpu.ts';
import { generalProtection, hex } from '../fault.ts';
import { Access, S, STATE } from '../layout.ts';
import { checkedLinear, effectiveAddress, operandAt } from '../routines/operands.ts';
import { enterMmx, physicalHost } from './x87State.ts';

export const xmmHost = (n: number): number => STATE + S.xmm + 16 * n;

/** Accesses of 16 bytes that need no alignment (SDM vol. 2A, table 2-21: others raise #GP). */
const UNALIGNED = new Set('movups movupd movdqu lddqu pcmpestri pcmpestrm pcmpistri pcmpistrm maskmovdqu'.split(' '));

/** Whether operand `n` is a register. */
export const isRegister = (insn: Instruction, n: number): boolean => operandAt(insn, n).kind === 'reg';

/** Host address of memory at segment:offset, checked; `bytes` of 16 and more for `aligned` must be aligned. */
export function memoryHost(cpu: Cpu, insn: Instruction, n: number, bytes: number, access: number, align = 0): number {
  const operand = operandAt(insn, n);
  if (operand.kind !== 'mem') throw new Error(`${insn.encoding.mnemonic}: operand ${n} is no memory`);
  const linear = checkedLinear(cpu, operand.segment, effectiveAddress(cpu, insn, operand), bytes, access);
  if (align !== 0 && (linear & BigInt(align - 1)) !== 0n) {
    throw generalProtection(
      0,
      `the memory operand of ${insn.encoding.mnemonic.toUpperCase()} is aligned`,
      `a multiple of ${align}`,
      hex(linear),
      'SDM vol. 2A, table 2-21',
      { kind: 'address', linear },
    );
  }
  return cpu.access.host(lowOf(linear), highOf(linear), bytes | access);
}

/** Host address of `bytes` bytes of operand `n`: an XMM, MMX or general register, or memory. */
export function hostOf(cpu: Cpu, insn: Instruction, n: number, bytes: number, access = 0): number {
  const operand = operandAt(insn, n);
  if (operand.kind === 'reg') {
    if (operand.file === 'xmm') return xmmHost(operand.index);
    return operand.file === 'mmx' ? physicalHost(operand.index) : STATE + 8 * operand.index;
  }
  const align = bytes === 16 && !UNALIGNED.has(insn.encoding.op) ? 16 : 0;
  return memoryHost(cpu, insn, n, bytes, access, align);
}

/** The immediate of operand `n`. */
export function immediate(insn: Instruction, n: number): number {
  const operand = operandAt(insn, n);
  if (operand.kind !== 'imm') throw new Error(`${insn.encoding.mnemonic}: operand ${n} is no immediate`);
  return operand.low & 0xff;
}

/** One operand's worth of scratch, seen as lanes of every type. */
export class Lanes {
  readonly u8 = new Uint8Array(16);
  readonly i8 = new Int8Array(this.u8.buffer);
  readonly u16 = new Uint16Array(this.u8.buffer);
  readonly i16 = new Int16Array(this.u8.buffer);
  readonly u32 = new Uint32Array(this.u8.buffer);
  readonly i32 = new Int32Array(this.u8.buffer);
  readonly u64 = new BigUint64Array(this.u8.buffer);
  readonly i64 = new BigInt64Array(this.u8.buffer);
  readonly f32 = new Float32Array(this.u8.buffer);
  readonly f64 = new Float64Array(this.u8.buffer);

  load(cpu: Cpu, host: number, bytes: number): void {
    for (let i = 0; i < bytes; i++) this.u8[i] = cpu.bytes[host + i] as number;
  }
  store(cpu: Cpu, host: number, bytes: number): void {
    for (let i = 0; i < bytes; i++) cpu.bytes[host + i] = this.u8[i] as number;
  }
}

/** Destination, source and result of the routine under way. */
export const A = new Lanes();
export const B = new Lanes();
export const R = new Lanes();

/** True when the instruction's register operands are MMX registers: it works on 8 bytes. */
export function isMmx(insn: Instruction): boolean {
  return insn.operands.some((o) => o.kind === 'reg' && o.file === 'mmx');
}

/** After a write to MMX register `n`: bits 79:64 of the x87 register become ones (SDM vol. 1, 9.2.2). */
export function writeMmx(cpu: Cpu, n: number): void {
  const host = physicalHost(n);
  cpu.bytes[host + 8] = 0xff;
  cpu.bytes[host + 9] = 0xff;
}

/** Ends an instruction that used MMX registers; operand `written` is its destination, or -1. */
export function finishMmx(cpu: Cpu, insn: Instruction, written: number): void {
  enterMmx(cpu);
  const operand = written < 0 ? undefined : operandAt(insn, written);
  if (operand?.kind === 'reg' && operand.file === 'mmx') writeMmx(cpu, operand.index);
}

export const isWrite = Access.write;
