/** Loads of segment registers, and the instructions that look at descriptors. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { descriptor, gate, NO_SELECTORS, notCanonical, place, randomSegment } from './descriptors.ts';
import { startAt, startCompatibility } from './start.ts';

export interface Loader {
  readonly name: string;
  /** With the selector in AX, or at RDI, or at RDI behind an offset of the operand's size. */
  readonly code: readonly number[];
  /** Bytes before the selector at RDI; undefined when it comes from AX. */
  readonly pointer?: number;
  readonly use: 'data' | 'tss' | 'ldt' | 'any';
  readonly modes: readonly ('64' | '32')[];
  /** The segment register loaded. */
  readonly segment?: 'ss' | 'ds' | 'es' | 'fs' | 'gs';
}

const BOTH = ['64', '32'] as const;
const SREG = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'] as const;

const MOVES: Loader[] = SREG.flatMap((name, n): Loader[] => {
  const segment = name === 'cs' ? {} : { segment: name };
  return [
    { name: `mov %ax,%${name}`, code: [0x8e, 0xc0 | (n << 3)], use: 'data', modes: BOTH, ...segment },
    { name: `mov (%rdi),%${name}`, code: [0x8e, 0x07 | (n << 3)], pointer: 0, use: 'data', modes: BOTH, ...segment },
  ];
});
const POPS: Loader[] = [
  { name: 'pop %fs', code: [0x0f, 0xa1], pointer: 0, use: 'data', modes: BOTH, segment: 'fs' },
  { name: 'pop %gs', code: [0x0f, 0xa9], pointer: 0, use: 'data', modes: BOTH, segment: 'gs' },
  { name: 'popw %gs', code: [0x66, 0x0f, 0xa9], pointer: 0, use: 'data', modes: BOTH, segment: 'gs' },
  { name: 'pop %es', code: [0x07], pointer: 0, use: 'data', modes: BOTH, segment: 'es' },
  { name: 'pop %ss', code: [0x17], pointer: 0, use: 'data', modes: BOTH, segment: 'ss' },
  { name: 'pop %ds', code: [0x1f], pointer: 0, use: 'data', modes: BOTH, segment: 'ds' },
];
const POINTERS: Loader[] = [
  { name: 'lss (%rdi)', code: [0x0f, 0xb2, 0x0f], pointer: 4, use: 'data', modes: BOTH, segment: 'ss' },
  { name: 'lfs (%rdi)', code: [0x0f, 0xb4, 0x0f], pointer: 4, use: 'data', modes: BOTH, segment: 'fs' },
  { name: 'lgs (%rdi)', code: [0x0f, 0xb5, 0x0f], pointer: 4, use: 'data', modes: BOTH, segment: 'gs' },
  { name: 'lgsq (%rdi)', code: [0x48, 0x0f, 0xb5, 0x0f], pointer: 8, use: 'data', modes: ['64'], segment: 'gs' },
  { name: 'lgsw (%rdi)', code: [0x66, 0x0f, 0xb5, 0x0f], pointer: 2, use: 'data', modes: BOTH, segment: 'gs' },
  { name: 'les (%edi)', code: [0xc4, 0x0f], pointer: 4, use: 'data', modes: ['32'], segment: 'es' },
  { name: 'lds (%edi)', code: [0xc5, 0x0f], pointer: 4, use: 'data', modes: ['32'], segment: 'ds' },
];
const LOOKS: Loader[] = [
  { name: 'lar %ax,%ecx', code: [0x0f, 0x02, 0xc8], use: 'any', modes: BOTH },
  { name: 'larq %ax,%rcx', code: [0x48, 0x0f, 0x02, 0xc8], use: 'any', modes: ['64'] },
  { name: 'larw (%rdi),%cx', code: [0x66, 0x0f, 0x02, 0x0f], pointer: 0, use: 'any', modes: BOTH },
  { name: 'lsl %ax,%ecx', code: [0x0f, 0x03, 0xc8], use: 'any', modes: BOTH },
  { name: 'lslq %ax,%rcx', code: [0x48, 0x0f, 0x03, 0xc8], use: 'any', modes: ['64'] },
  { name: 'lslw %ax,%cx', code: [0x66, 0x0f, 0x03, 0xc8], use: 'any', modes: BOTH },
  { name: 'verr %ax', code: [0x0f, 0x00, 0xe0], use: 'any', modes: BOTH },
  { name: 'verw (%rdi)', code: [0x0f, 0x00, 0x2f], pointer: 0, use: 'any', modes: BOTH },
  { name: 'ltr %ax', code: [0x0f, 0x00, 0xd8], use: 'tss', modes: BOTH },
  { name: 'ltr (%rdi)', code: [0x0f, 0x00, 0x1f], pointer: 0, use: 'tss', modes: BOTH },
  { name: 'lldt %ax', code: [0x0f, 0x00, 0xd0], use: 'ldt', modes: BOTH },
];
// Tables are the rarest of all in a random pick, and the richest in checks.
export const LOADERS: readonly Loader[] = [...MOVES, ...POPS, ...POINTERS, ...LOOKS, ...LOOKS];

/** Vectors that may end a case whose TR is no longer good: their gates keep the stack. */
const ENDINGS = [1, 3, 6, 10, 11, 12, 13, 14];

function systemDescriptor(choices: Choices, use: 'tss' | 'ldt'): bigint[] {
  const fitting = use === 'tss' ? choices.pick([9, 9, 9, 9, 0xb, 1, 3]) : 2;
  const parts = randomSegment(choices, 'any', 0);
  const type = choices.oneIn(6) ? choices.below(32) : fitting;
  const top = choices.oneIn(4) ? (choices.oneIn(2) ? notCanonical(choices) >> 32n : 0xffff8000n) : 0n;
  const reserved = choices.oneIn(8) ? 1n << BigInt(32 + 8 + choices.below(5)) : 0n;
  return [descriptor({ ...parts, type }), (top & 0xffffffffn) | reserved];
}

/**
 * True when almost every offset may be read and written. QEMU's TCG looks neither at limits nor at rights, so that
 * only such segments tell something, namely their base. The host CPU is the oracle for the others.
 */
function usable(low: unknown): boolean {
  if (typeof low !== 'bigint') return false;
  const high = Number(low >> 32n);
  const isData = (high & 0x1e00) === 0x1200;
  return isData && (high & 0x8f0000) === 0x8f0000;
}

export function segments(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const loader = choices.pick(LOADERS);
  const mode = choices.pick(loader.modes);
  const cpl = mode === '64' ? choices.pick([0, 0, 3, 3, 1, 2]) : choices.pick([0, 3, 3]);
  const use = loader.use;

  let selector: number;
  if (choices.oneIn(10)) selector = choices.pick(NO_SELECTORS);
  else if (use === 'any' && choices.oneIn(2)) selector = choices.pick([0x08, 0x10, 0x18, 0x20, 0x28, 0x38, 0x40, 0x48]);
  else {
    const quads =
      use === 'tss' || use === 'ldt' || (use === 'any' && choices.oneIn(3))
        ? systemDescriptor(choices, use === 'ldt' ? 'ldt' : 'tss')
        : [descriptor(randomSegment(choices, 'any', cpl))];
    selector = place(c, choices, quads, 'descriptor', use === 'tss' && !choices.oneIn(6));
  }
  if (selector >= 8)
    selector |= choices.oneIn(4) ? choices.below(4) : loader.segment === 'ss' ? cpl : choices.below(cpl + 1);

  // Where a load changes what accesses mean, an access follows.
  const code = [...loader.code];
  const probe = mode === '32' && loader.segment !== undefined && !loader.name.startsWith('pop');
  if (probe && selector >= 8 && usable(c.notes.get('descriptor')) && choices.oneIn(2)) {
    const override = { es: 0x26, ss: 0x36, ds: 0x3e, fs: 0x64, gs: 0x65 }[loader.segment ?? 'ds'];
    code.push(override, cpl === 3 && choices.oneIn(2) ? 0x88 : 0x8a, 0x1e);
  }
  const pop = loader.name.startsWith('pop');
  const data = image.at(cpl === 3 ? 'data3' : 'data0');
  const at = mode === '32' || cpl === 3 ? image.user(cpl === 3 ? 'data3' : 'data0') : data;
  if (mode === '64') startAt(c, cpl, code);
  else startCompatibility(c, cpl, code);
  const pointer = loader.pointer;
  if (pointer !== undefined) {
    c.poke(data, 0x40002000n);
    c.poke(data + pointer, (choices.bits64() & ~0xffffn) | BigInt(selector));
    if (pointer === 8) {
      // QEMU looks for the selector four bytes earlier.
      const offset = (choices.bits64() & ~0xffff00000000n) | (BigInt(selector) << 32n);
      c.poke(data, offset).note('wide pointer', offset);
    }
    // The new RSP of LSS.
    if (loader.segment === 'ss' && pointer > 0) c.poke(data, (BigInt(selector) << 32n) | BigInt(image.user('stack3')));
  }
  // The probe reads memory that nothing else uses.
  c.set('rdi', at).set('rsi', 0x1500000 + choices.below(0x10000));
  if (pop) c.set('rsp', at);
  c.set('rax', (choices.bits64() & ~0xffffn) | BigInt(selector)).set('rcx', choices.bits64());
  if (choices.oneIn(8))
    c.set('gdtrLimit', choices.pick([0x7f, 0x87, 0x100, 0x107, 0x17f, selector | 7, selector & 0x1ff]) | 0x7f);
  c.set('fsBase', 0x123456789an).set('gsBase', 0xffff812345678000n);
  if (use === 'tss') {
    for (const vector of ENDINGS) {
      const [low, high] = gate(BigInt(image.at('stubs') + 16 * vector), 8, 0xe, 3, true, cpl === 0 ? 0 : 1);
      c.poke(image.at('idt') + 16 * vector, low).poke(image.at('idt') + 16 * vector + 8, high);
    }
  }
  c.note('instruction', loader.name)
    .note('segment', loader.segment ?? '')
    .note('mode', mode)
    .note('cpl', cpl)
    .note('selector', selector);
  return c;
}
