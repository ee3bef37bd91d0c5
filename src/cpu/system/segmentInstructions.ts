/** Instructions that load and store segment registers (SDM vol. 2B, MOV, POP, PUSH; 2A, LDS). */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { undefinedOpcode } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import {
  effectiveAddress,
  load,
  operandAt,
  peekStack,
  pushAll,
  read,
  setStackPointer,
  write,
  writeRegister,
} from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { CS, loadDataSegment, protectedMode, setRealSegment, SS } from '../segmentation.ts';

/** Loads a data segment register in any mode. */
export function loadSegment(cpu: Cpu, n: number, selector: number): void {
  if (protectedMode(cpu)) loadDataSegment(cpu, n, selector);
  else setRealSegment(cpu, n, selector);
}

/** After a load of SS interrupts are held off for one instruction (SDM vol. 3A, 6.8.3). */
function loaded(cpu: Cpu, n: number): number {
  if (n !== SS) return Outcome.next;
  cpu.setLow(S.shadow, 1);
  return Outcome.leave;
}

routine('mov', (cpu, insn) => {
  const dst = operandAt(insn, 0);
  if (dst.kind === 'reg' && dst.file === 'segment') {
    if (dst.index === CS)
      throw undefinedOpcode('MOV does not load CS', 'ES, SS, DS, FS or GS', 'CS', 'SDM vol. 2B, MOV');
    loadSegment(cpu, dst.index, Number(read(cpu, insn, 1) & 0xffffn));
    return loaded(cpu, dst.index);
  }
  // A register takes the selector zero-extended; memory always takes 16 bits.
  write(cpu, insn, 0, read(cpu, insn, 1));
  return Outcome.next;
});

const segmentOperand = (insn: Instruction): number => {
  const operand = operandAt(insn, 0);
  return operand.kind === 'reg' && operand.file === 'segment' ? operand.index : -1;
};

routine('push', (cpu, insn) => {
  const n = segmentOperand(insn);
  pushAll(cpu, insn.operandSize / 8, [BigInt(cpu.selector(n))]);
  return Outcome.next;
});

routine('pop', (cpu, insn) => {
  const bytes = insn.operandSize / 8;
  const value = peekStack(cpu, bytes);
  const n = segmentOperand(insn);
  if (n >= 0) {
    loadSegment(cpu, n, Number(value & 0xffffn));
    setStackPointer(cpu, cpu.reg(4) + BigInt(bytes));
    return loaded(cpu, n);
  }
  // The address of a memory operand is computed with RSP already incremented (SDM vol. 2B, POP).
  const before = cpu.reg(4);
  setStackPointer(cpu, before + BigInt(bytes));
  try {
    write(cpu, insn, 0, value);
  } catch (e) {
    cpu.setReg(4, before);
    throw e;
  }
  return Outcome.next;
});

const loadPointer = (op: string, n: number): void =>
  routine(op, (cpu, insn) => {
    const [dst, src] = [operandAt(insn, 0), operandAt(insn, 1)];
    if (dst.kind !== 'reg' || src.kind !== 'mem') throw new Error(`${op} loads a register from memory`);
    const at = effectiveAddress(cpu, insn, src);
    const bytes = insn.operandSize / 8;
    const offset = load(cpu, src.segment, at, bytes);
    const selector = load(cpu, src.segment, BigInt.asUintN(insn.addressSize, at + BigInt(bytes)), 2);
    loadSegment(cpu, n, Number(selector));
    writeRegister(cpu, dst.index, dst.bits, false, offset);
    return loaded(cpu, n);
  });
loadPointer('les', 0);
loadPointer('lss', 2);
loadPointer('lds', 3);
loadPointer('lfs', 4);
loadPointer('lgs', 5);
