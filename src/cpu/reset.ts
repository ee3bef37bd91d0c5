/** Power-on and INIT state (SDM vol. 3A, table 9-1), and the state a multiboot loader hands over. */
import { CR0 } from '../registers/cr.ts';
import { DR6_RESET, DR7_RESET } from '../registers/debug.ts';
import { ATTRIBUTE } from '../registers/descriptor.ts';
import { FCW_RESET, MXCSR_RESET } from '../registers/floatingPoint.ts';
import { RFLAGS_FIXED } from '../registers/rflags.ts';
import { type Cpu, Reg } from './cpu.ts';
import { Halt, LDTR, S, STATE, TR } from './layout.ts';
import { CS, setSegment } from './segmentation.ts';

const DATA = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.W | ATTRIBUTE.A;
const CODE = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.Code | ATTRIBUTE.R | ATTRIBUTE.A;
const FLAT = 0xffffffff;
const PAT_RESET = 0x0007040600070406n;
/** Local APIC at FEE00000h, enabled, bootstrap processor. */
const APIC_BASE_RESET = 0xfee00900n;

export function resetCpu(cpu: Cpu): void {
  cpu.memory.bytes.fill(0, STATE, STATE + S.end);
  cpu.shutdown = false;
  cpu.chain = [];
  cpu.setLow(S.cr0, CR0.CD | CR0.NW | CR0.ET);
  cpu.rflags = RFLAGS_FIXED;
  cpu.rip = 0xfff0n;
  for (let n = 0; n < 6; n++) setSegment(cpu, n, 0, 0n, 0xffff, DATA);
  setSegment(cpu, CS, 0xf000, 0xffff0000n, 0xffff, CODE);
  setSegment(cpu, LDTR, 0, 0n, 0xffff, 0x82);
  setSegment(cpu, TR, 0, 0n, 0xffff, 0x8b);
  cpu.setLow(S.gdtrLimit, 0xffff);
  cpu.setLow(S.idtrLimit, 0xffff);
  cpu.setReg(Reg.rdx, 0x000906ean);
  cpu.set(S.dr + 48, BigInt(DR6_RESET >>> 0));
  cpu.set(S.dr + 56, BigInt(DR7_RESET));
  cpu.set(S.pat, PAT_RESET);
  cpu.set(S.apicBase, APIC_BASE_RESET);
  cpu.set(S.xcr0, 1n);
  cpu.setLow(S.mxcsr, MXCSR_RESET);
  cpu.setLow(S.fcw, FCW_RESET);
  // At power-on every x87 register is zero and valid; FNINIT empties them.
  cpu.setLow(S.ftw, 0xff);
  cpu.tlb.flush();
  cpu.setCpl(0);
}

/** Start-up message: real mode at `page` * 4096 (SDM vol. 3A, 8.4.3). */
export function startUp(cpu: Cpu, page: number): void {
  setSegment(cpu, CS, page << 8, BigInt(page << 12), 0xffff, CODE);
  cpu.rip = 0n;
  cpu.setLow(S.halted, Halt.no);
}

/**
 * The state at a multiboot kernel's entry: 32-bit protected mode, flat segments, no paging, interrupts off, A20 open
 * (Multiboot specification 0.6.96, 3.2; version 2, 3.3).
 */
export function enterMultiboot(cpu: Cpu, entry: number, eax: number, ebx: number): void {
  resetCpu(cpu);
  cpu.setLow(S.cr0, CR0.PE | CR0.ET);
  for (let n = 0; n < 6; n++) setSegment(cpu, n, 0x10, 0n, FLAT, DATA | ATTRIBUTE.G | ATTRIBUTE.B);
  setSegment(cpu, CS, 0x08, 0n, FLAT, CODE | ATTRIBUTE.G | ATTRIBUTE.D);
  cpu.setLow(S.gdtrLimit, 0);
  cpu.set(S.gdtrBase, 0n);
  cpu.setReg(Reg.rax, BigInt(eax >>> 0));
  cpu.setReg(Reg.rbx, BigInt(ebx >>> 0));
  cpu.setReg(Reg.rdx, 0n);
  cpu.rip = BigInt(entry >>> 0);
  cpu.updateContext();
}
