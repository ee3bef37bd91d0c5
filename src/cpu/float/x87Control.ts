/** x87 control and status words, environment and whole state (SDM vol. 1, 8.1.9 and 8.1.10). */
import type { Instruction } from '../../isa/instruction.ts';
import { CR0 } from '../../registers/cr.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { type Cpu, highOf, lowOf, Reg } from '../cpu.ts';
import { Access, Outcome, S } from '../layout.ts';
import { checkedLinear, effectiveAddress, operandAt, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { memoryHost } from './vectorOperands.ts';
import { abridgedTag, FSW, fullTag, initX87, requireNoPending, stackHost, updateSummary } from './x87State.ts';

/** Bits of the control word that can be set; bit 6 always is. */
const setControl = (cpu: Cpu, value: number): void => cpu.setLow(S.fcw, (value & 0x1f3f) | 0x40);

routine('fldcw', (cpu, insn) => {
  const host = memoryHost(cpu, insn, 0, 2, 0);
  requireNoPending(cpu);
  setControl(cpu, cpu.view.getUint16(host, true));
  updateSummary(cpu);
  return Outcome.next;
});
routine('fnstcw', (cpu, insn) => {
  cpu.writeAt(memoryHost(cpu, insn, 0, 2, Access.write), 2, BigInt(cpu.low(S.fcw)));
  return Outcome.next;
});
routine('fnstsw', (cpu, insn) => {
  const value = BigInt(cpu.low(S.fsw));
  if (operandAt(insn, 0).kind === 'reg') writeRegister(cpu, Reg.rax, 16, false, value);
  else cpu.writeAt(memoryHost(cpu, insn, 0, 2, Access.write), 2, value);
  return Outcome.next;
});
routine('fnclex', (cpu) => {
  cpu.setLow(S.fsw, cpu.low(S.fsw) & (FSW.TOP | FSW.C0 | FSW.C1 | FSW.C2 | FSW.C3));
  return Outcome.next;
});
routine('fninit', (cpu) => {
  initX87(cpu);
  return Outcome.next;
});
routine('fwait', (cpu) => {
  requireNoPending(cpu);
  return Outcome.next;
});

/** An image in memory as a list of 16-bit words, each of which may lie in another page. */
class Image {
  private readonly cpu: Cpu;
  private readonly insn: Instruction;
  private readonly access: number;
  readonly words: number[] = [];

  constructor(cpu: Cpu, insn: Instruction, access: number) {
    this.cpu = cpu;
    this.insn = insn;
    this.access = access;
  }
  private host(i: number): number {
    const { cpu, insn } = this;
    const operand = operandAt(insn, 0);
    if (operand.kind !== 'mem') throw new Error('memory expected');
    const offset = BigInt.asUintN(insn.addressSize, effectiveAddress(cpu, insn, operand) + BigInt(2 * i));
    const linear = checkedLinear(cpu, operand.segment, offset, 2, this.access);
    return cpu.access.host(lowOf(linear), highOf(linear), 2 | this.access);
  }
  load(count: number): void {
    for (let i = 0; i < count; i++) this.words[i] = this.cpu.view.getUint16(this.host(i), true);
  }
  store(): void {
    // Every word is checked before the first is written.
    this.words.forEach((_, i) => this.host(i));
    this.words.forEach((word, i) => this.cpu.writeAt(this.host(i), 2, BigInt(word)));
  }
  word(i: number): number {
    return this.words[i] ?? 0;
  }
}

const ONES = 0xffff;
const half = (v: number, n: 0 | 1): number => (n === 0 ? v & 0xffff : v >>> 16);
const real = (cpu: Cpu): boolean => (cpu.low(S.cr0) & CR0.PE) === 0 || (cpu.systemFlags & RFLAGS.VM) !== 0;
const narrow = (insn: Instruction): boolean => insn.operandSize === 16;
const environmentWords = (insn: Instruction): number => (narrow(insn) ? 7 : 14);

/** The environment's words in one of its four layouts. */
function environment(cpu: Cpu, insn: Instruction): number[] {
  const [fcw, fsw, ftw, fop] = [cpu.low(S.fcw), cpu.low(S.fsw), fullTag(cpu), cpu.low(S.fop)];
  const [fip, fdp] = [cpu.low(S.fip), cpu.low(S.fdp)];
  if (narrow(insn)) {
    if (!real(cpu)) return [fcw, fsw, ftw, half(fip, 0), 0, half(fdp, 0), 0];
    const high = (v: number): number => (v >>> 4) & 0xf000;
    return [fcw, fsw, ftw, half(fip, 0), high(fip) | fop, half(fdp, 0), high(fdp)];
  }
  const head = [fcw, ONES, fsw, ONES, ftw, ONES, half(fip, 0)];
  if (!real(cpu)) return [...head, half(fip, 1), 0, fop, half(fdp, 0), half(fdp, 1), 0, ONES];
  const high = (v: number): number => half(v, 1) << 12;
  const [code, data] = [high(fip) | fop, high(fdp)];
  return [...head, 0, code & 0xffff, code >>> 16, half(fdp, 0), 0, data & 0xffff, data >>> 16];
}

function loadEnvironment(cpu: Cpu, insn: Instruction, image: Image): void {
  const w = (i: number): number => image.word(i);
  const small = narrow(insn);
  setControl(cpu, w(0));
  cpu.setLow(S.fsw, w(small ? 1 : 2));
  cpu.setLow(S.ftw, abridgedTag(w(small ? 2 : 4)));
  const isReal = real(cpu);
  if (small) {
    cpu.set64(S.fip, w(3) | (isReal ? (w(4) & 0xf000) << 4 : 0), 0);
    cpu.set64(S.fdp, w(5) | (isReal ? (w(6) & 0xf000) << 4 : 0), 0);
    cpu.setLow(S.fop, isReal ? w(4) & 0x7ff : 0);
  } else {
    const pointer = (i: number, rest: number): number =>
      isReal ? w(i) | (((w(rest) | (w(rest + 1) << 16)) >>> 12) << 16) : w(i) | (w(i + 1) << 16);
    cpu.set64(S.fip, pointer(6, 8), 0);
    cpu.set64(S.fdp, pointer(10, 12), 0);
    cpu.setLow(S.fop, w(isReal ? 8 : 9) & 0x7ff);
  }
  updateSummary(cpu);
}

routine('fnstenv', (cpu, insn) => {
  const image = new Image(cpu, insn, Access.write);
  image.words.push(...environment(cpu, insn));
  image.store();
  cpu.setLow(S.fcw, cpu.low(S.fcw) | 0x3f);
  updateSummary(cpu);
  return Outcome.next;
});
routine('fldenv', (cpu, insn) => {
  requireNoPending(cpu);
  const image = new Image(cpu, insn, 0);
  image.load(environmentWords(insn));
  loadEnvironment(cpu, insn, image);
  return Outcome.next;
});
routine('fnsave', (cpu, insn) => {
  const image = new Image(cpu, insn, Access.write);
  image.words.push(...environment(cpu, insn));
  for (let i = 0; i < 8; i++)
    for (let k = 0; k < 10; k += 2) image.words.push(cpu.view.getUint16(stackHost(cpu, i) + k, true));
  image.store();
  initX87(cpu);
  return Outcome.next;
});
routine('frstor', (cpu, insn) => {
  requireNoPending(cpu);
  const image = new Image(cpu, insn, 0);
  const head = environmentWords(insn);
  image.load(head + 40);
  loadEnvironment(cpu, insn, image);
  for (let i = 0; i < 8; i++)
    for (let k = 0; k < 5; k++) cpu.view.setUint16(stackHost(cpu, i) + 2 * k, image.word(head + 5 * i + k), true);
  return Outcome.next;
});
