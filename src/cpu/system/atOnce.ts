/** Micro-steps done at once: what they read are constants, so that what they compute is one, and is written at once. */
import type { Cpu } from '../cpu.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Microstate } from '../language/microstate.ts';
import { S } from '../layout.ts';
import { setFlatSegment } from '../segmentation.ts';

function known(value: Val): Val {
  if (!x.isConst(value)) throw new Error('a step computes what constants do not fold');
  return value;
}
/** Value of an i32. */
export const wordOf = (value: Val): number => known(value).n;

/** `cpu` as micro-steps see it. */
export function atOnce(cpu: Cpu): Microstate {
  return {
    word: (offset) => x.i32(cpu.low(offset)),
    wide: (offset) => x.i64(cpu.get(offset)),
    setWide: (offset, value) => cpu.set(offset, BigInt.asUintN(64, known(value).big)),
    rflags: () => x.i32(cpu.rflags),
    setRflags: (value) => {
      cpu.rflags = wordOf(value);
    },
    nextRip: () => x.i64(cpu.get(S.nextRip)),
    setRip: (value) => cpu.set(S.rip, BigInt.asUintN(64, known(value).big)),
    setFlatSegment: (segment, selector, attributes) => setFlatSegment(cpu, segment, wordOf(selector), attributes),
    setCpl: (cpl) => cpu.setCpl(cpl),
  };
}
