/** DIV and IDIV in full: what the definitions leave to a routine, zero divisors, overflow and 128-bit dividends. */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { Fault, hex, Vector } from '../fault.ts';
import { Outcome } from '../layout.ts';
import { operandAt, read, writeRegister } from './operands.ts';
import { routine } from './routine.ts';

const RAX = 0;
const RDX = 2;

function divideError(check: string, expected: string, actual: string, name: string): Fault {
  return new Fault(Vector.DE, null, {
    check,
    expected,
    actual,
    manual: `SDM vol. 2A, ${name}; vol. 3A, 6.15, interrupt 0`,
    where: { kind: 'instruction' },
  });
}

function divide(cpu: Cpu, insn: Instruction, signed: boolean): number {
  const name = signed ? 'IDIV' : 'DIV';
  const operand = operandAt(insn, 0);
  const bits = operand.kind === 'reg' || operand.kind === 'mem' ? operand.bits : 0;
  const as = (width: number, v: bigint): bigint => (signed ? BigInt.asIntN(width, v) : BigInt.asUintN(width, v));
  const divisor = as(bits, read(cpu, insn, 0));
  if (divisor === 0n) throw divideError('the divisor is not 0', 'a divisor other than 0', '0', name);

  const low = BigInt.asUintN(bits, cpu.reg(RAX));
  const high = bits === 8 ? (cpu.reg(RAX) >> 8n) & 0xffn : BigInt.asUintN(bits, cpu.reg(RDX));
  const dividend = as(2 * bits, (high << BigInt(bits)) | low);
  const quotient = dividend / divisor;
  if (quotient !== as(bits, quotient)) {
    const range = signed ? `-2^${bits - 1} to 2^${bits - 1} - 1` : `0 to 2^${bits} - 1`;
    throw divideError(`the quotient fits ${bits} bits`, range, hex(quotient), name);
  }
  writeRegister(cpu, RAX, bits, false, BigInt.asUintN(bits, quotient));
  const remainder = BigInt.asUintN(bits, dividend % divisor);
  if (bits === 8) writeRegister(cpu, RAX, 8, true, remainder);
  else writeRegister(cpu, RDX, bits, false, remainder);
  return Outcome.next;
}

routine('div', (cpu, insn) => divide(cpu, insn, false));
routine('idiv', (cpu, insn) => divide(cpu, insn, true));
