/** SSE conversions and rounding to integers (SDM vol. 1, 11.4.1.6 and 12.10.5). */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { operandAt, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { toInteger } from './arithmetic.ts';
import {
  Context,
  EX,
  F32,
  F64,
  finite,
  type Format,
  isNan,
  Kind,
  operand,
  pack,
  packSpecial,
  RC,
  zero,
} from './format.ts';
import { getLane, loadBoth, nanOf, setLane } from './sseArithmetic.ts';
import { settle, sseContext } from './sseContext.ts';
import { B, finishMmx, hostOf, immediate, isMmx, isRegister, R } from './vectorOperands.ts';

/** From one format to the other. */
function reformat(c: Context, from: Format, to: Format, bits: bigint): bigint {
  const v = operand(c, from, bits);
  if (isNan(v)) return nanOf(c, to, v, v);
  if (v.denormal) c.flags |= EX.D;
  return pack(c, to, v);
}

/** A signed integer as a float. */
export function fromInteger(c: Context, f: Format, n: bigint): bigint {
  return n === 0n ? packSpecial(f, zero(0)) : pack(c, f, finite(n < 0n ? 1 : 0, n < 0n ? -n : n, 0));
}

/** A float as a signed integer of `bits` bits; the lowest one where it does not fit ("integer indefinite"). */
export function integerOf(c: Context, f: Format, x: bigint, bits: number, rounding: number): bigint {
  const v = operand(c, f, x);
  const limit = 1n << BigInt(bits - 1);
  if (v.kind === Kind.zero || v.kind === Kind.finite) {
    const { n, inexact } = toInteger(v, rounding);
    if (n >= -limit && n < limit) {
      if (inexact) c.flags |= EX.P;
      return BigInt.asUintN(bits, n);
    }
  }
  c.flags |= EX.I;
  return limit;
}

/** Loads `bytes` bytes of the source to B and the destination register to R. */
function loadSource(cpu: Cpu, insn: Instruction, bytes: number): void {
  const source = operandAt(insn, 1);
  const width = source.kind === 'mem' ? bytes : isMmx(insn) || source.kind !== 'reg' || source.file === 'gpr' ? 8 : 16;
  B.load(cpu, hostOf(cpu, insn, 1, width), width);
}

/** A conversion within XMM registers; `body` fills R, which holds the destination (zeros when `clears`). */
function convert(op: string, bytes: number, clears: boolean, body: (c: Context) => void): void {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = hostOf(cpu, insn, 0, 16);
    loadSource(cpu, insn, bytes);
    if (clears) R.u8.fill(0);
    else R.load(cpu, to, 16);
    body(c);
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}
convert('cvtps2pd', 8, true, (c) => {
  for (let i = 0; i < 2; i++) setLane(R, F64, i, reformat(c, F32, F64, getLane(B, F32, i)));
});
convert('cvtpd2ps', 16, true, (c) => {
  for (let i = 0; i < 2; i++) setLane(R, F32, i, reformat(c, F64, F32, getLane(B, F64, i)));
});
convert('cvtss2sd', 4, false, (c) => setLane(R, F64, 0, reformat(c, F32, F64, getLane(B, F32, 0))));
convert('cvtsd2ss', 8, false, (c) => setLane(R, F32, 0, reformat(c, F64, F32, getLane(B, F64, 0))));
convert('cvtdq2ps', 16, true, (c) => {
  for (let i = 0; i < 4; i++) setLane(R, F32, i, fromInteger(c, F32, BigInt(B.i32[i] as number)));
});
convert('cvtdq2pd', 8, true, (c) => {
  for (let i = 0; i < 2; i++) setLane(R, F64, i, fromInteger(c, F64, BigInt(B.i32[i] as number)));
});
for (const [op, f, truncates] of [
  ['cvtps2dq', F32, false],
  ['cvttps2dq', F32, true],
  ['cvtpd2dq', F64, false],
  ['cvttpd2dq', F64, true],
] as const) {
  convert(op, 16, true, (c) => {
    const rounding = truncates ? RC.zero : c.rounding;
    for (let i = 0; i < 128 / f.bits; i++) R.u32[i] = Number(integerOf(c, f, getLane(B, f, i), 32, rounding));
  });
}
for (const [op, f] of [
  ['cvtsi2ss', F32],
  ['cvtsi2sd', F64],
] as const) {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = hostOf(cpu, insn, 0, 16);
    const bytes = insn.operandSize === 64 ? 8 : 4;
    B.load(cpu, hostOf(cpu, insn, 1, bytes), bytes);
    R.load(cpu, to, 16);
    setLane(R, f, 0, fromInteger(c, f, bytes === 8 ? (B.i64[0] as bigint) : BigInt(B.i32[0] as number)));
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}
for (const [op, f, truncates] of [
  ['cvtss2si', F32, false],
  ['cvttss2si', F32, true],
  ['cvtsd2si', F64, false],
  ['cvttsd2si', F64, true],
] as const) {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    loadSource(cpu, insn, f.bits / 8);
    const bits = insn.operandSize === 64 ? 64 : 32;
    const n = integerOf(c, f, getLane(B, f, 0), bits, truncates ? RC.zero : c.rounding);
    settle(cpu, c);
    const to = operandAt(insn, 0);
    if (to.kind === 'reg') writeRegister(cpu, to.index, bits, false, n);
    return Outcome.next;
  });
}
/** Between MMX and XMM registers. */
for (const [op, f] of [
  ['cvtpi2ps', F32],
  ['cvtpi2pd', F64],
] as const) {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = hostOf(cpu, insn, 0, 16);
    B.load(cpu, hostOf(cpu, insn, 1, 8), 8);
    R.load(cpu, to, 16);
    for (let i = 0; i < 2; i++) setLane(R, f, i, fromInteger(c, f, BigInt(B.i32[i] as number)));
    // The registers are in MMX use even when the conversion is refused.
    if (isRegister(insn, 1)) finishMmx(cpu, insn, -1);
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}
for (const [op, f, truncates] of [
  ['cvtps2pi', F32, false],
  ['cvttps2pi', F32, true],
  ['cvtpd2pi', F64, false],
  ['cvttpd2pi', F64, true],
] as const) {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    const bytes = f.bits / 4;
    B.load(cpu, hostOf(cpu, insn, 1, bytes), bytes);
    for (let i = 0; i < 2; i++)
      R.u32[i] = Number(integerOf(c, f, getLane(B, f, i), 32, truncates ? RC.zero : c.rounding));
    finishMmx(cpu, insn, -1);
    settle(cpu, c);
    R.store(cpu, hostOf(cpu, insn, 0, 8), 8);
    finishMmx(cpu, insn, 0);
    return Outcome.next;
  });
}

/** Immediate of ROUNDPS: bits 1:0 rounding, bit 2 take MXCSR's instead, bit 3 say nothing of inexact results. */
const [OWN_MODE, QUIET] = [4, 8];
function roundLane(c: Context, f: Format, x: bigint, imm: number): bigint {
  const v = operand(c, f, x);
  if (isNan(v)) return nanOf(c, f, v, v);
  if (v.kind !== Kind.finite) return packSpecial(f, v);
  const { n, inexact } = toInteger(v, (imm & OWN_MODE) !== 0 ? c.rounding : imm & 3);
  if (inexact && (imm & QUIET) === 0) c.flags |= EX.P;
  if (v.exp >= 0) return x;
  return n === 0n ? packSpecial(f, zero(v.sign)) : fromInteger(new Context(), f, n);
}
for (const [type, f, count] of [
  ['ps', F32, 4],
  ['pd', F64, 2],
  ['ss', F32, 1],
  ['sd', F64, 1],
] as const) {
  routine(`round${type}`, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = loadBoth(cpu, insn, count === 1 ? f.bits / 8 : 16);
    const imm = immediate(insn, 2);
    for (let i = 0; i < count; i++) setLane(R, f, i, roundLane(c, f, getLane(B, f, i), imm));
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}
