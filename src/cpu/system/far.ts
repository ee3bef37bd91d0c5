/** Far JMP, CALL and RET, directly and through call gates (SDM vol. 2A, CALL and JMP; 2B, RET; vol. 3A, 5.8). */
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { generalProtection, hex, Vector } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { effectiveAddress, load, operandAt, peekStack, pushAll, setStackPointer } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import {
  attributesOf,
  CS,
  type Descriptor,
  dplOf,
  isCode,
  isConforming,
  isPresent,
  markDescriptor,
  protectedMode,
  setRealSegment,
  setSegment,
  setSegmentFrom,
  SS,
} from '../segmentation.ts';
import {
  checkReturnCode,
  checkReturnStack,
  checkTarget,
  refusal,
  requireDescriptor,
  requireLongForm,
} from './codeSegment.ts';
import { dropPrivilegedSegments } from './iret.ts';
import { gateMicrocode, rememberGate, throughGate } from './callGate.ts';
import { requireRoom } from './interruptLegacy.ts';
import { runMicrocode } from './microcode.ts';
import { microcoded } from './registry.ts';

interface FarPointer {
  readonly selector: number;
  readonly offset: bigint;
}

function pointerOf(cpu: Cpu, insn: Instruction): FarPointer {
  const operand = operandAt(insn, 0);
  if (operand.kind === 'far') return { selector: operand.selector, offset: BigInt(operand.offset >>> 0) };
  if (operand.kind !== 'mem') throw new Error('a far pointer expected');
  const at = effectiveAddress(cpu, insn, operand);
  const bytes = insn.operandSize / 8;
  const offset = load(cpu, operand.segment, at, bytes);
  const selector = load(cpu, operand.segment, BigInt.asUintN(insn.addressSize, at + BigInt(bytes)), 2);
  return { selector: Number(selector), offset };
}

const manualOf = (call: boolean): string => (call ? 'SDM vol. 2A, CALL' : 'SDM vol. 2A, JMP');

function farTransfer(cpu: Cpu, insn: Instruction, call: boolean): number {
  const target = pointerOf(cpu, insn);
  if (!protectedMode(cpu)) transferReal(cpu, insn, target, call);
  else transferProtected(cpu, insn, target, call);
  return cpu.attention ? Outcome.leaveAt : Outcome.jump;
}

function transferReal(cpu: Cpu, insn: Instruction, target: FarPointer, call: boolean): void {
  if (target.offset > BigInt(cpu.limit(CS))) {
    throw generalProtection(0, 'the target is within CS.limit', hex(cpu.limit(CS)), hex(target.offset), manualOf(call));
  }
  if (call) pushAll(cpu, insn.operandSize / 8, [BigInt(cpu.selector(CS)), cpu.get(S.nextRip)]);
  setRealSegment(cpu, CS, target.selector);
  cpu.rip = target.offset;
}

function transferProtected(cpu: Cpu, insn: Instruction, target: FarPointer, call: boolean): void {
  const manual = manualOf(call);
  const d = requireDescriptor(cpu, target.selector, 'the target selector', manual);
  const a = attributesOf(d);
  if ((a & ATTRIBUTE.S) === 0) {
    rememberGate(cpu, target.selector, d);
    return runMicrocode(cpu, throughGate(cpu, call));
  }
  const refuse = refusal(target.selector, d, manual);
  if (!isCode(a)) throw refuse(Vector.GP, 'Type', 'the target is a code segment', 'code', `attributes ${hex(a)}`);
  requireLongForm(cpu, target.selector, d, manual);
  const dpl = dplOf(a);
  const rpl = target.selector & 3;
  if (isConforming(a)) {
    if (dpl > cpu.cpl)
      throw refuse(Vector.GP, 'DPL', 'DPL of conforming code is at most CPL', `at most ${cpu.cpl}`, `${dpl}`);
  } else if (rpl > cpu.cpl || dpl !== cpu.cpl) {
    throw refuse(
      Vector.GP,
      'DPL',
      'DPL of the target = CPL, RPL at most CPL',
      `DPL ${cpu.cpl}`,
      `DPL ${dpl}, RPL ${rpl}`,
    );
  }
  if (!isPresent(a)) throw refuse(Vector.NP, 'P', 'the target is present', 'P = 1', 'P = 0');
  if (call) requireRoom(cpu, insn.operandSize / 8, 2, 0);
  checkTarget(cpu, d, target.offset, manual);
  if (call) pushAll(cpu, insn.operandSize / 8, [BigInt(cpu.selector(CS)), cpu.get(S.nextRip)]);
  enterCode(cpu, target.selector, d, cpu.cpl, target.offset);
}

function enterCode(cpu: Cpu, selector: number, d: Descriptor, cpl: number, rip: bigint): void {
  markDescriptor(cpu, selector, d, ATTRIBUTE.A);
  setSegmentFrom(cpu, CS, (selector & 0xfffc) | cpl, d);
  if (cpl !== cpu.cpl) cpu.setCpl(cpl);
  cpu.rip = rip;
}

const selectorOf = (cpu: Cpu, insn: Instruction): number => pointerOf(cpu, insn).selector;
microcoded(
  'jmpf',
  (cpu, insn) => gateMicrocode(cpu, insn, false, selectorOf),
  (cpu, insn) => farTransfer(cpu, insn, false),
);
microcoded(
  'callf',
  (cpu, insn) => gateMicrocode(cpu, insn, true, selectorOf),
  (cpu, insn) => farTransfer(cpu, insn, true),
);

const RET = 'SDM vol. 2B, RET';
routine('retf', (cpu, insn) => {
  const bytes = insn.operandSize / 8;
  const operand = insn.operands[0];
  const extra = operand?.kind === 'imm' ? operand.low & 0xffff : 0;
  const rip = peekStack(cpu, bytes, 0);
  const selector = Number(peekStack(cpu, bytes, bytes) & 0xffffn);
  if (!protectedMode(cpu)) {
    if (rip > BigInt(cpu.limit(CS)))
      throw generalProtection(0, 'the return IP is within CS.limit', hex(cpu.limit(CS)), hex(rip), RET);
    setStackPointer(cpu, cpu.reg(Reg.rsp) + BigInt(2 * bytes + extra));
    setRealSegment(cpu, CS, selector);
    cpu.rip = rip;
    return Outcome.jump;
  }
  const code = requireDescriptor(cpu, selector, 'the return CS', RET);
  checkReturnCode(cpu, selector, code, RET);
  const cpl = selector & 3;
  if (cpl === cpu.cpl) {
    checkTarget(cpu, code, rip, RET);
    setStackPointer(cpu, cpu.reg(Reg.rsp) + BigInt(2 * bytes + extra));
    enterCode(cpu, selector, code, cpl, rip);
    return Outcome.jump;
  }
  const pointer = peekStack(cpu, bytes, 2 * bytes + extra);
  const stackSelector = Number(peekStack(cpu, bytes, 3 * bytes + extra) & 0xffffn);
  const stack = checkReturnStack(cpu, stackSelector, cpl, (attributesOf(code) & ATTRIBUTE.L) !== 0, RET);
  checkTarget(cpu, code, rip, RET);
  enterCode(cpu, selector, code, cpl, rip);
  if (stack === null) setSegment(cpu, SS, stackSelector, 0n, 0, (cpl << DPL_SHIFT) | ATTRIBUTE.B);
  else {
    markDescriptor(cpu, stackSelector, stack, ATTRIBUTE.A);
    setSegmentFrom(cpu, SS, stackSelector, stack);
  }
  setStackPointer(cpu, pointer + BigInt(extra));
  dropPrivilegedSegments(cpu, cpl);
  return Outcome.jump;
});
