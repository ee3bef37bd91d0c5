/** Single steps, and breakpoints of the debug registers on instructions and data. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { startAt, startCompatibility } from './start.ts';

interface Piece {
  readonly name: string;
  readonly code: readonly number[];
}

const PIECES: readonly Piece[] = [
  { name: 'nop', code: [0x90] },
  { name: 'mov (%rdi),%eax', code: [0x8b, 0x07] },
  { name: 'mov %al,(%rdi)', code: [0x88, 0x07] },
  { name: 'mov %ax,2(%rdi)', code: [0x66, 0x89, 0x47, 0x02] },
  { name: 'mov %eax,4(%rdi)', code: [0x89, 0x47, 0x04] },
  { name: 'add %eax,(%rdi)', code: [0x01, 0x07] },
  { name: 'cmp %eax,8(%rdi)', code: [0x39, 0x47, 0x08] },
  { name: 'push', code: [0x50] },
  { name: 'pushf', code: [0x9c] },
  { name: 'ud2', code: [0x0f, 0x0b] },
  { name: 'mov (0),%al', code: [0x8a, 0x04, 0x25, 0, 0, 0, 0x70] },
];
/** These move RDI, and QEMU watches more than an unaligned access touches: they come last. */
const LAST: readonly Piece[] = [
  { name: 'lodsb', code: [0xac] },
  { name: 'stosb', code: [0xaa] },
  { name: 'movsb', code: [0xa4] },
];
const TF = 0x100n;
const RF = 0x10000n;
/** R/W field: instruction, write, read or write. LEN: 1, 2, 8, 4 bytes. */
const KINDS = [0, 0, 1, 1, 3, 3];
const EVER_ONE = 0x400n;
const UNUSED = 0x7fff_fff1n;

export function debugging(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const compatibility = choices.oneIn(5);
  const cpl = compatibility ? choices.pick([0, 3]) : choices.pick([0, 3, 3, 1]);
  const pieces = Array.from({ length: 1 + choices.below(5) }, () => choices.pick(PIECES));
  if (choices.oneIn(4)) pieces.push(choices.pick(LAST));
  const code = pieces.flatMap((p) => p.code);
  const rip = compatibility ? startCompatibility(c, cpl, code) : startAt(c, cpl, code);
  const user = compatibility || cpl === 3;
  const data = image.at(user ? 'data3' : 'data0');
  const linear = BigInt(user ? image.user('data3') : data);
  for (let i = 0; i < 3; i++) c.poke(data + 8 * i, choices.bits64()).watch(data + 8 * i, `data + ${8 * i}`);
  c.set('rdi', linear).set('rsi', linear + 8n);

  const starts: number[] = [];
  let at = rip;
  for (const piece of pieces) {
    starts.push(at);
    at += piece.code.length;
  }
  let dr7 = EVER_ONE;
  const flags = 2n | (choices.oneIn(2) ? TF : 0n) | (choices.oneIn(3) ? RF : 0n);
  // Of several data breakpoints QEMU reports the first; with a single step it raises two exceptions.
  let onData = (flags & TF) === 0n;
  const count = choices.below(3);
  for (let n = 0; n < 4; n++) {
    if (n >= count) {
      c.set(`dr${n}`, UNUSED);
      continue;
    }
    const kind = onData ? choices.pick(KINDS) : 0;
    if (kind !== 0) onData = false;
    const length = kind === 0 ? 0 : choices.pick([0, 1, 3, 2]);
    const bytes = [1, 2, 8, 4][length] ?? 1;
    const stack = c.start('rsp') - 8n;
    const place =
      kind === 0 ? BigInt(choices.pick([...starts, at])) : choices.pick([linear, linear + 4n, linear + 8n, stack]);
    c.set(`dr${n}`, kind === 0 ? place : place & ~BigInt(bytes - 1));
    dr7 |= BigInt(choices.pick([1, 2, 3])) << BigInt(2 * n);
    dr7 |= BigInt(kind | (length << 2)) << BigInt(16 + 4 * n);
    c.note(`dr${n}`, c.start(`dr${n}`))
      .note(`kind ${n}`, kind)
      .note(`bytes ${n}`, bytes);
  }
  c.set('dr7', dr7);
  c.set('rflags', flags);
  c.set('rax', choices.bits64());
  c.note('instruction', pieces.map((p) => p.name).join('; ')).note('mode', compatibility ? '32' : '64');
  c.note('cpl', cpl).note('dr7', dr7).note('rflags', flags);
  return c;
}
