/** Real-address and virtual-8086 mode: what both do by vectors or gates, stacks and far pointers of 16 bits. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { gate } from '../kinds/descriptors.ts';
import { TestCase } from '../testCase.ts';
import { codeOffset, codeSelector } from './segments.ts';
import { watchStack } from './stacks.ts';
import { anyPaging } from './start.ts';

const VM = 0x20000n;
const OF = 0x800n;
/** Where the instruction under test stands, and where the filling is that far transfers go to. */
const CODE_AT = 0x3000;
const FILL_AT = 0x4100;

interface Operation {
  readonly name: string;
  readonly code: readonly number[];
  /** INT n's vector, for which the case has an entry of its own. */
  readonly vector?: number;
  /** Bytes of each of the words that it takes from the stack: a far pointer, for IRET flags, or one word. */
  readonly pops?: {
    readonly bytes: 2 | 4;
    readonly what: 'far' | 'frame' | 'flags' | 'selector';
    readonly extra?: number;
  };
  /** A far pointer at DS:BX, its offset of so many bytes. */
  readonly pointer?: 2 | 4;
  /** What it may be used in; both by default. */
  readonly only?: 'real' | 'virtual';
}

const LITTLE = (offset: number, selector: number): number[] => [
  offset & 255,
  offset >> 8,
  selector & 255,
  selector >> 8,
];

const OPERATIONS: readonly Operation[] = [
  { name: 'into', code: [0xce], vector: 4 },
  { name: 'bound', code: [0x62, 0x07], vector: 5 },
  { name: 'div', code: [0xf7, 0xf1], vector: 0 },
  { name: 'aam 0', code: [0xd4, 0x00], vector: 0 },
  { name: 'ud2', code: [0x0f, 0x0b], vector: 6 },
  { name: 'iret16', code: [0xcf], pops: { bytes: 2, what: 'frame' } },
  { name: 'iret32', code: [0x66, 0xcf], pops: { bytes: 4, what: 'frame' } },
  { name: 'retf16', code: [0xcb], pops: { bytes: 2, what: 'far' } },
  { name: 'retf16 6', code: [0xca, 6, 0], pops: { bytes: 2, what: 'far', extra: 6 } },
  { name: 'retf32', code: [0x66, 0xcb], pops: { bytes: 4, what: 'far' } },
  { name: 'popf', code: [0x9d], pops: { bytes: 2, what: 'flags' } },
  { name: 'popfd', code: [0x66, 0x9d], pops: { bytes: 4, what: 'flags' } },
  { name: 'pushf', code: [0x9c] },
  { name: 'pushfd', code: [0x66, 0x9c] },
  { name: 'jmpf16', code: [0xea, ...LITTLE(0x1140, 0x310)] },
  { name: 'callf16', code: [0x9a, ...LITTLE(0x4140, 0)] },
  { name: 'callf16 (%bx)', code: [0xff, 0x1f], pointer: 2 },
  { name: 'jmpf32 (%bx)', code: [0x66, 0xff, 0x2f], pointer: 4 },
  { name: 'callf32 (%bx)', code: [0x66, 0xff, 0x1f], pointer: 4 },
  { name: 'lds', code: [0xc5, 0x0f], pointer: 2 },
  { name: 'les32', code: [0x66, 0xc4, 0x0f], pointer: 4 },
  { name: 'lfs', code: [0x0f, 0xb4, 0x0f], pointer: 2 },
  { name: 'pop %ds', code: [0x1f], pops: { bytes: 2, what: 'selector' } },
  { name: 'pop %gs', code: [0x66, 0x0f, 0xa9], pops: { bytes: 4, what: 'selector' } },
  { name: 'mov %ax,%es', code: [0x8e, 0xc0] },
  { name: 'mov %ax,%cs', code: [0x8e, 0xc8] },
  { name: 'cli', code: [0xfa] },
  { name: 'sti', code: [0xfb] },
  { name: 'arpl', code: [0x63, 0xc8] },
  { name: 'lar', code: [0x0f, 0x02, 0xc8] },
  { name: 'verr', code: [0x0f, 0x00, 0xe0] },
  { name: 'sldt', code: [0x0f, 0x00, 0xc0] },
  { name: 'str', code: [0x0f, 0x00, 0xc8] },
  { name: 'ltr', code: [0x0f, 0x00, 0xd8] },
  { name: 'lldt', code: [0x0f, 0x00, 0xd0] },
  { name: 'sgdt', code: [0x0f, 0x01, 0x07] },
  { name: 'smsw', code: [0x0f, 0x01, 0xe1] },
  { name: 'hlt', code: [0xf4], only: 'virtual' },
  { name: 'in', code: [0xe4, 0x80], only: 'virtual' },
  { name: 'out', code: [0xef], only: 'virtual' },
  { name: 'mov %cr0,%eax', code: [0x0f, 0x20, 0xc0], only: 'virtual' },
  { name: 'lgdt', code: [0x0f, 0x01, 0x17], only: 'virtual' },
  { name: 'lmsw', code: [0x0f, 0x01, 0xf0], only: 'virtual' },
  { name: 'clts', code: [0x0f, 0x06], only: 'virtual' },
  { name: 'wrmsr', code: [0x0f, 0x30], only: 'virtual' },
  { name: 'wbinvd', code: [0x0f, 0x09], only: 'virtual' },
];

/** Vectors that a case needs for its own end. */
const RESERVED = new Set([3, 8, 10, 11, 12, 13, 14, 17]);

function operation(choices: Choices, mode: 'real' | 'virtual'): Operation {
  if (choices.oneIn(3)) {
    let vector = choices.oneIn(2) ? choices.below(32) : choices.below(256);
    if (RESERVED.has(vector)) vector = 0x90;
    return { name: 'int n', code: [0xcd, vector], vector };
  }
  return choices.pick(OPERATIONS.filter(({ only }) => only === undefined || only === mode));
}

/** A selector and an offset, not below `least`, for a linear address below 64 KiB. */
function farPointer(choices: Choices, linear: number, least = 0): { selector: number; offset: number } {
  const nearest = (linear - least) >> 4;
  const selector = choices.pick([0, 0x100, nearest, nearest - choices.below(0x80)]);
  return { selector, offset: linear - 16 * selector };
}

/** Puts what the operation pops on the stack. */
function frame(c: TestCase, choices: Choices, pops: NonNullable<Operation['pops']>): void {
  const { selector, offset } = farPointer(choices, FILL_AT + choices.below(0x100));
  // TF never, VIF and VIP neither: what QEMU does with them outlives a case.
  const flags = choices.bits64() & 0x3fffffn & ~0x1a0100n & ~VM;
  const other = BigInt(choices.pick([0, 0x1234, 0xffff]));
  const words = {
    far: [BigInt(offset), BigInt(selector)],
    frame: [BigInt(offset), BigInt(selector), flags],
    flags: [flags],
    selector: [other],
  }[pops.what];
  let image = 0n;
  words.forEach((word, i) => {
    image |= BigInt.asUintN(8 * pops.bytes, word) << BigInt(8 * pops.bytes * i);
  });
  const at = c.image.at('low_stack');
  c.poke(at, image).poke(at + 8, image >> 64n);
  c.note('popped', image);
}

function start(c: TestCase, choices: Choices, what: Operation): void {
  const code = farPointer(choices, CODE_AT);
  const stack = farPointer(choices, c.image.at('low_stack'), 0x100);
  c.code(CODE_AT, what.code);
  c.set('cs', code.selector).set('rip', code.offset).set('ss', stack.selector).set('rsp', stack.offset);
  for (const name of ['ds', 'es', 'fs', 'gs']) c.set(name, choices.pick([0, 0x10, 0x1234, 0xffff]));
  // What BOUND and far pointers are read from.
  c.set('ds', 0).set('rbx', 0x5000);
  if (what.pointer !== undefined) {
    const { selector, offset } = farPointer(choices, FILL_AT + choices.below(0x100));
    c.poke(0x5000, BigInt(offset) | (BigInt(selector) << BigInt(8 * what.pointer)));
  }
  if (what.pops !== undefined) frame(c, choices, what.pops);
  c.set('rax', 0x1f3).set('rcx', 0);
  watchStack(c, 'low_stack', 3);
  c.note('instruction', what.name).note('cs', code.selector).note('ss', stack.selector);
}

export function real(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = operation(choices, 'real');
  start(c, choices, what);
  c.set('cr0', 0x10).set('idtrBase', 0).set('idtrLimit', 0x3ff).note('mode', 'real');
  if (what.vector !== undefined) {
    const { selector, offset } = farPointer(choices, FILL_AT + choices.below(0x100));
    const at = 4 * what.vector;
    const entry = BigInt(offset) | (BigInt(selector) << 16n);
    // A quadword holds two entries; the other one stays.
    const other = BigInt(0x600 + 8 * (what.vector ^ 1));
    c.poke(at & ~7, (at & 4) === 0 ? entry | (other << 32n) : other | (entry << 32n));
    if (what.vector > 0x20 && choices.oneIn(6)) c.set('idtrLimit', at + choices.below(6));
  }
  const flags = choices.bits64() & 0x243ed5n & ~0x100n;
  c.set('rflags', flags | 2n | (what.name === 'into' ? OF : 0n));
  return c;
}

export function virtual8086(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = operation(choices, 'virtual');
  start(c, choices, what);
  anyPaging(c, choices);
  c.note('mode', 'virtual-8086').note('cpl', 3).note('own stack', 'low_stack');
  const iopl = BigInt(choices.pick([0, 1, 2, 3, 3, 3])) << 12n;
  const flags = (choices.bits64() & 0x240ed5n & ~0x100n) | iopl;
  c.set('rflags', flags | 2n | VM | (what.name === 'into' ? OF : 0n));
  if (what.vector !== undefined) {
    const handlerCpl = choices.oneIn(6) ? choices.below(4) : 0;
    const selector = codeSelector(c, choices, handlerCpl, true);
    const type = choices.oneIn(16) ? choices.below(4) : choices.pick([6, 7, 0xe, 0xf]);
    const narrow = (type & 8) === 0;
    const offset = codeOffset(c, choices, narrow ? 16 : 32, false) & (narrow ? 0xffffn : -1n);
    const [low] = gate(offset, selector, type, choices.oneIn(3) ? choices.below(4) : 3, !choices.oneIn(16), 0);
    c.poke(image.at('idt') + 8 * what.vector, low);
    c.note('gate', low).note('selector', selector).note('offset', offset).note('vector', what.vector);
    if (what.name === 'int n' || what.name === 'into') c.note('software', what.vector);
    watchStack(c, 'stack0', 5);
  }
  return c;
}
