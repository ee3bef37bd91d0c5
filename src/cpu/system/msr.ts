/** Model-specific registers, and the instructions that read and write them (SDM vol. 4; vol. 2B, RDMSR; 2D, WRMSR). */
import { CR4 } from '../../registers/cr.ts';
import { EFER } from '../../registers/efer.ts';
import { MSR } from '../../registers/msr.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf, Reg } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { type Fault, generalProtection, hex, undefinedOpcode } from '../fault.ts';
import { Outcome, S, SEG, segmentOffset } from '../layout.ts';
import { PHYSICAL_BITS } from '../paging.ts';
import { read, write } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { CR0 } from '../../registers/cr.ts';
import { requireRing0 } from './privilege.ts';

const FS = 4;
const GS = 5;
const FS_BASE = segmentOffset(FS) + SEG.base;
const GS_BASE = segmentOffset(GS) + SEG.base;

interface Register {
  readonly read: (cpu: Cpu) => bigint;
  /** Throws the Fault of a value the register does not take. */
  readonly write: (cpu: Cpu, value: bigint) => void;
}

const refuse = (name: string, check: string, expected: string, value: bigint): Fault =>
  generalProtection(0, check, expected, hex(value), 'SDM vol. 2D, WRMSR', { kind: 'register', name, value });

const plain = (field: number): Register => ({
  read: (cpu) => cpu.get(field),
  write: (cpu, value) => cpu.set(field, value),
});
const address = (name: string, field: number): Register => ({
  read: (cpu) => cpu.get(field),
  write: (cpu, value) => {
    if (!isCanonical(highOf(value)))
      throw refuse(name, `the value for ${name} is canonical`, 'bits 63:47 equal', value);
    cpu.set(field, value);
  },
});
const only32 = (name: string, field: number): Register => ({
  read: (cpu) => cpu.get(field),
  write: (cpu, value) => {
    if (value >> 32n !== 0n) throw refuse(name, `bits 63:32 of ${name} are 0`, '0', value);
    cpu.set(field, value);
  },
});
const readOnly = (name: string, value: bigint): Register => ({
  read: () => value,
  write: (_cpu, written) => {
    throw refuse(name, `${name} may be written`, 'a writable register', written);
  },
});
/** Takes any value and keeps none: what firmware and kernels poke without depending on it. */
const ignored = (value: bigint): Register => ({ read: () => value, write: () => undefined });

const EFER_KNOWN = BigInt(EFER.SCE | EFER.LME | EFER.LMA | EFER.NXE);
const eferRegister: Register = {
  read: (cpu) => cpu.get(S.efer),
  write: (cpu, value) => {
    if ((value & ~EFER_KNOWN) !== 0n)
      throw refuse('IA32_EFER', 'reserved bits of IA32_EFER are 0', `only ${hex(EFER_KNOWN)}`, value);
    const before = cpu.low(S.efer);
    const paging = (cpu.low(S.cr0) & CR0.PG) !== 0;
    const now = Number(value);
    if (paging && ((before ^ now) & EFER.LME) !== 0) {
      throw refuse('IA32_EFER', 'IA32_EFER.LME does not change while CR0.PG = 1', 'unchanged', value);
    }
    // LMA is not writable.
    cpu.setLow(S.efer, (now & ~EFER.LMA) | (before & EFER.LMA));
    if (((before ^ now) & EFER.NXE) !== 0) cpu.tlb.flush();
  },
};

const patRegister: Register = {
  read: (cpu) => cpu.get(S.pat),
  write: (cpu, value) => {
    for (let i = 0n; i < 8n; i++) {
      const type = Number((value >> (8n * i)) & 0xffn);
      if (type > 7 || type === 2 || type === 3)
        throw refuse('IA32_PAT', 'every field of IA32_PAT is a memory type', '0, 1, 4, 5, 6 or 7', value);
    }
    cpu.set(S.pat, value);
  },
};

const tsc: Register = {
  read: (cpu) => timeStamp(cpu),
  write: (cpu, value) => cpu.set(S.tscOffset, BigInt.asUintN(64, value - BigInt(cpu.surroundings.now()))),
};

/** The time-stamp counter: one tick a guest nanosecond. */
export const timeStamp = (cpu: Cpu): bigint =>
  BigInt.asUintN(64, BigInt(cpu.surroundings.now()) + cpu.get(S.tscOffset));

const REGISTERS = new Map<number, Register>([
  [0x10, tsc],
  [
    0x1b,
    {
      read: (cpu) => cpu.get(S.apicBase),
      write: (cpu, value) => {
        const known = ((1n << BigInt(PHYSICAL_BITS)) - 1n) & ~0x6ffn;
        if ((value & ~known) !== 0n)
          throw refuse('IA32_APIC_BASE', 'reserved bits of IA32_APIC_BASE are 0', '0', value);
        // The processor stays the bootstrap processor.
        cpu.set(S.apicBase, (value & ~0x100n) | (cpu.get(S.apicBase) & 0x100n));
        cpu.onApicBase((value & 0x800n) !== 0n);
      },
    },
  ],
  [0x8b, ignored(0n)],
  [0xfe, readOnly('IA32_MTRRCAP', 0x508n)],
  [MSR.IA32_SYSENTER_CS, only32('IA32_SYSENTER_CS', S.sysenterCs)],
  [MSR.IA32_SYSENTER_ESP, address('IA32_SYSENTER_ESP', S.sysenterEsp)],
  [MSR.IA32_SYSENTER_EIP, address('IA32_SYSENTER_EIP', S.sysenterEip)],
  [0x1a0, plain(S.miscEnable)],
  [0x277, patRegister],
  [0x2ff, plain(S.mtrrDefType)],
  [MSR.IA32_EFER, eferRegister],
  [MSR.IA32_STAR, plain(S.star)],
  [MSR.IA32_LSTAR, address('IA32_LSTAR', S.lstar)],
  [MSR.IA32_CSTAR, address('IA32_CSTAR', S.cstar)],
  [MSR.IA32_FMASK, only32('IA32_FMASK', S.fmask)],
  [MSR.IA32_FS_BASE, address('IA32_FS_BASE', FS_BASE)],
  [MSR.IA32_GS_BASE, address('IA32_GS_BASE', GS_BASE)],
  [MSR.IA32_KERNEL_GS_BASE, address('IA32_KERNEL_GS_BASE', S.kernelGsBase)],
  [0xc0000103, only32('IA32_TSC_AUX', S.tscAux)],
]);

/** What RDMSR gives, or undefined when the processor has no such MSR. */
export const readMsr = (cpu: Cpu, number: number): bigint | undefined => REGISTERS.get(number)?.read(cpu);

/** What WRMSR does at CPL 0: throws the Fault of a value that the MSR does not take. False: there is no such MSR. */
export function writeMsr(cpu: Cpu, number: number, value: bigint): boolean {
  const found = REGISTERS.get(number);
  found?.write(cpu, value);
  return found !== undefined;
}

function registerAt(cpu: Cpu, name: string): Register {
  const number = cpu.low(8 * Reg.rcx) >>> 0;
  const found = REGISTERS.get(number);
  if (found === undefined) {
    throw generalProtection(
      0,
      `MSR ${hex(number)} exists`,
      'an MSR of this processor',
      hex(number),
      `SDM vol. 2, ${name}`,
      {
        kind: 'register',
        name: 'RCX',
        value: BigInt(number),
      },
    );
  }
  return found;
}

/** RAX and RDX from a 64-bit value: upper halves are cleared. */
export function setEdxEax(cpu: Cpu, value: bigint): void {
  cpu.setReg(Reg.rax, value & 0xffffffffn);
  cpu.setReg(Reg.rdx, value >> 32n);
}

routine('rdmsr', (cpu, insn) => {
  requireRing0(cpu, insn);
  setEdxEax(cpu, registerAt(cpu, 'RDMSR').read(cpu));
  return Outcome.next;
});
routine('wrmsr', (cpu, insn) => {
  requireRing0(cpu, insn);
  const value = (BigInt(cpu.low(8 * Reg.rdx) >>> 0) << 32n) | BigInt(cpu.low(8 * Reg.rax) >>> 0);
  registerAt(cpu, 'WRMSR').write(cpu, value);
  return Outcome.leave;
});

routine('swapgs', (cpu, insn) => {
  if (!cpu.long) throw undefinedOpcode('64-bit mode for SWAPGS', '64-bit code', 'other code', 'SDM vol. 2B, SWAPGS');
  requireRing0(cpu, insn);
  const [low, high] = [cpu.low(GS_BASE), cpu.high(GS_BASE)];
  cpu.copy64(GS_BASE, S.kernelGsBase);
  cpu.set64(S.kernelGsBase, low, high);
  return Outcome.next;
});

const baseAccess = (op: string, field: number, store: boolean): void =>
  routine(op, (cpu, insn) => {
    if ((cpu.low(S.cr4) & CR4.FSGSBASE) === 0) {
      throw undefinedOpcode('CR4.FSGSBASE = 1', '1', '0', 'SDM vol. 2B, RDFSBASE');
    }
    if (!store) {
      write(cpu, insn, 0, cpu.get(field));
      return Outcome.next;
    }
    const value = read(cpu, insn, 0);
    if (!isCanonical(highOf(value))) throw refuse('base', 'the base is canonical', 'bits 63:47 equal', value);
    cpu.set(field, value);
    return Outcome.next;
  });
baseAccess('rdfsbase', FS_BASE, false);
baseAccess('rdgsbase', GS_BASE, false);
baseAccess('wrfsbase', FS_BASE, true);
baseAccess('wrgsbase', GS_BASE, true);

function requireTsc(cpu: Cpu, insn: Instruction): void {
  if (cpu.cpl === 0 || (cpu.low(S.cr4) & CR4.TSD) === 0) return;
  throw generalProtection(
    0,
    `CPL = 0 or CR4.TSD = 0 for ${insn.encoding.mnemonic.toUpperCase()}`,
    'CPL 0',
    `CPL ${cpu.cpl}`,
    'SDM vol. 2B, RDTSC',
  );
}
routine('rdtsc', (cpu, insn) => {
  requireTsc(cpu, insn);
  setEdxEax(cpu, timeStamp(cpu));
  return Outcome.next;
});
routine('rdtscp', (cpu, insn) => {
  requireTsc(cpu, insn);
  setEdxEax(cpu, timeStamp(cpu));
  cpu.setReg(Reg.rcx, cpu.get(S.tscAux) & 0xffffffffn);
  return Outcome.next;
});
routine('rdpid', (cpu, insn) => {
  write(cpu, insn, 0, cpu.get(S.tscAux) & 0xffffffffn);
  return Outcome.next;
});
routine('rdpmc', (cpu, insn) => {
  if (cpu.cpl !== 0 && (cpu.low(S.cr4) & CR4.PCE) === 0) {
    throw generalProtection(0, 'CPL = 0 or CR4.PCE = 1 for RDPMC', 'CPL 0', `CPL ${cpu.cpl}`, 'SDM vol. 2B, RDPMC');
  }
  throw generalProtection(
    0,
    `performance counter ${hex(cpu.low(8 * Reg.rcx) >>> 0)} exists`,
    'a counter',
    'none',
    `SDM vol. 2B, ${insn.encoding.mnemonic.toUpperCase()}`,
  );
});
