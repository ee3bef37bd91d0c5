/** Segment descriptors and selectors for 16- and 32-bit code. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import { descriptor, FLAG, NO_SELECTORS, type Parts, place } from '../kinds/descriptors.ts';
import type { TestCase } from '../testCase.ts';
import { CODE, DATA } from './start.ts';

/** A descriptor that would do for the use named, with fields changed now and then. */
export function legacySegment(choices: Choices, use: 'code' | 'data' | 'any', dpl: number): Parts {
  const code = choices.pick([0x18, 0x1a, 0x1a, 0x1a, 0x1c, 0x1e]);
  const data = choices.pick([0x10, 0x12, 0x12, 0x12, 0x14, 0x16]);
  const fitting = use === 'code' ? code : use === 'data' ? data : choices.pick([code, data, data]);
  const type = choices.oneIn(10) ? choices.below(32) : fitting | (choices.oneIn(2) ? 1 : 0);
  const isCode = (type & 0x18) === 0x18;
  return {
    type,
    dpl: choices.oneIn(5) ? choices.below(4) : dpl,
    present: !choices.oneIn(12),
    base: choices.oneIn(3) ? choices.pick([0x10, 0x20, isCode ? 0x1000 : 0xfffff000]) : 0,
    limit: choices.oneIn(5) ? choices.pick([1, 0xffff, 0x0fff, 0x12345]) : 0xfffff,
    // L means nothing here; QEMU keeps it in mind.
    flags: isCode ? choices.pick([FLAG.D | FLAG.G, FLAG.D | FLAG.G, FLAG.G, FLAG.D, 0]) : FLAG.D | FLAG.G,
  };
}

/**
 * A selector for CS at `cpl`: of a good segment, of a random descriptor, or of none. `gated`: a gate leads there, and
 * QEMU would take conforming code for a change to its DPL.
 */
export function codeSelector(c: TestCase, choices: Choices, cpl: number, gated = false): number {
  if (choices.oneIn(12)) return choices.pick(NO_SELECTORS);
  const rpl = choices.oneIn(8) ? choices.below(4) : cpl;
  if (choices.oneIn(3)) return (CODE[cpl] ?? 0) | rpl;
  const use = choices.oneIn(10) ? 'any' : 'code';
  const parts = legacySegment(choices, use, cpl);
  // Task switches, which we refuse, and gates, which are another matter.
  const switched = [1, 3, 4, 5, 9, 11, 12].includes(parts.type) ? 2 : parts.type;
  const type = gated && (switched & 0x1c) === 0x1c ? switched & ~4 : switched;
  return place(c, choices, [descriptor({ ...parts, type })], 'code') | rpl;
}

/** A selector for SS at `cpl`. `pushed`: QEMU looks at no limit when it pushes, so the segment has none. */
export function stackSelector(c: TestCase, choices: Choices, cpl: number, pushed: boolean): number {
  if (choices.oneIn(8)) return choices.oneIn(2) ? cpl : choices.pick(NO_SELECTORS);
  const rpl = choices.oneIn(10) ? choices.below(4) : cpl;
  if (choices.oneIn(2)) return (DATA[cpl] ?? 0x18) | rpl;
  const parts = legacySegment(choices, choices.oneIn(10) ? 'any' : 'data', cpl);
  const narrow = choices.oneIn(4) ? { flags: FLAG.G } : {};
  const free = pushed
    ? { base: parts.base & 0xfff, limit: 0xfffff, flags: FLAG.D | FLAG.G, type: parts.type & ~4 }
    : {};
  return place(c, choices, [descriptor({ ...parts, ...narrow, ...free })], 'stack') | rpl;
}

/** An offset in code of so many bits where the filling is, or nearly nowhere. */
export function codeOffset(c: TestCase, choices: Choices, bits: number, user: boolean): bigint {
  const { image } = c;
  const offset = 0x100 + choices.below(0x100);
  if (choices.oneIn(12))
    return BigInt(choices.pick(bits === 16 ? [0xfffe, 0xffff] : [0xffff, 0x10000, 0x12345, 0x12346, 0x90000000]));
  if (bits === 16)
    return BigInt(choices.oneIn(2) ? 0x3000 + offset : image.at('second_code3') - image.at('arena') + offset);
  if (choices.oneIn(5)) return BigInt(0x3000 + offset);
  return BigInt((user ? image.user('second_code3') : image.at('second_code3')) + offset);
}
