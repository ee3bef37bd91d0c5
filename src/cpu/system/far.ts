/** Far JMP, CALL and RET, directly and through call gates (SDM vol. 2A, CALL and JMP; 2B, RET; vol. 3A, 5.8). */
import { ATTRIBUTE, DPL_SHIFT, SystemType } from '../../registers/descriptor.ts';
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
  readDescriptorTop,
  setRealSegment,
  setSegment,
  setSegmentFrom,
  SS,
} from '../segmentation.ts';
import {
  checkReturnCode,
  checkReturnStack,
  checkTarget,
  longActive,
  refusal,
  requireDescriptor,
  requireLongForm,
} from './codeSegment.ts';
import { dropPrivilegedSegments } from './iret.ts';
import { pushOnInnerStack } from './interruptLegacy.ts';
import { requireCanonicalStack, tssStack } from './stack.ts';

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
  if ((a & ATTRIBUTE.S) === 0) return throughGate(cpu, target.selector, d, call, manual);
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

function throughGate(cpu: Cpu, gateSelector: number, gate: Descriptor, call: boolean, manual: string): void {
  const refuseGate = refusal(gateSelector, gate, manual);
  const ga = attributesOf(gate);
  const type = ga & ATTRIBUTE.Type;
  const long = longActive(cpu);
  if (type !== SystemType.callGate && (long || type !== SystemType.callGate16)) {
    const task = !long && (type === SystemType.taskGate || (type & 5) === 1);
    const actual = task
      ? `type ${hex(type)}: hardware task switching is not part of this machine`
      : `type ${hex(type)}`;
    throw refuseGate(Vector.GP, 'Type', 'the system descriptor is a call gate', 'type Ch', actual);
  }
  if (dplOf(ga) < cpu.cpl || dplOf(ga) < (gateSelector & 3)) {
    throw refuseGate(
      Vector.GP,
      'DPL',
      "the gate's DPL is at least CPL and RPL",
      `at least ${Math.max(cpu.cpl, gateSelector & 3)}`,
      `${dplOf(ga)}`,
    );
  }
  if (!isPresent(ga)) throw refuseGate(Vector.NP, 'P', 'the gate is present', 'P = 1', 'P = 0');
  let high = 0n;
  if (long) {
    const top = readDescriptorTop(cpu, gateSelector);
    if (top === null || (top.high & 0x1f00) !== 0) {
      throw refuseGate(
        Vector.GP,
        'Type',
        "the gate's upper half has type 0",
        '0',
        top === null ? 'outside its table' : hex((top.high >>> 8) & 31),
      );
    }
    high = BigInt(top.low >>> 0) << 32n;
  }
  const selector = gate.low >>> 16;
  const code = requireDescriptor(cpu, selector, "the gate's code selector", manual);
  const refuse = refusal(selector, code, manual);
  const a = attributesOf(code);
  if (!isCode(a)) throw refuse(Vector.GP, 'Type', "the gate's target is code", 'code', `attributes ${hex(a)}`);
  if (dplOf(a) > cpu.cpl)
    throw refuse(Vector.GP, 'DPL', "DPL of the gate's target is at most CPL", `at most ${cpu.cpl}`, `${dplOf(a)}`);
  if (long && (a & (ATTRIBUTE.L | ATTRIBUTE.D)) !== ATTRIBUTE.L) {
    throw refuse(Vector.GP, 'L', "the gate's target is 64-bit code", 'L = 1 and D = 0', `attributes ${hex(a)}`);
  }
  if (!call && !isConforming(a) && dplOf(a) !== cpu.cpl) {
    throw refuse(Vector.GP, 'DPL', 'JMP through a gate keeps CPL', `DPL ${cpu.cpl}`, `${dplOf(a)}`);
  }
  if (!isPresent(a)) throw refuse(Vector.NP, 'P', "the gate's target is present", 'P = 1', 'P = 0');

  const wide = type === SystemType.callGate;
  const offset = high | BigInt(((gate.low & 0xffff) | (wide ? gate.high & 0xffff0000 : 0)) >>> 0);
  const cpl = call && !isConforming(a) ? dplOf(a) : cpu.cpl;
  const back = [BigInt(cpu.selector(CS)), cpu.get(S.nextRip)];
  const inner = call && cpl < cpu.cpl;
  // A new 64-bit stack is looked at before the target.
  const top = inner && long ? newLongStack(cpu, cpl, manual) : 0n;
  checkTarget(cpu, code, offset, manual);
  if (inner) {
    const old = [BigInt(cpu.selector(SS)), cpu.reg(Reg.rsp)];
    if (long) pushLong(cpu, cpl, top, [...old, ...back]);
    else
      pushOnInnerStack(cpu, cpl, 0, wide ? 4 : 2, [...old, ...parameters(cpu, gate.high & 31, wide ? 4 : 2), ...back]);
  } else if (call) pushAll(cpu, long ? 8 : wide ? 4 : 2, back);
  enterCode(cpu, selector, code, cpl, offset);
}

/** Parameters that a legacy call gate copies from the old stack, first pushed first. */
function parameters(cpu: Cpu, count: number, bytes: number): bigint[] {
  return Array.from({ length: count }, (_, i) => peekStack(cpu, bytes, (count - 1 - i) * bytes));
}

const LONG_FRAME_BYTES = 32;

function newLongStack(cpu: Cpu, cpl: number, manual: string): bigint {
  const top = tssStack(cpu, cpl, 0);
  requireCanonicalStack(top, LONG_FRAME_BYTES, 0, manual);
  return top;
}

function pushLong(cpu: Cpu, cpl: number, top: bigint, values: readonly bigint[]): void {
  values.forEach((value, i) => cpu.writeSystem(BigInt.asUintN(64, top - BigInt(8 * (i + 1))), 8, value));
  setSegment(cpu, SS, cpl, 0n, 0, (cpl << DPL_SHIFT) | ATTRIBUTE.B);
  cpu.setReg(Reg.rsp, BigInt.asUintN(64, top - BigInt(8 * values.length)));
}

routine('jmpf', (cpu, insn) => farTransfer(cpu, insn, false));
routine('callf', (cpu, insn) => farTransfer(cpu, insn, true));

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
