/** MXCSR as a rounding context, and #XM (SDM vol. 1, 11.5). */
import { CR4 } from '../../registers/cr.ts';
import { MXCSR } from '../../registers/floatingPoint.ts';
import type { Cpu } from '../cpu.ts';
import { Fault, hex, undefinedOpcode, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import { BEFORE, Context } from './format.ts';

const context = new Context();
const [MASKS_SHIFT, RC_SHIFT] = [7, 13];

/** The context of the SSE instruction under way: one at a time. */
export function sseContext(cpu: Cpu): Context {
  const mxcsr = cpu.low(S.mxcsr);
  context.flags = 0;
  context.masks = (mxcsr >> MASKS_SHIFT) & 0x3f;
  context.rounding = (mxcsr >> RC_SHIFT) & 3;
  context.daz = (mxcsr & MXCSR.DAZ) !== 0;
  context.ftz = (mxcsr & MXCSR.FZ) !== 0;
  return context;
}

/** Makes what happened sticky; raises #XM before anything is written when some of it is not masked. */
export function settle(cpu: Cpu, c: Context): void {
  const before = c.flags & BEFORE & ~c.masks;
  const flags = before !== 0 ? c.flags & BEFORE : c.flags;
  const mxcsr = cpu.low(S.mxcsr) | flags;
  cpu.setLow(S.mxcsr, mxcsr);
  if ((flags & ~c.masks) === 0) return;
  const actual = `MXCSR = ${hex(mxcsr)}`;
  if ((cpu.low(S.cr4) & CR4.OSXMMEXCPT) === 0) {
    throw undefinedOpcode(
      'the system handles SIMD floating-point exceptions',
      'CR4.OSXMMEXCPT = 1, or the exception masked',
      actual,
      'SDM vol. 1, 11.5.1',
    );
  }
  throw new Fault(Vector.XM, null, {
    check: 'SIMD floating-point exceptions that happen are masked',
    expected: 'no flag without its mask',
    actual,
    manual: 'SDM vol. 3A, 6.15, interrupt 19',
    where: { kind: 'register', name: 'MXCSR', value: BigInt(mxcsr) },
  });
}
