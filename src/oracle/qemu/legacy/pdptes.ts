/** Loads of CR3, CR0 and CR4 that read the PDPTEs of PAE paging, and an access after them. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { LINEAR } from './paging.ts';
import { CR0, CR4, startLegacy } from './start.ts';

const P = 1n;
const RESERVED = [1n, 2n, 5n, 6n, 7n, 8n, 40n, 51n, 62n, 63n].map((n) => 1n << n);
/** PWT, PCD and the bits that software may use. */
const IDLE = [3n, 4n, 9n, 10n, 11n].map((n) => 1n << n);
const WRITE = [0x89, 0x16];
const READ = [0x8b, 0x0f];
const WAYS = [
  { name: 'mov %eax,%cr3', code: [0x0f, 0x22, 0xd8] },
  { name: 'mov %eax,%cr4', code: [0x0f, 0x22, 0xe0] },
  { name: 'mov %eax,%cr0', code: [0x0f, 0x22, 0xc0] },
] as const;

/** The entry changes in memory, then the instruction reads it again, or refuses it. */
export function pdptes(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const way = choices.pick(WAYS);
  const at = image.at('pointers') + 16;
  let entry = BigInt(image.at('page_directory')) | (choices.oneIn(6) ? 0n : P);
  const isReserved = choices.oneIn(2);
  if (isReserved) entry |= choices.pick(RESERVED);
  if (choices.oneIn(3)) entry |= choices.pick(IDLE);
  c.poke(at, entry & ~0xffffffffn);
  c.poke(image.at('page_directory'), BigInt(image.at('page_table')) | 0x67n);
  c.poke(image.at('page_table'), BigInt(image.at('data0')) | 0x67n);
  startLegacy(c, { cpl: 0, bits: 32, stackBits: 32, stack: 'compat_stack' }, [...WRITE, ...way.code, ...READ]);
  c.set('cr3', image.at('pointers')).set('cr4', CR4.PAE);
  c.set('rsi', at)
    .set('rdx', entry & 0xffffffffn)
    .set('rdi', LINEAR + 8);
  c.set(
    'rax',
    {
      'mov %eax,%cr3': BigInt(image.at('pointers')),
      'mov %eax,%cr4': CR4.PAE | choices.pick([CR4.PGE, CR4.PSE, CR4.SMEP]),
      // CD: caches do not matter, but the change does.
      'mov %eax,%cr0': CR0.PG | CR0.ET | CR0.PE | CR0.CD,
    }[way.name],
  );
  c.note('instruction', way.name).note('paging', 'PAE').note('entry', entry);
  c.note('refused at', isReserved && (entry & P) !== 0n ? WRITE.length : -1);
  return c;
}
