/** Walks of 32-bit and PAE paging: random bits at every level, and an access of every kind at every CPL. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { CR0, CR4, startLegacy } from './start.ts';

const P = 1n;
const RW = 2n;
const US = 4n;
const A = 0x20n;
const D = 0x40n;
const PS = 0x80n;
const G = 0x100n;
const PAT_LARGE = 1n << 12n;
const XD = 1n << 63n;
const NXE = 0x800n;
const AC = 1n << 18n;
/** Bits that software may use or that say how to cache. */
const IDLE = [3n, 4n, 9n, 10n, 11n].map((n) => 1n << n);
/** Of a PDE that maps 4 MiB: bits 39:32 of the address, and the reserved one (SDM vol. 3A, 4.3). */
const PSE36 = [13n, 15n, 20n].map((n) => 1n << n);
const PSE36_RESERVED = 1n << 21n;
/** Of a PDE that maps 2 MiB. */
const BELOW_LARGE = [13n, 16n, 20n].map((n) => 1n << n);
/** Bits 62:52 are reserved here, unlike in IA-32e mode (SDM vol. 3A, 4.4.2); MAXPHYADDR is 40. */
const BEYOND = [40n, 51n, 52n, 58n, 62n].map((n) => 1n << n);

/** Where the entries under test are used: the first page of the third GiB. */
export const LINEAR = 0x80000000;

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
  access('write 1', 1, 0x88, 0x07),
  access('write 2', 2, 0x66, 0x89, 0x07),
  access('write 4', 4, 0x89, 0x07),
  access('add to memory', 4, 0x01, 0x07),
  access('lock xadd', 4, 0xf0, 0x0f, 0xc1, 0x07),
  access('xchg', 4, 0x87, 0x07),
  access('compare, no write', 4, 0x39, 0x07),
  access('bts', 4, 0x0f, 0xba, 0x2f, 0x03),
  access('lodsb', 1, 0x89, 0xfe, 0xac),
  access('stosl', 4, 0xab),
  access('pop to memory', 4, 0x8f, 0x07),
  access('jump to it', 2, 0xff, 0xe7),
  access('call it', 2, 0xff, 0xd7),
];
const FETCHES = new Set(['jump to it', 'call it']);
const UPDATES = new Set(['add to memory', 'lock xadd', 'xchg', 'bts']);

/** Bits that any entry may have: in a format, of a leaf or not. `odd`: bits that a large page may have besides. */
function entry(
  choices: Choices,
  pae: boolean,
  target: bigint,
  leaf: 'page' | 'large' | 'table',
  odd: readonly bigint[],
): bigint {
  const chance = (n: number): boolean => choices.oneIn(n);
  let e = target | P | RW | US;
  if (chance(24)) e &= ~P;
  if (chance(6)) e &= ~RW;
  if (chance(5)) e &= ~US;
  if (chance(2)) e |= A;
  if (chance(2)) e |= D;
  if (chance(4)) e |= G;
  if (chance(4)) e |= choices.pick(IDLE);
  if (pae && chance(10)) e |= XD;
  if (pae && chance(30)) e |= choices.pick(BEYOND);
  if (leaf === 'page') return chance(8) ? e | PS : e;
  if (leaf === 'table') return e;
  if (chance(6)) e |= PAT_LARGE;
  if (odd.length > 0 && chance(24)) e |= choices.pick(odd);
  return e | PS;
}

export function paging(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const pae = choices.oneIn(2);
  const cpl = choices.pick([0, 0, 0, 3, 3, 3, 1, 2]);
  const what = choices.pick(ACCESSES);
  const isFetch = FETCHES.has(what.name);
  const large = choices.oneIn(3);
  const updates = UPDATES.has(what.name);
  const crossing = !large && what.bytes > 1 && !updates && choices.oneIn(6);

  const page = image.at(isFetch ? 'second_code3' : 'data0');
  const offset = crossing ? 4096 - (isFetch ? 1 : 1 + choices.below(what.bytes - 1)) : 8 * choices.below(500);
  const target = page + offset;
  const size = pae ? 0x200000 : 0x400000;
  // An even index: one quadword then holds the entries of both pages, where entries have four bytes.
  const index = 2 * choices.below(200);
  const linear = LINEAR + (large ? target % size : index * 4096 + offset);

  let cr4 = pae ? CR4.PAE : choices.oneIn(4) ? 0n : CR4.PSE;
  for (const bit of [CR4.PGE, CR4.SMEP, CR4.SMAP]) if (choices.oneIn(2)) cr4 |= bit;
  const efer = choices.oneIn(4) ? 0n : NXE;
  const wide = pae || (cr4 & CR4.PSE) !== 0n;
  // Where there is no memory the two read different things; and without PSE these bits are a table's address.
  const odd = pae
    ? BELOW_LARGE
    : !wide
      ? []
      : what.name.startsWith('write')
        ? [...PSE36, PSE36_RESERVED]
        : [PSE36_RESERVED];
  const directoryTo = large ? BigInt(target - (target % size)) : BigInt(image.at(pae ? 'page_table' : 'table'));
  const pde = entry(choices, pae, directoryTo, large ? 'large' : 'table', odd);
  const pte = entry(choices, pae, BigInt(page), 'page', odd);
  const next = crossing ? entry(choices, pae, BigInt(page + 4096), 'page', odd) : 0n;
  if (pae) {
    // Reserved bits of this one are refused when it is loaded, not here.
    const pointer = BigInt(image.at('page_directory')) | (choices.oneIn(24) ? 0n : P) | (choices.oneIn(4) ? 0x18n : 0n);
    c.poke(image.at('pointers') + 16, pointer)
      .note('PDPTE', pointer)
      .watch(image.at('pointers') + 16, 'PDPTE');
    const directoryAt = image.at('page_directory') + 8 * ((linear >>> 21) & 511);
    c.poke(directoryAt, pde).watch(directoryAt, 'PDE');
    if (!large) {
      const at = image.at('page_table') + 8 * index;
      c.poke(at, pte).watch(at, 'PTE');
      if (crossing) c.poke(at + 8, next).watch(at + 8, 'next PTE');
    }
  } else {
    const directoryAt = image.at('directory') + 4 * (linear >>> 22);
    c.poke(directoryAt, pde).watch(directoryAt, 'PDE');
    const at = image.at('table') + 4 * index;
    if (!large) c.poke(at, pte | (next << 32n)).watch(at, 'PTE');
  }
  if (!isFetch) c.watch(target & ~7, 'data').watch((target & ~7) + 8, 'data + 8');

  const cr0 = CR0.PG | CR0.ET | CR0.PE | (choices.oneIn(2) ? CR0.WP : 0n);
  const flags = 2n | (choices.oneIn(2) ? AC : 0n);
  const stack = { 0: 'compat_stack', 1: 'stack1', 2: 'stack2', 3: 'stack3' }[cpl] ?? 'stack3';
  startLegacy(c, { cpl, bits: 32, stackBits: 32, stack }, what.code);
  c.set('cr3', image.at(pae ? 'pointers' : 'directory'))
    .set('cr4', cr4)
    .set('cr0', cr0)
    .set('efer', efer);
  c.set('rflags', flags).set('rdi', linear).set('rax', 0x11223344);
  if (!isFetch) c.poke(target & ~7, -1n).poke((target & ~7) + 8, -1n);
  c.note('paging', pae ? 'PAE' : '32-bit')
    .note('access', what.name)
    .note('linear', BigInt(linear));
  c.note('updates', updates).note('crossing', crossing);
  c.note('leaf', large && wide ? 'PDE' : 'PTE');
  c.note('PDE', pde).note('PTE', pte).note('next', next);
  c.note('cr0', cr0).note('cr4', cr4).note('efer', efer).note('rflags', flags);
  return c;
}
