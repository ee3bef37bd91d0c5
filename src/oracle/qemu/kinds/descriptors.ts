/** Random descriptors and gates. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { TestCase } from '../testCase.ts';

/** Fields of a segment or system descriptor; `type` has S as bit 4. `limit` is the raw 20 bits. */
export interface Parts {
  readonly type: number;
  readonly dpl: number;
  readonly present: boolean;
  readonly base: number;
  readonly limit: number;
  /** AVL, L, D/B, G: bits 20 to 23 of the high dword, as a number from 0 to 15. */
  readonly flags: number;
}

export function descriptor({ type, dpl, present, base, limit, flags }: Parts): bigint {
  const high =
    ((base >>> 16) & 0xff) |
    ((type | (dpl << 5) | (present ? 0x80 : 0)) << 8) |
    (limit & 0xf0000) |
    (flags << 20) |
    (base & 0xff000000);
  const low = ((base << 16) | (limit & 0xffff)) >>> 0;
  return (BigInt(high >>> 0) << 32n) | BigInt(low);
}

/** A 64-bit gate: two quadwords. */
export function gate(
  offset: bigint,
  selector: number,
  type: number,
  dpl: number,
  present: boolean,
  ist: number,
): [low: bigint, high: bigint] {
  const access = type | (dpl << 5) | (present ? 0x80 : 0);
  const low =
    (offset & 0xffffn) |
    (BigInt(selector) << 16n) |
    (BigInt(ist) << 32n) |
    (BigInt(access) << 40n) |
    (((offset >> 16n) & 0xffffn) << 48n);
  return [low, (offset >> 32n) & 0xffffffffn];
}

export const FLAG = { L: 2, D: 4, G: 8 } as const;
export const CALL_GATE = 0xc;

/** A descriptor that would do for the use named, with fields changed now and then. */
export function randomSegment(choices: Choices, use: 'code' | 'data' | 'any', dpl: number): Parts {
  const code = choices.pick([0x18, 0x1a, 0x1a, 0x1a, 0x1c, 0x1e, 0x1e]);
  const data = choices.pick([0x10, 0x12, 0x12, 0x12, 0x14, 0x16]);
  const fitting = use === 'code' ? code : use === 'data' ? data : choices.pick([code, data, data]);
  const type = choices.oneIn(10) ? choices.below(32) : fitting | (choices.oneIn(2) ? 1 : 0);
  const isCode = (type & 0x18) === 0x18;
  const usual = isCode
    ? choices.pick([FLAG.L | FLAG.G, FLAG.L | FLAG.G, FLAG.D | FLAG.G, FLAG.G, FLAG.D])
    : FLAG.D | FLAG.G;
  return {
    type,
    dpl: choices.oneIn(5) ? choices.below(4) : dpl,
    present: !choices.oneIn(12),
    base: choices.oneIn(3) ? choices.pick([0x10, 0x1000, 0x80001000, isCode ? 0x20 : 0xfffff000]) : 0,
    limit: choices.oneIn(3) ? choices.pick([1, 0xffff, 0x0fff, 0x12345]) : 0xfffff,
    // L means nothing in data, but not to QEMU's idea of a stack's width.
    flags: choices.oneIn(6) ? choices.below(16) & (isCode ? 15 : ~FLAG.L) : usual,
  };
}

/** The first slot of the GDT that the guest leaves free, and how many there are. */
const FREE = 0x80;
const FREE_SLOTS = 48;
const LDT_SLOTS = 30;

/** Puts a descriptor of one or two quadwords into a free slot of the GDT, or of the LDT now and then; its selector, RPL 0. */
export function place(c: TestCase, choices: Choices, quads: readonly bigint[], name: string, onlyGdt = false): number {
  const inLdt = !onlyGdt && choices.oneIn(4);
  const table = c.image.at(inLdt ? 'ldt' : 'gdt');
  let index: number;
  do index = inLdt ? choices.below(LDT_SLOTS) : FREE / 8 + choices.below(FREE_SLOTS - 1);
  while (quads.some((_, i) => c.written(table + 8 * (index + i)) !== undefined));
  const at = table + 8 * index;
  quads.forEach((quad, i) => c.poke(at + 8 * i, quad));
  c.watch(at, name).note(name, quads[0] ?? 0n);
  if (quads.length > 1) c.note('upper half', quads[1] ?? 0n);
  return index * 8 + (inLdt ? 4 : 0);
}

/** Selectors that name nothing. */
export const NO_SELECTORS = [0, 1, 2, 3, 0x200, 0x203, 0xfff8, 0xfffb, 0x104, 0x107, 0xffff] as const;

const CANONICAL_EDGES = [
  0x7fffffffffffn,
  0x7ffffffff000n,
  0xffff800000000000n,
  0xffffffffffffffffn,
  0xffffffff80000000n,
];
const NOT_CANONICAL = [
  0x800000000000n,
  0x8000000000000000n,
  0xffff7fffffffffffn,
  0x1000000000000n,
  0x123456789abcdef0n,
];

/** An address that is no canonical one. */
export const notCanonical = (choices: Choices): bigint => choices.pick(NOT_CANONICAL);
/** A stack pointer from which nothing can be pushed. */
export const noStack = (choices: Choices): bigint => choices.pick(NOT_CANONICAL.slice(1));
/** A canonical address where nothing is mapped, or nothing of ours. */
export const canonicalEdge = (choices: Choices): bigint => choices.pick(CANONICAL_EDGES);
