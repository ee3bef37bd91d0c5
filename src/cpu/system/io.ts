/** IN, OUT, INS and OUTS (SDM vol. 1, 19.5). */
import { CR0 } from '../../registers/cr.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { portAccessed } from '../debugRegisters.ts';
import { generalProtection, hex } from '../fault.ts';
import { Access, Outcome, S, TR } from '../layout.ts';
import { load, operandAt, store, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { ioplOf } from './privilege.ts';
import { isTss32 } from './stack.ts';

const MANUAL = 'SDM vol. 1, 19.5.2';

/** #GP(0) unless CPL <= IOPL or the TSS's I/O permission bitmap has 0 for all the ports. */
function requirePort(cpu: Cpu, port: number, bytes: number): void {
  const virtual8086 = (cpu.systemFlags & RFLAGS.VM) !== 0;
  if ((cpu.low(S.cr0) & CR0.PE) === 0 || (cpu.cpl <= ioplOf(cpu) && !virtual8086)) return;
  const refuse = (check: string, actual: string) =>
    generalProtection(0, check, `CPL at most IOPL, or a clear bit for port ${hex(port)}`, actual, MANUAL, {
      kind: 'register',
      name: 'TR',
      value: BigInt(cpu.selector(TR)),
    });
  const limit = cpu.limit(TR);
  if (!isTss32(cpu.attributes(TR)) || limit < 0x67) throw refuse('the TSS has an I/O permission bitmap', 'none');
  const map = Number(cpu.readSystem(cpu.baseOf(TR) + 0x66n, 2));
  const at = map + (port >> 3);
  // Two bytes are read always, so that a port at the end of a byte is covered.
  if (at + 1 > limit) throw refuse('the port lies within the bitmap', `bitmap at ${hex(map)}, TR.limit ${hex(limit)}`);
  const bits = Number(cpu.readSystem(cpu.baseOf(TR) + BigInt(at), 2)) >> (port & 7);
  if ((bits & ((1 << bytes) - 1)) !== 0) throw refuse('the bitmap allows the port', 'bit set');
}

const portOf = (cpu: Cpu, insn: Instruction, n: number): number => {
  const operand = operandAt(insn, n);
  return operand.kind === 'imm' ? operand.low & 0xff : cpu.low(8 * Reg.rdx) & 0xffff;
};
const widthOf = (insn: Instruction, n: number): number => {
  const operand = operandAt(insn, n);
  return operand.kind === 'reg' ? operand.bits / 8 : 1;
};

routine('in', (cpu, insn) => {
  const port = portOf(cpu, insn, 1);
  const bytes = widthOf(insn, 0);
  requirePort(cpu, port, bytes);
  portAccessed(cpu, port, bytes);
  writeRegister(cpu, Reg.rax, 8 * bytes, false, BigInt(cpu.surroundings.readPort(port, bytes) >>> 0));
  return Outcome.next;
});
routine('out', (cpu, insn) => {
  const port = portOf(cpu, insn, 0);
  const bytes = widthOf(insn, 1);
  requirePort(cpu, port, bytes);
  portAccessed(cpu, port, bytes);
  const value = cpu.low(8 * Reg.rax);
  cpu.surroundings.writePort(port, bytes, bytes === 4 ? value : value & ((1 << (8 * bytes)) - 1));
  return Outcome.next;
});

const addressMask = (insn: Instruction): bigint => (1n << BigInt(insn.addressSize)) - 1n;

/** Moves rSI or rDI by one element and counts rCX down; says where to go on. */
function advance(cpu: Cpu, insn: Instruction, pointer: number, bytes: number): number {
  const bits = insn.addressSize;
  const delta = (cpu.systemFlags & RFLAGS.DF) !== 0 ? -bytes : bytes;
  writeRegister(cpu, pointer, bits, false, BigInt.asUintN(bits, cpu.reg(pointer) + BigInt(delta)));
  if (insn.repeat === 0) return Outcome.next;
  const left = BigInt.asUintN(bits, cpu.reg(Reg.rcx) - 1n);
  writeRegister(cpu, Reg.rcx, bits, false, left);
  return left === 0n ? Outcome.next : Outcome.jump;
}

const memoryBytes = (insn: Instruction): number => {
  const operand = insn.operands.find((o) => o.kind === 'mem');
  return operand?.kind === 'mem' ? operand.bits / 8 : 1;
};

routine('ins', (cpu, insn) => {
  const bytes = memoryBytes(insn);
  const port = cpu.low(8 * Reg.rdx) & 0xffff;
  requirePort(cpu, port, bytes);
  if (insn.repeat !== 0 && (cpu.reg(Reg.rcx) & addressMask(insn)) === 0n) return Outcome.next;
  const ES = 0;
  const at = cpu.reg(Reg.rdi) & addressMask(insn);
  // The destination is made sure of before the device is read.
  store(cpu, ES, at, bytes, load(cpu, ES, at, bytes, Access.write | Access.update));
  store(cpu, ES, at, bytes, BigInt(cpu.surroundings.readPort(port, bytes) >>> 0));
  return advance(cpu, insn, Reg.rdi, bytes);
});

routine('outs', (cpu, insn) => {
  const bytes = memoryBytes(insn);
  const port = cpu.low(8 * Reg.rdx) & 0xffff;
  requirePort(cpu, port, bytes);
  if (insn.repeat !== 0 && (cpu.reg(Reg.rcx) & addressMask(insn)) === 0n) return Outcome.next;
  const source = insn.operands.find((o) => o.kind === 'mem');
  const segment = source?.kind === 'mem' ? source.segment : 3;
  const value = load(cpu, segment, cpu.reg(Reg.rsi) & addressMask(insn), bytes);
  cpu.surroundings.writePort(port, bytes, Number(value));
  return advance(cpu, insn, Reg.rsi, bytes);
});
