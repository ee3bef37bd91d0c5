/** The checks that many system instructions share. */
import { CR0, CR4 } from '../../registers/cr.ts';
import { IOPL_SHIFT } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { generalProtection, undefinedOpcode } from '../fault.ts';
import { S } from '../layout.ts';

const nameOf = (insn: Instruction): string => insn.encoding.mnemonic.toUpperCase();

/** #GP(0) outside CPL 0. In real-address mode CPL counts as 0. */
export function requireRing0(cpu: Cpu, insn: Instruction): void {
  if (cpu.cpl === 0) return;
  throw generalProtection(0, `CPL = 0 for ${nameOf(insn)}`, '0', `${cpu.cpl}`, 'SDM vol. 3A, 5.9', {
    kind: 'register',
    name: 'CPL',
    value: BigInt(cpu.cpl),
  });
}

/** #UD in real-address and virtual-8086 mode. */
export function requireProtected(_cpu: Cpu, insn: Instruction, isProtected: boolean): void {
  if (isProtected) return;
  throw undefinedOpcode(
    `protected mode for ${nameOf(insn)}`,
    'CR0.PE = 1 and RFLAGS.VM = 0',
    'not so',
    `SDM vol. 2, ${nameOf(insn)}`,
  );
}

export const ioplOf = (cpu: Cpu): number => (cpu.systemFlags >> IOPL_SHIFT) & 3;

/** CR4.UMIP keeps SGDT, SIDT, SLDT, SMSW and STR from CPL 1..3 (SDM vol. 3A, 2.5). */
export function requireUmip(cpu: Cpu, insn: Instruction): void {
  if ((cpu.low(S.cr4) & CR4.UMIP) === 0 || cpu.cpl === 0 || (cpu.low(S.cr0) & CR0.PE) === 0) return;
  throw generalProtection(
    0,
    `CPL = 0 or CR4.UMIP = 0 for ${nameOf(insn)}`,
    'CPL 0',
    `CPL ${cpu.cpl}, CR4.UMIP = 1`,
    'SDM vol. 3A, 2.5',
  );
}
