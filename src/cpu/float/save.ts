/** FXSAVE, FXRSTOR, LDMXCSR, STMXCSR and the XSAVE family for x87 and SSE state (SDM vol. 1, 10.5 and chapter 13). */
import { CR0, CR4 } from '../../registers/cr.ts';
import { XCR0 } from '../../registers/floatingPoint.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { Fault, generalProtection, hex, undefinedOpcode, Vector } from '../fault.ts';
import { Access, Outcome, S } from '../layout.ts';
import { routine } from '../routines/routine.ts';
import { requireRing0 } from '../system/privilege.ts';
import { requireMxcsr, SaveArea } from './saveArea.ts';
import { memoryHost, xmmHost } from './vectorOperands.ts';
import { FCW_INIT, initX87, physicalHost } from './x87State.ts';

const area = new SaveArea();
/** REX.W: 64-bit FIP and FDP. */
const isWide = (insn: Instruction): boolean => insn.operandSize === 64;
/** Bytes of FXSAVE's area that it writes and FXRSTOR reads: XMM8 to XMM15 only in 64-bit mode. */
const endOf = (cpu: Cpu): number => (cpu.long ? 416 : 288);

routine('fxsave', (cpu, insn) => {
  area.open(cpu, insn, 16, 512, Access.write);
  area.putX87(cpu, isWide(insn));
  area.putMxcsr(cpu);
  area.putXmm(cpu);
  area.write(0, endOf(cpu));
  return Outcome.next;
});
routine('fxrstor', (cpu, insn) => {
  area.open(cpu, insn, 16, 512, 0);
  area.read(0, endOf(cpu));
  area.checkMxcsr('FXRSTOR');
  area.getX87(cpu, isWide(insn));
  area.getMxcsr(cpu);
  area.getXmm(cpu);
  return Outcome.next;
});

routine('ldmxcsr', (cpu, insn) => {
  const value = cpu.view.getInt32(memoryHost(cpu, insn, 0, 4, 0), true);
  requireMxcsr(value, 'LDMXCSR');
  cpu.setLow(S.mxcsr, value);
  return Outcome.next;
});
routine('stmxcsr', (cpu, insn) => {
  const host = memoryHost(cpu, insn, 0, 4, Access.write);
  cpu.writeAt(host, 4, BigInt(cpu.low(S.mxcsr) >>> 0));
  return Outcome.next;
});

const KNOWN = XCR0.x87 | XCR0.SSE;
/** The header follows the legacy region; XSTATE_BV is its first word, XCOMP_BV its second. */
const [LEGACY, HEADER_END] = [512, 576];
const ALIGN = 64;

function requireXsave(cpu: Cpu, name: string): void {
  if ((cpu.low(S.cr4) & CR4.OSXSAVE) === 0)
    throw undefinedOpcode(`${name} may run`, 'CR4.OSXSAVE = 1', 'OSXSAVE = 0', 'SDM vol. 1, 13.2');
}
function requireXsaveState(cpu: Cpu, insn: Instruction): void {
  requireXsave(cpu, insn.encoding.mnemonic.toUpperCase());
  if ((cpu.low(S.cr0) & CR0.TS) !== 0) {
    throw new Fault(Vector.NM, null, {
      check: 'no task switch is pending for x87 state',
      expected: 'CR0.TS = 0',
      actual: 'TS = 1',
      manual: 'SDM vol. 3A, 6.15, interrupt 7',
      where: { kind: 'instruction' },
    });
  }
}
const requested = (cpu: Cpu): number => cpu.low(S.xcr0) & cpu.low(8 * Reg.rax);

/** Components that are not in their initial configuration (SDM vol. 1, 13.6). */
function inUse(cpu: Cpu): number {
  const { bytes } = cpu;
  const xmm = bytes.subarray(xmmHost(0), xmmHost(cpu.long ? 16 : 8)).some((b) => b !== 0);
  const words = cpu.low(S.fcw) !== FCW_INIT || cpu.low(S.fsw) !== 0 || cpu.low(S.ftw) !== 0 || cpu.low(S.fop) !== 0;
  const pointers = cpu.get(S.fip) !== 0n || cpu.get(S.fdp) !== 0n;
  const x87 = words || pointers || bytes.subarray(physicalHost(0), physicalHost(7) + 10).some((b) => b !== 0);
  return (x87 ? XCR0.x87 : 0) | (xmm ? XCR0.SSE : 0);
}

routine('xsave', (cpu, insn) => {
  requireXsaveState(cpu, insn);
  area.open(cpu, insn, ALIGN, HEADER_END, Access.write);
  const mask = requested(cpu);
  area.read(0, 32);
  area.read(LEGACY, LEGACY + 16);
  const { bytes, view } = area;
  const kept = bytes.slice(24, 32);
  if ((mask & XCR0.x87) !== 0) area.putX87(cpu, isWide(insn));
  bytes.set(kept, 24);
  if ((mask & XCR0.SSE) !== 0) {
    area.putMxcsr(cpu);
    area.putXmm(cpu);
    area.write(160, endOf(cpu));
  }
  area.write(0, (mask & XCR0.x87) !== 0 ? 160 : 32);
  view.setUint32(LEGACY, (view.getUint32(LEGACY, true) & ~mask) | (inUse(cpu) & mask), true);
  area.write(LEGACY, LEGACY + 16);
  return Outcome.next;
});

routine('xrstor', (cpu, insn) => {
  requireXsaveState(cpu, insn);
  area.open(cpu, insn, ALIGN, HEADER_END, 0);
  area.read(0, HEADER_END);
  const { bytes, view } = area;
  const saved = view.getUint32(LEGACY, true);
  const unknown = view.getUint32(LEGACY + 4, true) | (saved & ~cpu.low(S.xcr0));
  if (unknown !== 0 || bytes.subarray(LEGACY + 8, LEGACY + 24).some((b) => b !== 0)) {
    throw generalProtection(
      0,
      'the header of the XSAVE area is one XRSTOR knows',
      `XSTATE_BV within XCR0, XCOMP_BV and bytes 23:16 0`,
      `XSTATE_BV ${hex(view.getBigUint64(LEGACY, true))}`,
      'SDM vol. 1, 13.8.1',
    );
  }
  const mask = requested(cpu);
  if ((mask & XCR0.SSE) !== 0) {
    area.checkMxcsr('XRSTOR');
    area.getMxcsr(cpu);
    if ((saved & XCR0.SSE) !== 0) area.getXmm(cpu);
    else cpu.bytes.fill(0, xmmHost(0), xmmHost(cpu.long ? 16 : 8));
  }
  if ((mask & XCR0.x87) !== 0) {
    if ((saved & XCR0.x87) !== 0) area.getX87(cpu, isWide(insn));
    else {
      initX87(cpu);
      cpu.bytes.fill(0, physicalHost(0), physicalHost(7) + 16);
    }
  }
  return Outcome.next;
});

routine('xgetbv', (cpu) => {
  requireXsave(cpu, 'XGETBV');
  const register = cpu.low(8 * Reg.rcx);
  if (register !== 0)
    throw generalProtection(
      0,
      'the extended control register exists',
      'ECX = 0',
      hex(register >>> 0),
      'SDM vol. 2D, XGETBV',
    );
  cpu.set64(8 * Reg.rax, cpu.low(S.xcr0), 0);
  cpu.set64(8 * Reg.rdx, cpu.high(S.xcr0), 0);
  return Outcome.next;
});
routine('xsetbv', (cpu, insn) => {
  requireXsave(cpu, 'XSETBV');
  requireRing0(cpu, insn);
  writeXcr(cpu, cpu.low(8 * Reg.rcx), cpu.low(8 * Reg.rax), cpu.low(8 * Reg.rdx));
  return Outcome.next;
});

/** Writes an extended control register; #GP(0) unless it is XCR0 and can have the value. */
export function writeXcr(cpu: Cpu, register: number, low: number, high: number): void {
  if (register !== 0 || high !== 0 || (low & ~KNOWN) !== 0 || (low & XCR0.x87) === 0) {
    throw generalProtection(
      0,
      'XSETBV writes a value XCR0 can have',
      'ECX = 0, x87 = 1, only x87 and SSE',
      `XCR${register >>> 0} = ${hex(low >>> 0)}`,
      'SDM vol. 2D, XSETBV',
    );
  }
  cpu.set64(S.xcr0, low, 0);
}
