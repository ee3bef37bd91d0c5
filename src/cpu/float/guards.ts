/** When x87, MMX and SSE instructions may run at all (SDM vol. 3A, 13.1; vol. 2A, tables 2-20 to 2-26). */
import type { Instruction } from '../../isa/instruction.ts';
import { CR0, CR4 } from '../../registers/cr.ts';
import type { Cpu } from '../cpu.ts';
import { Fault, undefinedOpcode, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import { requireNoPending } from './x87State.ts';

export type Guard = (cpu: Cpu) => void;

const deviceNotAvailable = (check: string, actual: string): Fault =>
  new Fault(Vector.NM, null, {
    check,
    expected: 'CR0.EM = 0 and CR0.TS = 0',
    actual,
    manual: 'SDM vol. 3A, 6.15, interrupt 7',
    where: { kind: 'register', name: 'CR0', value: 0n },
  });

function requireNoSwitch(cpu: Cpu): void {
  if ((cpu.low(S.cr0) & CR0.TS) !== 0) throw deviceNotAvailable('no task switch is pending for x87 state', 'TS = 1');
}
function requireNoEmulation(cpu: Cpu): void {
  if ((cpu.low(S.cr0) & CR0.EM) !== 0)
    throw undefinedOpcode('MMX and SSE are not emulated', 'CR0.EM = 0', 'EM = 1', 'SDM vol. 3A, 13.1.1');
}

/** #NM for x87 instructions, FXSAVE and FXRSTOR. */
export function requireX87(cpu: Cpu): void {
  if ((cpu.low(S.cr0) & CR0.EM) !== 0) throw deviceNotAvailable('x87 is not emulated', 'EM = 1');
  requireNoSwitch(cpu);
}

const requireWait: Guard = (cpu) => {
  const both = CR0.MP | CR0.TS;
  if ((cpu.low(S.cr0) & both) === both) throw deviceNotAvailable('WAIT may run', 'MP = 1 and TS = 1');
};

const requireMmx: Guard = (cpu) => {
  requireNoEmulation(cpu);
  requireNoSwitch(cpu);
  requireNoPending(cpu);
};

const requireSse: Guard = (cpu) => {
  requireNoEmulation(cpu);
  if ((cpu.low(S.cr4) & CR4.OSFXSR) === 0)
    throw undefinedOpcode('the system saves SSE state', 'CR4.OSFXSR = 1', 'OSFXSR = 0', 'SDM vol. 3A, 13.1.1');
  requireNoSwitch(cpu);
};

const requireBoth: Guard = (cpu) => {
  requireSse(cpu);
  requireNoPending(cpu);
};

/** These neither read nor write registers of the three. */
const FREE = new Set('prefetch sfence lfence mfence movnti crc32 popcnt'.split(' '));
const SAVES = new Set(['fxsave', 'fxrstor']);

/** The guard of an instruction; undefined when it needs none, or makes its checks itself. */
export function guardOf(insn: Instruction): Guard | undefined {
  const { op, feature } = insn.encoding;
  if (op === 'fwait') return requireWait;
  if (FREE.has(op)) return undefined;
  if (feature === 'FPU' || op === 'fisttp' || SAVES.has(op)) return requireX87;
  if (op === 'emms') return requireMmx;
  if (op === 'ldmxcsr' || op === 'stmxcsr') return requireSse;
  const files = insn.operands.map((o) => (o.kind === 'reg' ? o.file : ''));
  if (files.includes('mmx')) return files.includes('xmm') || touchesXmm(op) ? requireBoth : requireMmx;
  return files.includes('xmm') ? requireSse : undefined;
}

/** Conversions between MMX registers and floats in memory count as SSE. */
const touchesXmm = (op: string): boolean => op.startsWith('cvt');
