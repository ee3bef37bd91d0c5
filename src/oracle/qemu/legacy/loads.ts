/** Loads of segment registers and looks at descriptors, from 16- and 32-bit code. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { descriptor, NO_SELECTORS, place } from '../kinds/descriptors.ts';
import { type Loader, LOADERS } from '../kinds/segments.ts';
import { TestCase } from '../testCase.ts';
import { legacySegment } from './segments.ts';
import { anyPaging, startLegacy } from './start.ts';

const HERE = LOADERS.filter(({ modes }) => modes.includes('32'));

function systemDescriptor(choices: Choices, use: 'tss' | 'ldt'): bigint {
  const fitting = use === 'tss' ? choices.pick([9, 9, 9, 1, 1, 0xb, 3]) : 2;
  const parts = legacySegment(choices, 'any', 0);
  return descriptor({ ...parts, type: choices.oneIn(6) ? choices.below(32) : fitting });
}

function anySelector(c: TestCase, choices: Choices, { use, segment }: Loader, cpl: number): number {
  if (choices.oneIn(10)) return choices.pick(NO_SELECTORS);
  let selector: number;
  if (use === 'any' && choices.oneIn(2)) selector = 8 * (1 + choices.below(15));
  else {
    const system = use === 'tss' || use === 'ldt' || (use === 'any' && choices.oneIn(3));
    const parts = legacySegment(choices, 'any', cpl);
    // The case ends on the stack segment that it loads.
    const free = segment === 'ss' && cpl === 0 ? { base: 0, limit: 0xfffff, type: parts.type & ~4 } : {};
    const raw = system ? systemDescriptor(choices, use === 'ldt' ? 'ldt' : 'tss') : descriptor({ ...parts, ...free });
    selector = place(c, choices, [raw], 'descriptor', use === 'tss' && !choices.oneIn(6));
  }
  return selector | (choices.oneIn(4) ? choices.below(4) : segment === 'ss' ? cpl : choices.below(cpl + 1));
}

export function loads(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const loader = choices.pick(HERE);
  const cpl = choices.pick([0, 0, 1, 2, 3, 3]);
  const selector = anySelector(c, choices, loader, cpl);
  const user = cpl === 3;
  const data = image.at(user ? 'data3' : 'data0');
  const at = user ? image.user('data3') : data;
  const stack = { 0: 'compat_stack', 1: 'stack1', 2: 'stack2', 3: 'stack3' }[cpl] ?? 'stack3';
  startLegacy(c, { cpl, bits: 32, stackBits: 32, stack }, loader.code);
  anyPaging(c, choices);
  if (loader.pointer !== undefined) {
    c.poke(data, (choices.bits64() & ~0xffffn) | BigInt(selector));
    if (loader.pointer > 0) {
      // The pointer that LSS makes ESP has to be one.
      const offset = BigInt(user ? image.user(stack) : image.at(stack));
      c.poke(data, (BigInt(selector) << BigInt(8 * loader.pointer)) | (loader.pointer === 4 ? offset : 0x1234n));
    }
  }
  c.set('rdi', at);
  // What is popped is read by the stack, which the case needs in order to end.
  if (loader.name.startsWith('pop')) {
    const top = image.at(stack);
    c.poke(top, (choices.bits64() & ~0xffffn) | BigInt(selector));
  }
  c.set('rax', (choices.bits64() & 0xffff0000n) | BigInt(selector)).set('rcx', choices.bits64() & 0xffffffffn);
  if (choices.oneIn(8)) c.set('gdtrLimit', choices.pick([0x7f, 0x87, 0x100, 0x107, 0x17f, selector | 7]) | 0x7f);
  c.note('instruction', loader.name)
    .note('segment', loader.segment ?? '')
    .note('selector', selector);
  return c;
}
