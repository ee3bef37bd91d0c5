/** Software interrupts and exceptions through any gate: selectors, levels, IST, stacks that are not there. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { gate, notCanonical } from './descriptors.ts';
import { randomStacks } from './stacks.ts';
import { startAt, startCompatibility } from './start.ts';
import { codeSelector, stackPointer } from './targets.ts';

interface Cause {
  readonly name: string;
  readonly code: readonly number[];
  readonly vector: number;
  /** Raised by the instruction that asks for it. */
  readonly software?: boolean;
  readonly mode?: '32';
  /** Not at CPL 0. */
  readonly outer?: boolean;
}

const CAUSES: readonly Cause[] = [
  { name: 'ud2', code: [0x0f, 0x0b], vector: 6 },
  { name: 'div', code: [0xf7, 0xf1], vector: 0 },
  { name: 'hlt', code: [0xf4], vector: 13, outer: true },
  { name: 'mov %ax,%ss', code: [0x8e, 0xd0], vector: 13 },
  { name: 'read nothing', code: [0x8b, 0x07], vector: 14 },
  { name: 'int3', code: [0xcc], vector: 3, software: true },
  { name: 'into', code: [0xce], vector: 4, software: true, mode: '32' },
];
/** Vectors that a case needs for its own end. */
const RESERVED = new Set([3, 8, 0x81]);

function cause(choices: Choices): Cause {
  if (choices.oneIn(2)) return choices.pick(CAUSES);
  let vector = choices.oneIn(2) ? choices.below(32) : choices.below(256);
  if (RESERVED.has(vector)) vector = 0x90;
  return { name: 'int n', code: [0xcd, vector], vector, software: true };
}

export function interrupts(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = cause(choices);
  const compatibility = what.mode === '32' || choices.oneIn(4);
  let cpl = compatibility ? choices.pick([0, 3]) : choices.pick([0, 0, 1, 2, 3, 3]);
  if (cpl === 0 && what.outer === true) cpl = 3;
  if (compatibility) startCompatibility(c, cpl, what.code);
  else startAt(c, cpl, what.code);

  const handlerCpl = choices.oneIn(3) ? choices.below(4) : 0;
  const selector = choices.oneIn(2) ? 0x08 : codeSelector(c, choices, handlerCpl);
  const type = choices.oneIn(16) ? choices.below(32) : choices.pick([0xe, 0xf]);
  const dpl = what.software === true && !choices.oneIn(3) ? 3 : choices.below(4);
  // A handler at CPL 3 that cannot use its stack raises #PF: with the gate of #PF that would never end either.
  const ist = what.vector === 14 || choices.oneIn(2) ? 0 : choices.below(7);
  // QEMU fetches from there, which is #GP: with the gate of #GP that would never end.
  const offset =
    choices.oneIn(16) && what.vector !== 13 ? notCanonical(choices) : BigInt(image.userLow('stubs') + 16 * what.vector);
  const [low, high] = gate(offset, selector, type, dpl, !choices.oneIn(16), ist);
  const slot = image.at('idt') + 16 * what.vector;
  // The case itself ends with #BP: its gate is left alone unless it is what the case is about.
  if (what.vector !== 3 || cpl !== 0) c.poke(slot, low).poke(slot + 8, high);
  if (what.vector > 0x90 && choices.oneIn(8)) c.set('idtrLimit', 16 * what.vector + choices.below(32));
  randomStacks(c, choices);
  if (cpl === 0 && !compatibility && choices.oneIn(4)) c.set('rsp', stackPointer(c, choices));

  c.set('rflags', (choices.bits64() & 0x243ad5n & ~0x100n) | 2n);
  c.set('rax', 0x1f3).set('rdi', 0x3fff_f000n).set('rcx', 0);
  if (what.name === 'read nothing') c.set('rdi', 0x7000_0000n);
  if (what.software === true) c.note('software', what.vector);
  c.note('instruction', what.name)
    .note('mode', compatibility ? '32' : '64')
    .note('cpl', cpl)
    .note('vector', what.vector);
  c.note('gate', low).note('selector', selector).note('offset', offset).note('ist', ist);
  return c;
}
