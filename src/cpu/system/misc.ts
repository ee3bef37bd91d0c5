/** Halting, software interrupts, and instructions that only check. */
import { CR0 } from '../../registers/cr.ts';
import { EFER } from '../../registers/efer.ts';
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { generalProtection, hex, undefinedOpcode, Vector } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { load, operandAt } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { CS, protectedMode, setSegment, SS } from '../segmentation.ts';
import { enterHandler } from './deliver.ts';
import { interruptMicrocode } from './interruptLong.ts';
import { ioplOf, requireRing0 } from './privilege.ts';
import { microcoded } from './registry.ts';

routine('hlt', (cpu, insn) => {
  requireRing0(cpu, insn);
  cpu.setLow(S.halted, 1);
  return Outcome.leave;
});
// A hint: one processor has nobody to wait for.
routine('pause', () => Outcome.next);

const MONITOR = 'SDM vol. 2B, MONITOR and MWAIT';

function requireMonitor(cpu: Cpu, insn: Instruction, extensions: number): void {
  if (cpu.cpl !== 0) {
    throw undefinedOpcode(`CPL = 0 for ${insn.encoding.mnemonic.toUpperCase()}`, '0', `${cpu.cpl}`, MONITOR);
  }
  if (extensions !== 0) throw generalProtection(0, 'ECX names no extension', '0', hex(extensions >>> 0), MONITOR);
}

/** Arms nothing, but the address must be readable as a byte is. */
routine('monitor', (cpu, insn) => {
  requireMonitor(cpu, insn, cpu.low(8 * Reg.rcx));
  const DS = 3;
  const segment = insn.segmentOverride >= 0 ? insn.segmentOverride : DS;
  load(cpu, segment, BigInt.asUintN(insn.addressSize, cpu.reg(Reg.rax)), 1);
  return Outcome.next;
});
/** Nobody else could write to the monitored line, and MWAIT may end at any time: it ends at once. */
routine('mwait', (cpu, insn) => {
  requireMonitor(cpu, insn, cpu.low(8 * Reg.rcx));
  return Outcome.next;
});

const event = (vector: number) => ({ vector, errorCode: null, software: true, resume: false });

/** INT n, INT3, INTO and INT1 come from the instruction: the saved RIP is the next one. */
function softwareInterrupt(cpu: Cpu, vector: number): number {
  const at = cpu.rip;
  cpu.copy64(S.rip, S.nextRip);
  try {
    enterHandler(cpu, event(vector));
  } catch (e) {
    cpu.rip = at;
    throw e;
  }
  return cpu.attention ? Outcome.leaveAt : Outcome.jump;
}

const longMode = (cpu: Cpu): boolean => (cpu.low(S.efer) & EFER.LMA) !== 0;
const vectorOf = (insn: Instruction): number => {
  const operand = operandAt(insn, 0);
  return operand.kind === 'imm' ? operand.low & 0xff : 0;
};

microcoded(
  'int',
  (cpu, insn) => (longMode(cpu) ? interruptMicrocode(event(vectorOf(insn))) : undefined),
  (cpu, insn) => {
    if ((cpu.systemFlags & RFLAGS.VM) !== 0 && ioplOf(cpu) < 3) {
      throw generalProtection(
        0,
        'IOPL = 3 for INT n in virtual-8086 mode',
        '3',
        `${ioplOf(cpu)}`,
        'SDM vol. 2A, INT n',
      );
    }
    return softwareInterrupt(cpu, vectorOf(insn));
  },
);
microcoded(
  'int3',
  (cpu) => (longMode(cpu) ? interruptMicrocode(event(Vector.BP)) : undefined),
  (cpu) => softwareInterrupt(cpu, Vector.BP),
);
routine('into', (cpu) => ((cpu.rflags & RFLAGS.OF) === 0 ? Outcome.next : softwareInterrupt(cpu, Vector.OF)));
/** INT1 raises #DB without a check of the gate's DPL. */
routine('int1', (cpu) => {
  const at = cpu.rip;
  cpu.copy64(S.rip, S.nextRip);
  try {
    enterHandler(cpu, { vector: Vector.DB, errorCode: null, software: false, resume: false });
  } catch (e) {
    cpu.rip = at;
    throw e;
  }
  return Outcome.leaveAt;
});

routine('rsm', () => {
  throw undefinedOpcode('the processor is in system-management mode', 'SMM', 'not in SMM', 'SDM vol. 2B, RSM');
});

const FLAT = 0xffffffff;
const CODE = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.Code | ATTRIBUTE.R | ATTRIBUTE.A | ATTRIBUTE.G;
const DATA = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.W | ATTRIBUTE.A | ATTRIBUTE.G | ATTRIBUTE.B;

/** SYSENTER and SYSEXIT (SDM vol. 2B); AMD has none in long mode (APM vol. 3, SYSENTER). */
function requireSysenter(cpu: Cpu, insn: Instruction): number {
  const name = insn.encoding.mnemonic.toUpperCase();
  const manual = `SDM vol. 2B, ${name}`;
  if (cpu.profile.model === 'amd' && longMode(cpu)) {
    throw undefinedOpcode(
      `${name} exists in long mode`,
      'an Intel processor, or legacy mode',
      'AMD in long mode',
      `APM vol. 3, ${name}`,
    );
  }
  if (!protectedMode(cpu) && (cpu.low(S.cr0) & CR0.PE) === 0) {
    throw generalProtection(0, `protected mode for ${name}`, 'CR0.PE = 1', '0', manual);
  }
  const selector = cpu.low(S.sysenterCs) & 0xffff;
  if ((selector & 0xfffc) === 0)
    throw generalProtection(0, 'IA32_SYSENTER_CS is not null', 'a selector', hex(selector), manual);
  return selector;
}

routine('sysenter', (cpu, insn) => {
  const selector = requireSysenter(cpu, insn) & 0xfffc;
  const long = longMode(cpu);
  cpu.rflags = cpu.rflags & ~(RFLAGS.VM | RFLAGS.IF | RFLAGS.RF);
  const mask = long ? 0xffffffffffffffffn : 0xffffffffn;
  cpu.setReg(Reg.rsp, cpu.get(S.sysenterEsp) & mask);
  cpu.rip = cpu.get(S.sysenterEip) & mask;
  setSegment(cpu, CS, selector, 0n, FLAT, CODE | (long ? ATTRIBUTE.L : ATTRIBUTE.D));
  setSegment(cpu, SS, (selector + 8) & 0xffff, 0n, FLAT, DATA);
  cpu.setCpl(0);
  return Outcome.leaveAt;
});

routine('sysexit', (cpu, insn) => {
  const selector = requireSysenter(cpu, insn);
  requireRing0(cpu, insn);
  const wide = insn.operandSize === 64;
  const manual = 'SDM vol. 2B, SYSEXIT';
  for (const [name, register] of [
    ['RCX', Reg.rcx],
    ['RDX', Reg.rdx],
  ] as const) {
    if (wide && !isCanonical(cpu.high(8 * register))) {
      throw generalProtection(0, `${name} is canonical`, 'bits 63:47 equal', hex(cpu.reg(register)), manual);
    }
  }
  const mask = wide ? 0xffffffffffffffffn : 0xffffffffn;
  cpu.setReg(Reg.rsp, cpu.reg(Reg.rcx) & mask);
  cpu.rip = cpu.reg(Reg.rdx) & mask;
  const ring3 = 3 << DPL_SHIFT;
  setSegment(
    cpu,
    CS,
    ((selector + (wide ? 32 : 16)) & 0xffff) | 3,
    0n,
    FLAT,
    CODE | ring3 | (wide ? ATTRIBUTE.L : ATTRIBUTE.D),
  );
  setSegment(cpu, SS, ((selector + (wide ? 40 : 24)) & 0xffff) | 3, 0n, FLAT, DATA | ring3);
  cpu.setCpl(3);
  return Outcome.leaveAt;
});
