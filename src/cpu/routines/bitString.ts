/** BT, BTS, BTR, BTC of a bit string in memory: a register's bit offset is signed and reaches beyond the operand. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { changeFlags, CF } from './flagBits.ts';
import { effectiveAddress, load, operandAt, read, updateAt } from './operands.ts';
import { routine } from './routine.ts';

type Change = (word: bigint, bit: bigint) => bigint;

/** SDM vol. 2A, BT, table 3-2 and "Bit(BitBase, BitOffset)" in 3.1.1.9. */
function bitTest(cpu: Cpu, insn: Instruction, change: Change | undefined): number {
  const string = operandAt(insn, 0);
  if (string.kind !== 'mem') throw new Error(`${insn.encoding.mnemonic}: not a bit string in memory`);
  const bits = string.bits;
  const offset = BigInt.asIntN(bits, read(cpu, insn, 1));
  const word = (offset >> BigInt(Math.log2(bits))) * BigInt(bits / 8);
  const at = BigInt.asUintN(insn.addressSize, effectiveAddress(cpu, insn, string) + word);
  const bit = 1n << (offset & BigInt(bits - 1));
  let old = 0n;
  if (change === undefined) old = load(cpu, string.segment, at, bits / 8);
  else {
    updateAt(cpu, string.segment, at, bits / 8, (value) => {
      old = value;
      return change(value, bit);
    });
  }
  changeFlags(cpu, CF, (old & bit) !== 0n ? CF : 0);
  return Outcome.next;
}

routine('bt', (cpu, insn) => bitTest(cpu, insn, undefined));
routine('bts', (cpu, insn) => bitTest(cpu, insn, (word, bit) => word | bit));
routine('btr', (cpu, insn) => bitTest(cpu, insn, (word, bit) => word & ~bit));
routine('btc', (cpu, insn) => bitTest(cpu, insn, (word, bit) => word ^ bit));
