/** Stacks that the TSS names, good and bad. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { TestCase } from '../testCase.ts';
import { canonicalEdge, noStack } from './descriptors.ts';

const RSP = 4;
const IST = 0x24;

function stack(c: TestCase, choices: Choices, name: string): bigint {
  switch (choices.below(8)) {
    case 0:
      return noStack(choices);
    case 1:
      return canonicalEdge(choices) & ~0xfffn;
    case 2:
      return BigInt(c.image.user(name));
    default:
      return BigInt(c.image.at(name)) + BigInt(choices.below(16));
  }
}

/** RSP0 to RSP2 and IST3 to IST6 of the TSS at random; IST1, IST2 and IST7 stay good. Now and then the TSS is too short. */
export function randomStacks(c: TestCase, choices: Choices): void {
  const tss = c.image.at('tss');
  for (let n = 0; n < 3; n++) {
    if (!choices.oneIn(3)) continue;
    const pointer = stack(c, choices, `stack${n}`);
    c.poke(tss + RSP + 8 * n, pointer).note(`RSP${n}`, pointer);
  }
  for (let n = 3; n < 7; n++) {
    if (!choices.oneIn(3)) continue;
    const pointer = stack(c, choices, n % 2 === 1 ? 'ist1' : 'ist2');
    c.poke(tss + IST + 8 * (n - 1), pointer).note(`IST${n}`, pointer);
  }
}

/** Looks at the four quadwords under the top of a stack. */
export function watchStack(c: TestCase, name: string): void {
  for (let i = 1; i <= 4; i++) c.watch(c.image.at(name) - 8 * i, `${name} - ${8 * i}`);
}
