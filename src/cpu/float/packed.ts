/** Shapes of packed routines: they differ only in what happens to the lanes in A and B, which ends in R. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { operandAt } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { A, B, finishMmx, hostOf, immediate, isMmx, R } from './vectorOperands.ts';

/** Bytes that operand `n` gives: its memory width, or the whole register. */
function bytesOf(insn: Instruction, n: number, whole: number): number {
  const operand = operandAt(insn, n);
  return operand.kind === 'mem' ? operand.bits / 8 : whole;
}

/** dst <- f(dst, src) on 8 or 16 bytes; `imm` is the last operand when it is an immediate. */
export function packed(op: string, f: (bytes: number, imm: number) => void): void {
  routine(op, (cpu: Cpu, insn: Instruction) => {
    const mmx = isMmx(insn);
    const bytes = mmx ? 8 : 16;
    const last = operandAt(insn, insn.operands.length - 1);
    const to = hostOf(cpu, insn, 0, bytes);
    const width = bytesOf(insn, 1, bytes);
    B.load(cpu, hostOf(cpu, insn, 1, width), width);
    A.load(cpu, to, bytes);
    f(bytes, last.kind === 'imm' ? last.low & 0xff : 0);
    R.store(cpu, to, bytes);
    if (mmx) finishMmx(cpu, insn, 0);
    return Outcome.next;
  });
}

export const bytewise = (op: string, f: (x: number, y: number) => number, signed = false): void =>
  packed(op, (bytes) => {
    const [a, b] = signed ? [A.i8, B.i8] : [A.u8, B.u8];
    for (let i = 0; i < bytes; i++) R.u8[i] = f(a[i] as number, b[i] as number);
  });
export const wordwise = (op: string, f: (x: number, y: number) => number, signed = false): void =>
  packed(op, (bytes) => {
    const [a, b] = signed ? [A.i16, B.i16] : [A.u16, B.u16];
    for (let i = 0; i < bytes / 2; i++) R.u16[i] = f(a[i] as number, b[i] as number);
  });
export const dwordwise = (op: string, f: (x: number, y: number) => number, signed = false): void =>
  packed(op, (bytes) => {
    const [a, b] = signed ? [A.i32, B.i32] : [A.u32, B.u32];
    for (let i = 0; i < bytes / 4; i++) R.u32[i] = f(a[i] as number, b[i] as number);
  });
export const qwordwise = (op: string, f: (x: bigint, y: bigint) => bigint): void =>
  packed(op, (bytes) => {
    for (let i = 0; i < bytes / 8; i++) R.u64[i] = BigInt.asUintN(64, f(A.u64[i] as bigint, B.u64[i] as bigint));
  });

/** dst <- f(dst, count): the count is an immediate or the low 64 bits of the source, given as at most 255. */
export function shift(op: string, f: (bytes: number, count: number) => void): void {
  routine(op, (cpu: Cpu, insn: Instruction) => {
    const mmx = isMmx(insn);
    const bytes = mmx ? 8 : 16;
    const to = hostOf(cpu, insn, 0, bytes);
    let count: number;
    if (operandAt(insn, 1).kind === 'imm') count = immediate(insn, 1);
    else {
      const from = hostOf(cpu, insn, 1, bytes);
      B.load(cpu, from, 8);
      count = B.u32[1] !== 0 || (B.u32[0] as number) > 255 ? 255 : (B.u32[0] as number);
    }
    A.load(cpu, to, bytes);
    f(bytes, count);
    R.store(cpu, to, bytes);
    if (mmx) finishMmx(cpu, insn, 0);
    return Outcome.next;
  });
}
