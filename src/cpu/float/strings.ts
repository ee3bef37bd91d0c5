/** PCMPESTRI, PCMPESTRM, PCMPISTRI and PCMPISTRM (SDM vol. 1, 12.11; vol. 2B, 4.1). */
import type { Instruction } from '../../isa/instruction.ts';
import { CF, OF, SF, ZF } from '../language/flags.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { A, B, hostOf, immediate, type Lanes, R, xmmHost } from './vectorOperands.ts';

/** Elements of a string, as imm[1:0] says. */
function elements(l: Lanes, imm: number): ArrayLike<number> {
  return [l.u8, l.u16, l.i8, l.i16][imm & 3] as ArrayLike<number>;
}
const countOf = (imm: number): number => ((imm & 1) !== 0 ? 8 : 16);

/** Length as RAX or RDX gives it: its magnitude, at most all elements. */
function explicitLength(cpu: Cpu, insn: Instruction, register: number, count: number): number {
  const bits = insn.operandSize === 64 ? 64 : 32;
  const n = BigInt.asIntN(bits, cpu.reg(register));
  const magnitude = n < 0n ? -n : n;
  return magnitude > BigInt(count) ? count : Number(magnitude);
}
/** Length up to the first zero. */
function implicitLength(l: ArrayLike<number>, count: number): number {
  for (let i = 0; i < count; i++) if (l[i] === 0) return i;
  return count;
}

/** IntRes1: one bit for each element of the second string (imm[3:2] chooses the aggregation). */
function aggregate(imm: number, a: ArrayLike<number>, b: ArrayLike<number>, la: number, lb: number): number {
  const count = countOf(imm);
  let bits = 0;
  for (let j = 0; j < count; j++) if (AGGREGATIONS[(imm >> 2) & 3]?.(a, b, la, lb, j, count)) bits |= 1 << j;
  return bits;
}
type Aggregation = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  la: number,
  lb: number,
  j: number,
  count: number,
) => boolean;
const at = (l: ArrayLike<number>, i: number): number => l[i] as number;
const equalAny: Aggregation = (a, b, la, lb, j) => {
  for (let i = 0; i < la && j < lb; i++) if (at(a, i) === at(b, j)) return true;
  return false;
};
const ranges: Aggregation = (a, b, la, lb, j) => {
  for (let i = 0; i + 1 < la && j < lb; i += 2) if (at(a, i) <= at(b, j) && at(b, j) <= at(a, i + 1)) return true;
  return false;
};
const equalEach: Aggregation = (a, b, la, lb, j) => (j < la && j < lb ? at(a, j) === at(b, j) : j >= la && j >= lb);
const equalOrdered: Aggregation = (a, b, la, lb, j, count) => {
  for (let i = 0; i < la && j + i < count; i++) if (j + i >= lb || at(a, i) !== at(b, j + i)) return false;
  return true;
};
const AGGREGATIONS: readonly Aggregation[] = [equalAny, ranges, equalEach, equalOrdered];

function compareStrings(cpu: Cpu, insn: Instruction, explicit: boolean): number {
  const imm = immediate(insn, 2);
  B.load(cpu, hostOf(cpu, insn, 1, 16), 16);
  A.load(cpu, hostOf(cpu, insn, 0, 16), 16);
  const count = countOf(imm);
  const [a, b] = [elements(A, imm), elements(B, imm)];
  const la = explicit ? explicitLength(cpu, insn, Reg.rax, count) : implicitLength(a, count);
  const lb = explicit ? explicitLength(cpu, insn, Reg.rdx, count) : implicitLength(b, count);
  let bits = aggregate(imm, a, b, la, lb);
  const all = (1 << count) - 1;
  if ((imm & 0x10) !== 0) bits ^= (imm & 0x20) !== 0 ? (1 << lb) - 1 : all;
  const flags = (bits !== 0 ? CF : 0) | (lb < count ? ZF : 0) | (la < count ? SF : 0) | ((bits & 1) !== 0 ? OF : 0);
  cpu.setStatusFlags(flags);
  return bits;
}

const HIGHEST = 0x40;
for (const [op, explicit] of [
  ['pcmpestri', true],
  ['pcmpistri', false],
] as const) {
  routine(op, (cpu, insn) => {
    const bits = compareStrings(cpu, insn, explicit);
    const imm = immediate(insn, 2);
    const lowest = 31 - Math.clz32(bits & -bits);
    const index = bits === 0 ? countOf(imm) : (imm & HIGHEST) !== 0 ? 31 - Math.clz32(bits) : lowest;
    writeRegister(cpu, Reg.rcx, 32, false, BigInt(index));
    return Outcome.next;
  });
}
const EXPAND = 0x40;
for (const [op, explicit] of [
  ['pcmpestrm', true],
  ['pcmpistrm', false],
] as const) {
  routine(op, (cpu, insn) => {
    const bits = compareStrings(cpu, insn, explicit);
    const imm = immediate(insn, 2);
    R.u8.fill(0);
    if ((imm & EXPAND) === 0) R.u16[0] = bits;
    else if (countOf(imm) === 8) for (let i = 0; i < 8; i++) R.i16[i] = -((bits >> i) & 1);
    else for (let i = 0; i < 16; i++) R.i8[i] = -((bits >> i) & 1);
    R.store(cpu, xmmHost(0), 16);
    return Outcome.next;
  });
}
