/** Control and debug registers (SDM vol. 3A, 2.5; vol. 3B, 17.2). */
import { CR0, CR4 } from '../../registers/cr.ts';
import { EFER } from '../../registers/efer.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf, lowOf } from '../cpu.ts';
import { debugRegistersChanged, generalDetect } from '../debugRegisters.ts';
import { generalProtection, hex, undefinedOpcode } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { PHYSICAL_BITS } from '../paging.ts';
import { effectiveAddress, operandAt, read, write, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { CS, updateCodeSize } from '../segmentation.ts';
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import { isPae, loadPdptes } from './pdptes.ts';
import { requireRing0, requireUmip } from './privilege.ts';

const MANUAL = 'SDM vol. 2B, MOV to CR';
const CR0_KNOWN = CR0.PE | CR0.MP | CR0.EM | CR0.TS | CR0.ET | CR0.NE | CR0.WP | CR0.AM | CR0.NW | CR0.CD | CR0.PG;
/** CR4 bits of this processor: what CPUID reports and nothing more. */
const CR4_KNOWN =
  CR4.TSD |
  CR4.DE |
  CR4.PSE |
  CR4.PAE |
  CR4.MCE |
  CR4.PGE |
  CR4.PCE |
  CR4.OSFXSR |
  CR4.OSXMMEXCPT |
  CR4.OSXSAVE |
  CR4.UMIP |
  CR4.FSGSBASE |
  CR4.PCIDE |
  CR4.SMEP |
  CR4.SMAP;

const refuse = (check: string, expected: string, value: bigint | number, name: string) =>
  generalProtection(0, check, expected, hex(value), MANUAL, { kind: 'register', name, value: BigInt(value) });

/** Everything that follows from new translation rules: nothing cached holds any more. */
function translationsChanged(cpu: Cpu, keepGlobal = false): void {
  cpu.tlb.flush(keepGlobal);
  cpu.updateContext();
}

export function writeCr0(cpu: Cpu, value: bigint): void {
  const low = lowOf(value) | CR0.ET;
  if (highOf(value) !== 0) throw refuse('bits 63:32 of CR0 are 0', '0', value, 'CR0');
  if ((low & CR0.PG) !== 0 && (low & CR0.PE) === 0) throw refuse('CR0.PG = 1 needs CR0.PE = 1', 'PE = 1', value, 'CR0');
  if ((low & CR0.NW) !== 0 && (low & CR0.CD) === 0) throw refuse('CR0.NW = 1 needs CR0.CD = 1', 'CD = 1', value, 'CR0');
  const before = cpu.low(S.cr0);
  const pagingOn = (low & CR0.PG) !== 0 && (before & CR0.PG) === 0;
  const pagingOff = (low & CR0.PG) === 0 && (before & CR0.PG) !== 0;
  const efer = cpu.low(S.efer);
  if (pagingOn && (efer & EFER.LME) !== 0) {
    if ((cpu.low(S.cr4) & CR4.PAE) === 0)
      throw refuse('IA-32e paging needs CR4.PAE = 1', 'PAE = 1', cpu.get(S.cr4), 'CR4');
    if ((cpu.attributes(CS) & ATTRIBUTE.L) !== 0)
      throw refuse('CS.L = 0 when IA-32e mode is switched on', 'L = 0', value, 'CR0');
  }
  if (pagingOff && cpu.long) throw refuse('paging stays on in 64-bit mode', 'PG = 1', value, 'CR0');
  if (pagingOff && (cpu.low(S.cr4) & CR4.PCIDE) !== 0)
    throw refuse('paging stays on while CR4.PCIDE = 1', 'PG = 1', value, 'CR0');
  const reloads = isPae(low, cpu.low(S.cr4), efer) && (pagingOn || ((before ^ low) & (CR0.CD | CR0.NW)) !== 0);
  if (reloads) loadPdptes(cpu, cpu.low(S.cr3));
  cpu.setLow(S.cr0, low & CR0_KNOWN);
  if (pagingOn && (efer & EFER.LME) !== 0) cpu.setLow(S.efer, efer | EFER.LMA);
  if (pagingOff) cpu.setLow(S.efer, efer & ~EFER.LMA);
  if (reloads || ((before ^ low) & (CR0.PG | CR0.WP | CR0.PE | CR0.AM)) !== 0) translationsChanged(cpu);
  if (pagingOn || pagingOff) updateCodeSize(cpu);
}

export function writeCr3(cpu: Cpu, value: bigint): void {
  const pcid = (cpu.low(S.cr4) & CR4.PCIDE) !== 0;
  const plain = pcid ? value & ~(1n << 63n) : value;
  if ((cpu.low(S.efer) & EFER.LMA) !== 0 && plain >> BigInt(PHYSICAL_BITS) !== 0n) {
    throw refuse('reserved bits of CR3 are 0', `bits 63:${PHYSICAL_BITS} 0`, value, 'CR3');
  }
  if (isPae(cpu.low(S.cr0), cpu.low(S.cr4), cpu.low(S.efer))) loadPdptes(cpu, lowOf(plain));
  cpu.set(S.cr3, plain);
  // Entries are not tagged with a PCID: they are flushed even where bit 63 allows to keep them.
  cpu.tlb.flush(true);
}

export function writeCr4(cpu: Cpu, value: bigint): void {
  const low = lowOf(value);
  const before = cpu.low(S.cr4);
  if (highOf(value) !== 0 || (low & ~CR4_KNOWN) !== 0)
    throw refuse('reserved bits of CR4 are 0', `only ${hex(CR4_KNOWN >>> 0)}`, value, 'CR4');
  const long = (cpu.low(S.efer) & EFER.LMA) !== 0;
  if (long && (low & CR4.PAE) === 0) throw refuse('CR4.PAE stays 1 in IA-32e mode', 'PAE = 1', value, 'CR4');
  if ((low & CR4.PCIDE) !== 0 && (before & CR4.PCIDE) === 0 && (!long || (cpu.low(S.cr3) & 0xfff) !== 0)) {
    throw refuse('CR4.PCIDE is set in IA-32e mode with CR3[11:0] = 0', 'both', value, 'CR4');
  }
  const reloads = ((before ^ low) & (CR4.PAE | CR4.PGE | CR4.PSE | CR4.SMEP)) !== 0;
  if (reloads && isPae(cpu.low(S.cr0), low, cpu.low(S.efer))) loadPdptes(cpu, cpu.low(S.cr3));
  cpu.setLow(S.cr4, low);
  translationsChanged(cpu);
}

export function writeCr8(cpu: Cpu, value: bigint): void {
  if (value >> 4n !== 0n) throw refuse('bits 63:4 of CR8 are 0', '0', value, 'CR8');
  cpu.set(S.cr8, value);
  cpu.taskPriority.write(Number(value));
  cpu.attention = true;
}

const WRITERS: Readonly<Record<number, (cpu: Cpu, value: bigint) => void>> = {
  0: writeCr0,
  2: (cpu, value) => cpu.set(S.cr2, value),
  3: writeCr3,
  4: writeCr4,
  8: writeCr8,
};
const FIELDS: Readonly<Record<number, number>> = { 0: S.cr0, 2: S.cr2, 3: S.cr3, 4: S.cr4, 8: S.cr8 };

const generalSize = (cpu: Cpu): 32 | 64 => (cpu.long ? 64 : 32);

/** Number of the control or debug register, and of the general register, of a MOV. */
function registers(
  insn: Instruction,
  file: 'control' | 'debug',
): { special: number; general: number; toSpecial: boolean } {
  const [dst, src] = [operandAt(insn, 0), operandAt(insn, 1)];
  if (dst.kind !== 'reg' || src.kind !== 'reg') throw new Error('MOV between registers expected');
  const toSpecial = dst.file === file;
  return { special: toSpecial ? dst.index : src.index, general: toSpecial ? src.index : dst.index, toSpecial };
}

routine('movcr', (cpu, insn) => {
  const { special, general, toSpecial } = registers(insn, 'control');
  const field = FIELDS[special];
  if (field === undefined) {
    throw undefinedOpcode('the control register exists', 'CR0, CR2, CR3, CR4 or CR8', `CR${special}`, MANUAL);
  }
  requireRing0(cpu, insn);
  if (!toSpecial) {
    // The local APIC's task priority may have been written in memory.
    if (special === 8) cpu.set(S.cr8, BigInt(cpu.taskPriority.read()));
    writeRegister(cpu, general, generalSize(cpu), false, cpu.get(field));
    return Outcome.next;
  }
  const value = BigInt.asUintN(generalSize(cpu), cpu.reg(general));
  WRITERS[special]?.(cpu, value);
  return Outcome.leave;
});

routine('clts', (cpu, insn) => {
  requireRing0(cpu, insn);
  cpu.setLow(S.cr0, cpu.low(S.cr0) & ~CR0.TS);
  return Outcome.next;
});

routine('smsw', (cpu, insn) => {
  requireUmip(cpu, insn);
  write(cpu, insn, 0, BigInt(cpu.low(S.cr0) >>> 0));
  return Outcome.next;
});

routine('lmsw', (cpu, insn) => {
  requireRing0(cpu, insn);
  const mask = CR0.PE | CR0.MP | CR0.EM | CR0.TS;
  const before = cpu.low(S.cr0);
  // LMSW cannot clear PE (SDM vol. 2A, LMSW).
  const value = (Number(read(cpu, insn, 0) & 0xffffn) & mask) | (before & CR0.PE);
  writeCr0(cpu, BigInt(((before & ~mask) | value) >>> 0));
  return Outcome.leave;
});

routine('movdr', (cpu, insn) => {
  const { special, general, toSpecial } = registers(insn, 'debug');
  const manual = 'SDM vol. 2B, MOV to DR';
  const alias = special === 4 || special === 5;
  if (special > 7 || (alias && (cpu.low(S.cr4) & CR4.DE) !== 0)) {
    throw undefinedOpcode('the debug register exists', 'DR0..DR3, DR6, DR7', `DR${special}`, manual);
  }
  requireRing0(cpu, insn);
  const detected = generalDetect(cpu);
  if (detected !== undefined) throw detected;
  const number = alias ? special + 2 : special;
  if (!toSpecial) {
    writeRegister(cpu, general, generalSize(cpu), false, cpu.get(S.dr + 8 * number));
    return Outcome.next;
  }
  writeDebugRegister(cpu, number, BigInt.asUintN(generalSize(cpu), cpu.reg(general)));
  return Outcome.leave;
});

/** MOV to DR0 to DR3, DR6 or DR7, without its checks of who may. */
export function writeDebugRegister(cpu: Cpu, n: number, value: bigint): void {
  if (n >= 4 && value >> 32n !== 0n) {
    throw generalProtection(0, 'bits 63:32 of DR6 and DR7 are 0', '0', hex(value), 'SDM vol. 2B, MOV to DR');
  }
  const field = S.dr + 8 * n;
  // Fixed bits: SDM vol. 3B, 17.2.3 and 17.2.4.
  if (n === 6) cpu.set(field, (value & 0xe00fn) | 0xffff0ff0n);
  else if (n === 7) cpu.set(field, (value & 0xffff2bffn) | 0x400n);
  else cpu.set(field, value);
  debugRegistersChanged(cpu);
  cpu.onBreakpoints();
}

routine('invlpg', (cpu, insn) => {
  requireRing0(cpu, insn);
  const operand = operandAt(insn, 0);
  if (operand.kind !== 'mem') throw new Error('INVLPG takes an address');
  const linear = cpu.linear(operand.segment, effectiveAddress(cpu, insn, operand));
  cpu.tlb.invalidate(lowOf(linear), highOf(linear));
  return Outcome.leave;
});

routine('invpcid', (cpu, insn) => {
  requireRing0(cpu, insn);
  const operand = operandAt(insn, 1);
  if (operand.kind !== 'mem') throw new Error('INVPCID takes memory');
  const type = read(cpu, { ...insn, operands: [operandAt(insn, 0)] }, 0);
  const at = cpu.linear(operand.segment, effectiveAddress(cpu, insn, operand));
  const pcid = cpu.readLinear(at, 8);
  if (type > 3n || pcid >> 12n !== 0n) {
    throw generalProtection(
      0,
      'type and descriptor of INVPCID are valid',
      'type 0..3, bits 63:12 0',
      `type ${type}, ${hex(pcid)}`,
      'SDM vol. 2A, INVPCID',
    );
  }
  cpu.tlb.flush();
  return Outcome.leave;
});

const cacheInstruction = (op: string): void =>
  routine(op, (cpu, insn) => {
    requireRing0(cpu, insn);
    return Outcome.next;
  });
cacheInstruction('wbinvd');
cacheInstruction('invd');
