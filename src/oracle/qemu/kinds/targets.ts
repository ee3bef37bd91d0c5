/** Where far transfers go: selectors, instruction pointers and stacks, mostly good ones. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { TestCase } from '../testCase.ts';
import { canonicalEdge, descriptor, NO_SELECTORS, notCanonical, place, randomSegment } from './descriptors.ts';

/** The guest's own code segments of each CPL, 64-bit first, and its data segments. */
const CODE = [[0x08, 0x30], [0x58], [0x68], [0x20, 0x28, 0x78]] as const;
const DATA = [0x10, 0x60, 0x70, 0x18] as const;

/** A selector for CS at `cpl`: of a good segment, of a random descriptor, or of none. */
export function codeSelector(c: TestCase, choices: Choices, cpl: number): number {
  if (choices.oneIn(12)) return choices.pick(NO_SELECTORS);
  const rpl = choices.oneIn(8) ? choices.below(4) : cpl;
  if (choices.oneIn(2)) return choices.pick(CODE[cpl] ?? CODE[3]) | rpl;
  return place(c, choices, [descriptor(randomSegment(choices, choices.oneIn(10) ? 'any' : 'code', cpl))], 'code') | rpl;
}

/** A selector for SS at `cpl`. */
export function stackSelector(c: TestCase, choices: Choices, cpl: number): number {
  if (choices.oneIn(8)) return choices.oneIn(2) ? cpl : choices.pick(NO_SELECTORS);
  const rpl = choices.oneIn(10) ? choices.below(4) : cpl;
  if (choices.oneIn(2)) return (DATA[cpl] ?? 0x18) | rpl;
  return (
    place(c, choices, [descriptor(randomSegment(choices, choices.oneIn(10) ? 'any' : 'data', cpl))], 'stack') | rpl
  );
}

/** An instruction pointer: where filling is mapped, at an edge, nowhere, or not canonical. */
export function instructionPointer(c: TestCase, choices: Choices): bigint {
  const { image } = c;
  const offset = 0x100 + choices.below(0x100);
  switch (choices.below(10)) {
    case 0:
      return BigInt(image.at('second_code3') + offset);
    case 1:
      return image.upper(image.at('second_code3') + offset);
    case 2:
      return canonicalEdge(choices);
    case 3:
      return notCanonical(choices);
    case 4:
      return BigInt(0x1000 + choices.below(0xe000));
    default:
      return BigInt(image.user('second_code3') + offset);
  }
}

/** A stack pointer. */
export function stackPointer(c: TestCase, choices: Choices): bigint {
  const { image } = c;
  const stray = choices.oneIn(4) ? BigInt(choices.below(16)) : 0n;
  switch (choices.below(8)) {
    case 0:
      return canonicalEdge(choices);
    case 1:
      return notCanonical(choices);
    case 2:
      return choices.bits64();
    case 3:
      return BigInt(image.at('stack1')) + stray;
    default:
      return BigInt(image.user('stack3')) + stray;
  }
}

/**
 * RFLAGS with any bits; TF seldom, NT, VIF and VIP never: QEMU's VIF and VIP, once set, outlive a case. `vm` tells
 * whether VM may be set.
 */
export function flagsImage(choices: Choices, vm: boolean): bigint {
  const flags = choices.bits64() & 0x3fffffn & ~0x184100n & (vm ? -1n : ~0x20000n);
  return (choices.oneIn(24) ? flags | 0x100n : flags) | (choices.oneIn(8) ? choices.bits64() & ~0xffffffffn : 0n);
}
