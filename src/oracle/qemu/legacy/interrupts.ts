/** Software interrupts and exceptions through interrupt and trap gates of 16 and 32 bits. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { gate } from '../kinds/descriptors.ts';
import { TestCase } from '../testCase.ts';
import { codeOffset, codeSelector } from './segments.ts';
import { innerStacks, watchStack } from './stacks.ts';
import { anyPaging, anyStart, startLegacy } from './start.ts';

interface Cause {
  readonly name: string;
  readonly code: readonly number[];
  readonly vector: number;
  readonly software?: boolean;
  readonly outer?: boolean;
}

const CAUSES: readonly Cause[] = [
  { name: 'ud2', code: [0x0f, 0x0b], vector: 6 },
  { name: 'div', code: [0xf7, 0xf1], vector: 0 },
  { name: 'aam 0', code: [0xd4, 0x00], vector: 0 },
  { name: 'bound', code: [0x62, 0x07], vector: 5 },
  { name: 'into', code: [0xce], vector: 4, software: true },
];
/** Vectors that a case needs for its own end, and those with an error code that INT n would not push. */
const RESERVED = new Set([3, 8, 10, 11, 12, 13, 14, 17]);
const OF = 0x800n;

function cause(choices: Choices): Cause {
  if (choices.oneIn(2)) return choices.pick(CAUSES);
  let vector = choices.oneIn(2) ? choices.below(32) : choices.below(256);
  if (RESERVED.has(vector)) vector = 0x90;
  return { name: 'int n', code: [0xcd, vector], vector, software: true };
}

export function interrupts(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = cause(choices);
  const start = anyStart(choices);
  startLegacy(c, start, what.code);
  anyPaging(c, choices);

  const handlerCpl = choices.oneIn(2) ? choices.below(4) : 0;
  const selector = codeSelector(c, choices, handlerCpl, true);
  // Task gates are the other type that QEMU takes.
  const type = choices.oneIn(16)
    ? choices.pick([0, 1, 2, 3, 4, 8, 9, 0xa, 0xb, 0xc, 0xd, 0x1e])
    : choices.pick([6, 7, 0xe, 0xf]);
  const narrow = (type & 8) === 0;
  const offset = codeOffset(c, choices, narrow ? 16 : 32, handlerCpl === 3) & (narrow ? 0xffffn : -1n);
  const dpl = what.software === true && !choices.oneIn(3) ? 3 : choices.below(4);
  const [low] = gate(offset, selector, type, dpl, !choices.oneIn(16), 0);
  c.poke(image.at('idt') + 8 * what.vector, low);
  if (what.vector > 0x11 && choices.oneIn(8)) c.set('idtrLimit', 8 * what.vector + choices.below(16));
  innerStacks(c, choices);
  watchStack(c, start.stack, 3);
  for (const name of ['stack0', 'stack1', 'stack2']) if (name !== start.stack) watchStack(c, name, 3);

  c.set('rflags', (choices.bits64() & 0x243ad5n & ~0x100n) | 2n | (what.name === 'into' ? OF : 0n));
  c.set('rax', 0x1f3).set('rcx', 0).set('rbx', 0x4000);
  // BOUND finds the filling, whose limits no index keeps.
  c.set('rdi', start.cpl === 3 ? image.user('data3') : image.at('data0'));
  if (what.software === true) c.note('software', what.vector);
  c.note('instruction', what.name).note('vector', what.vector);
  c.note('gate', low).note('selector', selector).note('offset', offset);
  return c;
}
