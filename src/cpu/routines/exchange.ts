/** CMPXCHG8B and CMPXCHG16B. */
import type { Instruction } from '../../isa/instruction.ts';
import { highOf, lowOf, type Cpu } from '../cpu.ts';
import { generalProtection, hex } from '../fault.ts';
import { Access, Outcome } from '../layout.ts';
import { changeFlags, ZF } from './flagBits.ts';
import { checkedLinear, effectiveAddress, operandAt } from './operands.ts';
import { routine } from './routine.ts';

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;

/** `half` is the width of each register in bytes: 4 or 8. */
function compareExchange(cpu: Cpu, insn: Instruction, half: 4 | 8): number {
  const operand = operandAt(insn, 0);
  if (operand.kind !== 'mem') throw new Error(`${insn.encoding.mnemonic} takes memory`);
  const access = Access.write | Access.update;
  const linear = checkedLinear(cpu, operand.segment, effectiveAddress(cpu, insn, operand), 2 * half, access);
  if (half === 8 && (linear & 15n) !== 0n) {
    throw generalProtection(
      0,
      'the operand of CMPXCHG16B is aligned',
      'a multiple of 16',
      hex(linear),
      'SDM vol. 2A, CMPXCHG8B/CMPXCHG16B',
      { kind: 'address', linear },
    );
  }
  const host = cpu.access.host(lowOf(linear), highOf(linear), (2 * half) | access);
  const mask = half === 8 ? 0xffffffffffffffffn : 0xffffffffn;
  const low = cpu.readAt(host, half);
  const high = cpu.readAt(host + half, half);
  const equal = low === (cpu.reg(RAX) & mask) && high === (cpu.reg(RDX) & mask);
  // Memory is written in any case, with what it held when the comparison fails.
  const put = (at: number, value: bigint): void =>
    half === 8 ? cpu.view.setBigUint64(at, value, true) : cpu.view.setUint32(at, Number(value), true);
  put(host, equal ? cpu.reg(RBX) & mask : low);
  put(host + half, equal ? cpu.reg(RCX) & mask : high);
  cpu.access.finishWrite(host);
  if (!equal) {
    cpu.setReg(RAX, low);
    cpu.setReg(RDX, high);
  }
  changeFlags(cpu, ZF, equal ? ZF : 0);
  return Outcome.next;
}

routine('cmpxchg8b', (cpu, insn) => compareExchange(cpu, insn, 4));
routine('cmpxchg16b', (cpu, insn) => compareExchange(cpu, insn, 8));
