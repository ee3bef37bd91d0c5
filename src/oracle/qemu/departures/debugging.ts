/** Single steps and breakpoints. */
import type { Departure } from './departure.ts';

const SINGLE_STEP = 0x4000n;
/** R/W field of DR7. */
const INSTRUCTION = 0;

export const DEBUGGING: readonly Departure[] = [
  {
    name: 'a trap reports the breakpoint on the instruction behind it too',
    manual:
      'SDM vol. 3B, 17.2.3 and 17.3.1.1: an instruction breakpoint is met when its instruction is about to be executed',
    mend: (c, o) => {
      if (o.get('vector') !== 1n) return;
      const bits = [0, 1, 2, 3].map((n) => ({ bit: 1n << BigInt(n), kind: c.notes.get(`kind ${n}`) }));
      const dr6 = o.get('dr6');
      const trap =
        bits.some(({ bit, kind }) => kind !== INSTRUCTION && (dr6 & bit) !== 0n) || (dr6 & SINGLE_STEP) !== 0n;
      for (const { bit, kind } of bits) if (trap && kind === INSTRUCTION) o.set('dr6', o.get('dr6') & ~bit);
    },
  },
];
