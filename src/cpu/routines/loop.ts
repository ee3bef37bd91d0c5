/** LOOP, LOOPE, LOOPNE and JCXZ: short jumps on a counter as wide as the address size. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { type Fault, generalProtection, hex } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { ZF } from './flagBits.ts';
import { routine } from './routine.ts';
import { addTo } from './stringPointer.ts';

const RCX = 8;
const CS = 1;

/** Sets S.rip to the target, truncated to the operand size, or throws #GP(0) (SDM vol. 2A, LOOP/LOOPcc, Jcc). */
function jumpTo(cpu: Cpu, insn: Instruction): void {
  const [target] = insn.operands;
  if (target?.kind !== 'rel') throw new Error(`${insn.encoding.mnemonic} takes a relative target`);
  const before = cpu.low(S.nextRip);
  const { displacement } = target;
  const sum = (before + displacement) | 0;
  if (insn.code === 64 && insn.operandSize === 64) {
    const carry = displacement >= 0 ? (sum >>> 0 < before >>> 0 ? 1 : 0) : sum >>> 0 > before >>> 0 ? -1 : 0;
    const high = (cpu.high(S.nextRip) + carry) | 0;
    if (!isCanonical(high)) throw badTarget('a canonical address', `${hex(high >>> 0)}:${hex(sum >>> 0)}`);
    cpu.set64(S.rip, sum, high);
    return;
  }
  const rip = insn.operandSize === 16 ? sum & 0xffff : sum;
  if (insn.code !== 64 && rip >>> 0 > cpu.limit(CS)) {
    throw badTarget(`within CS.limit, ${hex(cpu.limit(CS))}`, hex(rip >>> 0));
  }
  cpu.set64(S.rip, rip, 0);
}

const badTarget = (expected: string, actual: string): Fault =>
  generalProtection(0, 'the target of the branch may be fetched', expected, actual, 'SDM vol. 2A, LOOP/LOOPcc');

/** Whether the counter plus `change` is 0. */
function reachesZero(cpu: Cpu, size: 16 | 32 | 64, change: number): boolean {
  const low = (cpu.low(RCX) + change) | 0;
  if (size === 16) return (low & 0xffff) === 0;
  return low === 0 && (size === 32 || cpu.high(RCX) === 0);
}

/** `wanted` is the ZF with which it loops, undefined for any. */
function loop(cpu: Cpu, insn: Instruction, wanted: 0 | 1 | undefined): number {
  const size = insn.addressSize;
  const zero = (cpu.statusFlags() & ZF) !== 0 ? 1 : 0;
  const jumps = !reachesZero(cpu, size, -1) && (wanted === undefined || wanted === zero);
  if (jumps) jumpTo(cpu, insn);
  addTo(cpu, RCX, -1, size);
  return jumps ? Outcome.jump : Outcome.next;
}

routine('loop', (cpu, insn) => loop(cpu, insn, undefined));
routine('loope', (cpu, insn) => loop(cpu, insn, 1));
routine('loopne', (cpu, insn) => loop(cpu, insn, 0));
routine('jcxz', (cpu, insn) => {
  if (!reachesZero(cpu, insn.addressSize, 0)) return Outcome.next;
  jumpTo(cpu, insn);
  return Outcome.jump;
});
