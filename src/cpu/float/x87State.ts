/** x87 registers and words as data (SDM vol. 1, 8.1). */
import { FSW } from '../../registers/floatingPoint.ts';
import type { Cpu } from '../cpu.ts';
import { Fault, hex, Vector } from '../fault.ts';
import { S, STATE } from '../layout.ts';

export { FSW };
export const TOP_SHIFT = 11;
const EXCEPTIONS = 0x3f;
export const FCW_INIT = 0x37f;

export const topOf = (cpu: Cpu): number => (cpu.low(S.fsw) >> TOP_SHIFT) & 7;
export function setTop(cpu: Cpu, top: number): void {
  cpu.setLow(S.fsw, (cpu.low(S.fsw) & ~FSW.TOP) | ((top & 7) << TOP_SHIFT));
}

/** Host address of physical register `n`. */
export const physicalHost = (n: number): number => STATE + S.x87 + 16 * (n & 7);
/** Host address of ST(i). */
export const stackHost = (cpu: Cpu, i: number): number => physicalHost(topOf(cpu) + i);
export const isEmpty = (cpu: Cpu, i: number): boolean => ((cpu.low(S.ftw) >> ((topOf(cpu) + i) & 7)) & 1) === 0;

/** ES and B follow from the exceptions that are set and not masked. */
export function updateSummary(cpu: Cpu): void {
  const fsw = cpu.low(S.fsw);
  const unmasked = fsw & ~cpu.low(S.fcw) & EXCEPTIONS;
  cpu.setLow(S.fsw, unmasked !== 0 ? fsw | FSW.ES | FSW.B : fsw & ~(FSW.ES | FSW.B));
}

/** #MF of an exception that an earlier instruction left pending (SDM vol. 1, 8.7). */
export function requireNoPending(cpu: Cpu): void {
  const fsw = cpu.low(S.fsw);
  if ((fsw & FSW.ES) === 0) return;
  throw new Fault(Vector.MF, null, {
    check: 'no unmasked x87 exception is pending',
    expected: 'FSW.ES = 0',
    actual: `FSW = ${hex(fsw)}`,
    manual: 'SDM vol. 3A, 6.15, interrupt 16',
    where: { kind: 'instruction' },
  });
}

/** Tag word of FSTENV from the registers (SDM vol. 1, 8.1.7): 0 valid, 1 zero, 2 special, 3 empty. */
export function fullTag(cpu: Cpu): number {
  let tags = 0;
  for (let n = 0; n < 8; n++) tags |= tagOf(cpu, n) << (2 * n);
  return tags;
}
function tagOf(cpu: Cpu, n: number): number {
  if (((cpu.low(S.ftw) >> n) & 1) === 0) return 3;
  const { view } = cpu;
  const host = physicalHost(n);
  const exponent = view.getUint16(host + 8, true) & 0x7fff;
  const [low, high] = [view.getUint32(host, true), view.getUint32(host + 4, true)];
  if (exponent === 0 && low === 0 && high === 0) return 1;
  return exponent === 0 || exponent === 0x7fff || high >>> 31 === 0 ? 2 : 0;
}
/** The register bits of a full tag word. */
export function abridgedTag(tags: number): number {
  let bits = 0;
  for (let n = 0; n < 8; n++) if (((tags >> (2 * n)) & 3) !== 3) bits |= 1 << n;
  return bits;
}

/** FNINIT. */
export function initX87(cpu: Cpu): void {
  cpu.setLow(S.fcw, FCW_INIT);
  cpu.setLow(S.fsw, 0);
  cpu.setLow(S.ftw, 0);
  cpu.setLow(S.fop, 0);
  cpu.set64(S.fip, 0, 0);
  cpu.set64(S.fdp, 0, 0);
}

/** What every MMX instruction but EMMS does: TOP = 0 and every register in use (SDM vol. 1, 9.5.1). */
export function enterMmx(cpu: Cpu): void {
  setTop(cpu, 0);
  cpu.setLow(S.ftw, 0xff);
}
