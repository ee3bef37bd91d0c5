/** Page walks: random bits at every level, and an access of every kind from every level of privilege. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { startAt } from './start.ts';

const P = 1n;
const RW = 2n;
const US = 4n;
const A = 0x20n;
const D = 0x40n;
const PS = 0x80n;
const G = 0x100n;
const XD = 1n << 63n;
/** Bits that software may use or that say how to cache: no walk cares. */
const IDLE = [3n, 4n, 9n, 10n, 11n, 52n, 55n, 58n].map((n) => 1n << n);
/** Address bits beyond MAXPHYADDR, which is 40 on both machines. */
const BEYOND = [40n, 45n, 51n].map((n) => 1n << n);
/** Address bits below the page of a 2 MiB and a 1 GiB leaf, above the PAT bit. */
const BELOW_LARGE = [13n, 16n, 20n].map((n) => 1n << n);
const BELOW_HUGE = [13n, 21n, 29n].map((n) => 1n << n);
const PAT_LARGE = 1n << 12n;

const WP = 0x10000n;
const GOOD_CR0 = 0x80000011n;
const CR4 = { PAE: 0x20n, PGE: 0x80n, SMEP: 1n << 20n, SMAP: 1n << 21n };
const EFER = 0x501n;
const NXE = 0x800n;
const AC = 1n << 18n;

/** An access: instruction bytes, and the bytes it touches at RDI (for `fetch`, at RIP). */
interface Access {
  readonly name: string;
  readonly code: readonly number[];
  readonly bytes: number;
}
const access = (name: string, bytes: number, ...code: number[]): Access => ({ name, code, bytes });

const ACCESSES: readonly Access[] = [
  access('read 1', 1, 0x8a, 0x07),
  access('read 2', 2, 0x66, 0x8b, 0x07),
  access('read 4', 4, 0x8b, 0x07),
  access('read 8', 8, 0x48, 0x8b, 0x07),
  access('write 1', 1, 0x88, 0x07),
  access('write 2', 2, 0x66, 0x89, 0x07),
  access('write 4', 4, 0x89, 0x07),
  access('write 8', 8, 0x48, 0x89, 0x07),
  access('add to memory', 8, 0x48, 0x01, 0x07),
  access('lock xadd', 4, 0xf0, 0x0f, 0xc1, 0x07),
  access('xchg', 8, 0x48, 0x87, 0x07),
  access('compare, no write', 4, 0x39, 0x07),
  access('bts', 4, 0x0f, 0xba, 0x2f, 0x03),
  access('push', 8, 0x48, 0x8d, 0x67, 0x08, 0x50),
  access('pop', 8, 0x48, 0x89, 0xfc, 0x5a),
  access('call near', 8, 0x48, 0x8d, 0x67, 0x08, 0xe8, 0, 0, 0, 0),
  access('ret', 8, 0x48, 0x89, 0xfc, 0xc3),
  access('lodsb', 1, 0x48, 0x89, 0xfe, 0xac),
  access('stosq', 8, 0x48, 0xab),
  access('rep stosb', 8, 0xb1, 0x08, 0x0f, 0xb6, 0xc9, 0xf3, 0xaa),
  access('jump to it', 2, 0xff, 0xe7),
  access('call it', 2, 0xff, 0xd7),
];
const FETCHES = new Set(['jump to it', 'call it']);
/** Those that read the place they write. */
const UPDATES = new Set(['add to memory', 'lock xadd', 'xchg', 'bts']);

/** An entry of a table at `level` (4 to 1) that leads to `target` (a leaf gone wrong: to `nothing`), with random bits. */
function entry(choices: Choices, level: number, target: bigint, leaf: boolean, nothing: bigint): bigint {
  let e = target | P | RW | US;
  const chance = (n: number): boolean => choices.oneIn(n);
  if (chance(24)) e &= ~P;
  if (chance(6)) e &= ~RW;
  if (chance(5)) e &= ~US;
  if (chance(10)) e |= XD;
  if (chance(2)) e |= A;
  if (chance(2)) e |= D;
  if (chance(4)) e |= G;
  if (chance(4)) e |= choices.pick(IDLE);
  if (chance(40)) e |= choices.pick(BEYOND);
  if (level === 1) return chance(8) ? e | PS : e;
  if (leaf !== chance(30)) e |= PS;
  // A leaf that is none leads to a table of empty entries.
  if (leaf && (e & PS) === 0n) e = (e - target) | nothing;
  else if (leaf) {
    if (chance(6)) e |= PAT_LARGE;
    if (chance(30)) e |= choices.pick(level === 2 ? BELOW_LARGE : BELOW_HUGE);
  }
  return e;
}

/** Name of the entry that maps a page, if one does: the first with PS, or a PTE. */
function leafOf(levels: readonly [name: string, at: number, value: bigint][]): string {
  const leaf = levels.find(([name, , value]) => (name === 'PDPTE' || name === 'PDE') && (value & PS) !== 0n);
  return (leaf ?? levels.findLast(([name]) => name === 'PTE' || name === 'next PTE'))?.[0] ?? '';
}

export function paging(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const cpl = choices.pick([0, 0, 0, 3, 3, 3, 1, 2]);
  const what = choices.pick(ACCESSES);
  const isFetch = FETCHES.has(what.name);
  const leafLevel = choices.pick([1, 1, 1, 2, 2, 3]);
  const updates = UPDATES.has(what.name);
  const crossing = leafLevel === 1 && what.bytes > 1 && !updates && choices.oneIn(6);
  const make = (level: number, to: bigint, leaf: boolean): bigint =>
    entry(choices, level, to, leaf, BigInt(image.at('zeros')));

  const page = image.at(isFetch ? 'second_code3' : 'data0');
  const offset = crossing ? 4096 - (isFetch ? 1 : 1 + choices.below(what.bytes - 1)) : 8 * choices.below(500);
  const target = page + offset;
  const top = 1 + choices.below(254);
  const second = choices.below(512);
  const linear = (BigInt(top) << 39n) | (BigInt(second) << 30n) | BigInt(target);

  const tables = ['page_table', 'page_directory', 'pointer_table'].map((name) => BigInt(image.at(name)));
  const [pageTable = 0n, pageDirectory = 0n, pointerTable = 0n] = tables;
  const place = (table: bigint, index: number): number => Number(table) + 8 * index;
  const levels: [name: string, at: number, value: bigint][] = [
    ['PML4E', image.at('pml4') + 8 * top, make(4, pointerTable, false)],
    ['PDPTE', place(pointerTable, second), make(3, leafLevel === 3 ? 0n : pageDirectory, leafLevel === 3)],
  ];
  if (leafLevel < 3) {
    const index = (target >>> 21) & 511;
    const to = leafLevel === 2 ? BigInt(target & ~0x1fffff) : pageTable;
    levels.push(['PDE', place(pageDirectory, index), make(2, to, leafLevel === 2)]);
  }
  if (leafLevel === 1) {
    const index = (target >>> 12) & 511;
    levels.push(['PTE', place(pageTable, index), make(1, BigInt(page), true)]);
    if (crossing) {
      const next = BigInt(page + 4096);
      levels.push(['next PTE', place(pageTable, index + 1), make(1, next, true)]);
    }
  }
  for (const [name, at, value] of levels) c.poke(at, value).watch(at, name);
  if (!isFetch) c.watch(target & ~7, 'data').watch((target & ~7) + 8, 'data + 8');

  let cr4 = CR4.PAE;
  for (const bit of [CR4.PGE, CR4.SMEP, CR4.SMAP]) if (choices.oneIn(2)) cr4 |= bit;
  const cr0 = GOOD_CR0 | (choices.oneIn(2) ? WP : 0n);
  const efer = EFER | (choices.oneIn(4) ? 0n : NXE);
  const flags = 2n | (choices.oneIn(2) ? AC : 0n);
  startAt(c, cpl, what.code);
  c.set('rflags', flags).set('cr0', cr0).set('cr4', cr4).set('efer', efer);
  c.set('rdi', linear).set('rax', 0x1122334455667788n);
  // What RET finds has to be an address.
  if (!isFetch) c.poke(target & ~7, -1n).poke((target & ~7) + 8, -1n);
  c.note('updates', updates).note('leaf', leafOf(levels));
  c.note('access', what.name).note('cpl', cpl).note('linear', linear).note('rflags', flags);
  c.note('cr0', cr0).note('cr4', cr4).note('efer', efer);
  for (const [name, , value] of levels) c.note(name, value);
  return c;
}
