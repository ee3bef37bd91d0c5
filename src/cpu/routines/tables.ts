/** XLAT, BOUND, ARPL, and instructions that only name an address. */
import { CR0 } from '../../registers/cr.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { Fault, undefinedOpcode, Vector } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { changeFlags, ZF } from './flagBits.ts';
import { effectiveAddress, load, operandAt, read, write, writeRegister } from './operands.ts';
import { routine } from './routine.ts';

const RAX = 0;
const RBX = 3;

routine('xlat', (cpu, insn) => {
  const table = operandAt(insn, 0);
  if (table.kind !== 'mem') throw new Error('XLAT reads memory');
  const at = BigInt.asUintN(insn.addressSize, cpu.reg(RBX) + (cpu.reg(RAX) & 0xffn));
  writeRegister(cpu, RAX, 8, false, load(cpu, table.segment, at, 1));
  return Outcome.next;
});

routine('bound', (cpu, insn) => {
  const pair = operandAt(insn, 1);
  if (pair.kind !== 'mem') throw new Error('BOUND reads memory');
  const bits = insn.operandSize;
  const at = effectiveAddress(cpu, insn, pair);
  const second = BigInt.asUintN(insn.addressSize, at + BigInt(bits / 8));
  const lower = BigInt.asIntN(bits, load(cpu, pair.segment, at, bits / 8));
  const upper = BigInt.asIntN(bits, load(cpu, pair.segment, second, bits / 8));
  const index = BigInt.asIntN(bits, read(cpu, insn, 0));
  if (index >= lower && index <= upper) return Outcome.next;
  throw new Fault(Vector.BR, null, {
    check: 'the index is within the bounds',
    expected: `${lower} to ${upper}`,
    actual: `${index}`,
    manual: 'SDM vol. 2A, BOUND',
    where: { kind: 'instruction' },
  });
});

routine('arpl', (cpu, insn) => {
  const real = (cpu.low(S.cr0) & CR0.PE) === 0;
  if (real || (cpu.systemFlags & RFLAGS.VM) !== 0) {
    throw undefinedOpcode(
      'ARPL in protected mode',
      'CR0.PE = 1 and RFLAGS.VM = 0',
      real ? 'CR0.PE = 0' : 'VM = 1',
      'SDM vol. 2A, ARPL',
    );
  }
  const rpl = read(cpu, insn, 1) & 3n;
  const selector = read(cpu, insn, 0);
  const raised = (selector & 3n) < rpl;
  if (raised) write(cpu, insn, 0, (selector & ~3n) | rpl);
  changeFlags(cpu, ZF, raised ? ZF : 0);
  return Outcome.next;
});

/** CLFLUSH and CLWB are checked like a read of a byte (SDM vol. 2A, CLFLUSH); there is no cache to write back. */
for (const op of ['clflush', 'clflushopt', 'clwb']) {
  routine(op, (cpu, insn) => {
    const operand = operandAt(insn, 0);
    if (operand.kind !== 'mem') throw new Error(`${op} takes memory`);
    load(cpu, operand.segment, effectiveAddress(cpu, insn, operand), 1);
    return Outcome.next;
  });
}

routine('ud', (_cpu, insn) => {
  const name = insn.encoding.mnemonic.toUpperCase();
  throw undefinedOpcode(`${name} never runs`, 'a defined opcode', name, 'SDM vol. 2B, UD');
});
