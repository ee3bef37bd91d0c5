/** Operands of routines, as BigInt: routines are the cold path. */
import type { Instruction, MemoryOperand, Operand } from '../../isa/instruction.ts';
import { NO_REGISTER, RIP_RELATIVE } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { highOf, lowOf } from '../cpu.ts';
import { Access, S } from '../layout.ts';

export function operandAt(insn: Instruction, n: number): Operand {
  const operand = insn.operands[n];
  if (operand === undefined) throw new Error(`${insn.encoding.mnemonic} has no operand ${n}`);
  return operand;
}

/** Effective address (offset in its segment) of a memory operand, truncated to the address size. */
export function effectiveAddress(cpu: Cpu, insn: Instruction, operand: MemoryOperand): bigint {
  const disp = (BigInt(operand.dispHigh) << 32n) + BigInt(operand.disp >>> 0);
  let sum = disp;
  if (operand.base === RIP_RELATIVE) sum += cpu.get(S.nextRip);
  else if (operand.base !== NO_REGISTER) sum += cpu.reg(operand.base);
  if (operand.index !== NO_REGISTER) sum += cpu.reg(operand.index) << BigInt(operand.scale);
  return BigInt.asUintN(insn.addressSize, sum);
}

/** Linear address of a memory operand of the instruction at RIP, before anything of it has run. Checks nothing. */
export function operandLinear(cpu: Cpu, insn: Instruction, operand: MemoryOperand): bigint {
  // S.nextRip still names what stands behind another instruction.
  const behind = operand.base === RIP_RELATIVE ? cpu.rip + BigInt(insn.length) - cpu.get(S.nextRip) : 0n;
  const offset = BigInt.asUintN(insn.addressSize, effectiveAddress(cpu, insn, operand) + behind);
  return cpu.linear(operand.segment, offset);
}

/**
 * Linear address of `bytes` bytes at segment:offset, checked for an access (Access bits) where the mode checks
 * segments. Throws the Fault.
 */
export function checkedLinear(cpu: Cpu, segment: number, offset: bigint, bytes: number, access: number): bigint {
  if (cpu.long) return cpu.linear(segment, offset);
  const linear = cpu.segmentOffset(segment, lowOf(offset), bytes | access);
  if (cpu.low(S.refused) !== 0) {
    cpu.setLow(S.refused, 0);
    throw cpu.access.takePending();
  }
  return BigInt(linear >>> 0);
}

/** Reads memory of the running program at segment:offset. */
export function load(cpu: Cpu, segment: number, offset: bigint, bytes: number, access = 0): bigint {
  const linear = checkedLinear(cpu, segment, offset, bytes, access);
  return cpu.readAt(cpu.access.host(lowOf(linear), highOf(linear), bytes | access), bytes);
}
export function store(cpu: Cpu, segment: number, offset: bigint, bytes: number, value: bigint, access = 0): void {
  const linear = checkedLinear(cpu, segment, offset, bytes, access | Access.write);
  const host = cpu.access.host(lowOf(linear), highOf(linear), bytes | access | Access.write);
  cpu.writeAt(host, bytes, value);
}

/** Value of an operand, unsigned, of its own width. */
export function read(cpu: Cpu, insn: Instruction, n: number): bigint {
  const operand = operandAt(insn, n);
  switch (operand.kind) {
    case 'reg':
      if (operand.file === 'segment') return BigInt(cpu.selector(operand.index));
      if (operand.high) return (cpu.reg(operand.index) >> 8n) & 0xffn;
      return BigInt.asUintN(operand.bits, cpu.reg(operand.index));
    case 'mem':
      return load(cpu, operand.segment, effectiveAddress(cpu, insn, operand), operand.bits / 8);
    case 'imm':
      return BigInt.asUintN(operand.bits, (BigInt(operand.high) << 32n) + BigInt(operand.low >>> 0));
    default:
      throw new Error(`${insn.encoding.mnemonic}: operand ${n} has no value`);
  }
}

/** Writes an operand; a 32-bit register write clears the upper half (SDM vol. 1, 3.4.1.1). */
export function write(cpu: Cpu, insn: Instruction, n: number, value: bigint): void {
  const operand = operandAt(insn, n);
  if (operand.kind === 'reg') writeRegister(cpu, operand.index, operand.bits, operand.high, value);
  else if (operand.kind === 'mem') {
    store(cpu, operand.segment, effectiveAddress(cpu, insn, operand), operand.bits / 8, value);
  } else throw new Error(`${insn.encoding.mnemonic}: operand ${n} cannot be written`);
}

export function writeRegister(cpu: Cpu, n: number, bits: number, high: boolean, value: bigint): void {
  if (bits >= 32) return cpu.setReg(n, BigInt.asUintN(bits, value));
  const shift = high ? 8n : 0n;
  const mask = ((1n << BigInt(bits)) - 1n) << shift;
  cpu.setReg(n, (cpu.reg(n) & ~mask) | ((value << shift) & mask));
}

/** Memory operand that can fault for writing, made sure of before it is read: for read-modify-write routines. */
export function update(cpu: Cpu, insn: Instruction, n: number, change: (old: bigint) => bigint): void {
  const operand = operandAt(insn, n);
  if (operand.kind !== 'mem') return write(cpu, insn, n, change(read(cpu, insn, n)));
  updateAt(cpu, operand.segment, effectiveAddress(cpu, insn, operand), operand.bits / 8, change);
}

/** Reads and writes `bytes` bytes at segment:offset, checked for writing before they are read. */
export function updateAt(
  cpu: Cpu,
  segment: number,
  offset: bigint,
  bytes: number,
  change: (old: bigint) => bigint,
): void {
  const access = Access.write | Access.update;
  const linear = checkedLinear(cpu, segment, offset, bytes, access);
  const host = cpu.access.host(lowOf(linear), highOf(linear), bytes | access);
  cpu.writeAt(host, bytes, change(cpu.readAt(host, bytes)));
}

const SS = 2;
const RSP = 4;

/** Mask of the stack pointer's width: 64 bits in 64-bit mode, else as SS.B says. */
export const stackMask = (cpu: Cpu): bigint => (cpu.long ? 0xffffffffffffffffn : BigInt(cpu.low(S.stackMask) >>> 0));

export function setStackPointer(cpu: Cpu, pointer: bigint): void {
  const mask = stackMask(cpu);
  cpu.setReg(RSP, mask === 0xffffn ? (cpu.reg(RSP) & ~mask) | (pointer & mask) : pointer & mask);
}

/** Reads the stack `above` bytes over the stack pointer. */
export function peekStack(cpu: Cpu, bytes: number, above = 0): bigint {
  return load(cpu, SS, (cpu.reg(RSP) + BigInt(above)) & stackMask(cpu), bytes, Access.stack);
}

/** Pushes values in order, checking all stores before the stack pointer moves. */
export function pushAll(cpu: Cpu, bytes: number, values: readonly bigint[]): void {
  const top = cpu.reg(RSP);
  const at = (i: number): bigint => (top - BigInt(bytes * (i + 1))) & stackMask(cpu);
  values.forEach((value, i) => store(cpu, SS, at(i), bytes, value, Access.stack));
  setStackPointer(cpu, at(values.length - 1));
}
