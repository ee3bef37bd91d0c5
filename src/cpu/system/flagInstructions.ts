/** Instructions on RFLAGS that depend on CPL and IOPL (SDM vol. 2A, CLI; 2B, POPF, PUSHF, STI; CLAC, STAC). */
import { RFLAGS } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { generalProtection, undefinedOpcode } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { peekStack, pushAll, setStackPointer } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { iretFlags } from './iret.ts';
import { ioplOf } from './privilege.ts';

function requireIopl(cpu: Cpu, insn: Instruction): void {
  if (cpu.cpl <= ioplOf(cpu)) return;
  throw generalProtection(
    0,
    `CPL is at most IOPL for ${insn.encoding.mnemonic.toUpperCase()}`,
    `at most ${ioplOf(cpu)}`,
    `${cpu.cpl}`,
    'SDM vol. 2A, CLI',
  );
}

routine('cli', (cpu, insn) => {
  requireIopl(cpu, insn);
  cpu.setLow(S.flags, cpu.systemFlags & ~RFLAGS.IF);
  return Outcome.next;
});
routine('sti', (cpu, insn) => {
  requireIopl(cpu, insn);
  const wasOff = (cpu.systemFlags & RFLAGS.IF) === 0;
  cpu.setLow(S.flags, cpu.systemFlags | RFLAGS.IF);
  if (wasOff) cpu.setLow(S.shadow, 1);
  return Outcome.leave;
});

const direction = (op: string, on: boolean): void =>
  routine(op, (cpu) => {
    cpu.setLow(S.flags, on ? cpu.systemFlags | RFLAGS.DF : cpu.systemFlags & ~RFLAGS.DF);
    return Outcome.next;
  });
direction('cld', false);
direction('std', true);

const accessCheck = (op: string, on: boolean): void =>
  routine(op, (cpu, insn) => {
    if (cpu.cpl !== 0) {
      throw undefinedOpcode(
        `CPL = 0 for ${insn.encoding.mnemonic.toUpperCase()}`,
        '0',
        `${cpu.cpl}`,
        'SDM vol. 2B, STAC',
      );
    }
    cpu.rflags = on ? cpu.rflags | RFLAGS.AC : cpu.rflags & ~RFLAGS.AC;
    // The TLB in use changes with AC: generated code has to load its address anew.
    return Outcome.leave;
  });
accessCheck('clac', false);
accessCheck('stac', true);

const inVirtual8086 = (cpu: Cpu): boolean => (cpu.systemFlags & RFLAGS.VM) !== 0;
function requireV86Iopl(cpu: Cpu): void {
  if (!inVirtual8086(cpu) || ioplOf(cpu) === 3) return;
  throw generalProtection(0, 'IOPL = 3 in virtual-8086 mode', '3', `${ioplOf(cpu)}`, 'SDM vol. 2B, PUSHF');
}

routine('pushf', (cpu, insn) => {
  requireV86Iopl(cpu);
  // The image has VM and RF cleared.
  const image = cpu.rflags & ~(RFLAGS.VM | RFLAGS.RF);
  pushAll(cpu, insn.operandSize / 8, [BigInt(image >>> 0)]);
  return Outcome.next;
});

routine('popf', (cpu, insn) => {
  requireV86Iopl(cpu);
  const bytes = insn.operandSize / 8;
  const value = Number(BigInt.asIntN(32, peekStack(cpu, bytes)));
  setStackPointer(cpu, cpu.reg(4) + BigInt(bytes));
  const wasOff = (cpu.systemFlags & RFLAGS.IF) === 0;
  // POPF writes what IRET may write, but VIF, VIP and RF; RF is cleared.
  const kept = RFLAGS.VIF | RFLAGS.VIP;
  cpu.rflags = ((iretFlags(cpu, value, insn.operandSize) & ~kept) | (cpu.systemFlags & kept)) & ~RFLAGS.RF;
  return wasOff && (cpu.systemFlags & RFLAGS.IF) !== 0 ? Outcome.leave : Outcome.next;
});
