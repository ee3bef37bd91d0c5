/** Decimal adjustment, outside 64-bit mode. What the manual leaves undefined follows Intel processors. */
import type { Cpu } from '../cpu.ts';
import { Fault, Vector } from '../fault.ts';
import { Outcome, STATE } from '../layout.ts';
import { AF, byteFlags, CF, OF, PF, SF, ZF } from './flagBits.ts';
import { routine } from './routine.ts';

const RESULT = SF | ZF | PF;
const AL = STATE;
const AH = STATE + 1;

const al = (cpu: Cpu): number => cpu.bytes[AL] as number;
const ah = (cpu: Cpu): number => cpu.bytes[AH] as number;

/** DAA and DAS: `sign` is +1 or -1 (SDM vol. 2A, DAA, DAS). */
function packed(cpu: Cpu, sign: 1 | -1): number {
  const old = al(cpu);
  const flags = cpu.statusFlags();
  const low = (old & 15) > 9 || (flags & AF) !== 0;
  const high = old > 0x99 || (flags & CF) !== 0;
  const borrow = low && (sign > 0 ? old + 6 > 0xff : old < 6);
  const result = (old + sign * ((low ? 6 : 0) + (high ? 0x60 : 0))) & 0xff;
  cpu.bytes[AL] = result;
  cpu.setStatusFlags(byteFlags(result) | (low ? AF : 0) | (high || (sign < 0 && borrow) ? CF : 0));
  return Outcome.next;
}
routine('daa', (cpu) => packed(cpu, 1));
routine('das', (cpu) => packed(cpu, -1));

/** AAA and AAS. */
function unpacked(cpu: Cpu, sign: 1 | -1): number {
  const adjust = (al(cpu) & 15) > 9 || (cpu.statusFlags() & AF) !== 0;
  const ax = (ah(cpu) << 8) | al(cpu);
  const changed = adjust ? (ax + sign * 0x106) & 0xffff : ax;
  cpu.view.setUint16(AL, changed & 0xff0f, true);
  cpu.setStatusFlags((byteFlags(changed & 15) & RESULT) | (adjust ? AF | CF : 0));
  return Outcome.next;
}
routine('aaa', (cpu) => unpacked(cpu, 1));
routine('aas', (cpu) => unpacked(cpu, -1));

const baseOf = (low: number): number => low & 0xff;

routine('aam', (cpu, insn) => {
  const [operand] = insn.operands;
  const base = operand?.kind === 'imm' ? baseOf(operand.low) : 10;
  if (base === 0) {
    throw new Fault(Vector.DE, null, {
      check: 'the base of AAM is not 0',
      expected: 'an immediate other than 0',
      actual: '0',
      manual: 'SDM vol. 2A, AAM',
      where: { kind: 'instruction' },
    });
  }
  const value = al(cpu);
  cpu.bytes[AH] = Math.floor(value / base);
  cpu.bytes[AL] = value % base;
  cpu.setStatusFlags(byteFlags(value % base));
  return Outcome.next;
});

routine('aad', (cpu, insn) => {
  const [operand] = insn.operands;
  const base = operand?.kind === 'imm' ? baseOf(operand.low) : 10;
  // The undefined flags are those of the addition.
  const left = al(cpu);
  const right = (ah(cpu) * base) & 0xff;
  const result = (left + right) & 0xff;
  cpu.view.setUint16(AL, result, true);
  const overflow = ((left ^ result) & (right ^ result) & SF) !== 0 ? OF : 0;
  cpu.setStatusFlags(byteFlags(result) | overflow | ((left ^ right ^ result) & AF) | (left + right > 0xff ? CF : 0));
  return Outcome.next;
});

routine('salc', (cpu) => {
  cpu.bytes[AL] = (cpu.statusFlags() & CF) !== 0 ? 0xff : 0;
  return Outcome.next;
});
