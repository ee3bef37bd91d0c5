/** Instructions that depend on CPL, IOPL, the I/O bitmap and bits of CR0 and CR4. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import type { Field } from '../record.ts';
import { TestCase } from '../testCase.ts';
import { notCanonical } from './descriptors.ts';
import { startAt, startCompatibility } from './start.ts';
import { flagsImage } from './targets.ts';

interface Instruction {
  readonly name: string;
  readonly code: readonly number[];
  /** What it reads at RDI is the image of RFLAGS. */
  readonly flags?: boolean;
  /** Not at CPL 0, where it would stop the machine or break the tables. */
  readonly outer?: boolean;
  readonly only64?: boolean;
  readonly ignored?: readonly Field[];
}
const list: Instruction[] = [];
/** What depends on the time, the flags by way of the INC EAX behind it. */
const TIME: readonly Field[] = ['rax', 'rdx', 'rflags', 'handlerFlags'];
const add = (name: string, code: readonly number[], more: Omit<Instruction, 'name' | 'code'> = {}): void => {
  list.push({ name, code, ...more });
};

add('cli', [0xfa]);
add('sti', [0xfb]);
add('popf', [0x9d], { flags: true });
add('popfw', [0x66, 0x9d], { flags: true });
add('pushf', [0x9c]);
add('pushfw', [0x66, 0x9c]);
add('hlt', [0xf4], { outer: true });
add('in %dx,%al', [0xec]);
add('in %dx,%ax', [0x66, 0xed]);
add('in %dx,%eax', [0xed]);
add('in $e3,%al', [0xe4, 0xe3]);
add('out %al,%dx', [0xee]);
add('out %eax,%dx', [0xef]);
add('insb', [0x6c]);
add('outsw', [0x66, 0x6f]);
add('rep insb', [0xf3, 0x6c]);
add('clts', [0x0f, 0x06]);
add('invd', [0x0f, 0x08]);
add('wbinvd', [0x0f, 0x09]);
add('invlpg', [0x0f, 0x01, 0x3f]);
add('smsw %eax', [0x0f, 0x01, 0xe0]);
add('smsw (%rdi)', [0x0f, 0x01, 0x27]);
add('sgdt (%rdi)', [0x0f, 0x01, 0x07]);
add('sidt (%rdi)', [0x0f, 0x01, 0x0f]);
add('sldt %eax', [0x0f, 0x00, 0xc0]);
add('str %eax', [0x0f, 0x00, 0xc8]);
add('lgdt (%rdi)', [0x0f, 0x01, 0x17], { outer: true });
add('lidt (%rdi)', [0x0f, 0x01, 0x1f], { outer: true });
add('lmsw %ax', [0x0f, 0x01, 0xf0], { outer: true });
add('mov %cr0,%rax', [0x0f, 0x20, 0xc0]);
add('mov %cr3,%rax', [0x0f, 0x20, 0xd8]);
add('mov %cr4,%rax', [0x0f, 0x20, 0xe0]);
add('mov %rax,%cr2', [0x0f, 0x22, 0xd0]);
add('mov %rax,%cr3', [0x0f, 0x22, 0xd8], { outer: true });
add('mov %cr1,%rax', [0x0f, 0x20, 0xc8]);
add('mov %rax,%cr5', [0x0f, 0x22, 0xe8]);
add('mov %dr0,%rax', [0x0f, 0x21, 0xc0]);
add('mov %rax,%dr1', [0x0f, 0x23, 0xc8]);
add('mov %dr4,%rax', [0x0f, 0x21, 0xe0]);
add('mov %rax,%dr5', [0x0f, 0x23, 0xe8], { outer: true });
add('mov %dr7,%rax', [0x0f, 0x21, 0xf8]);
add('rdmsr', [0x0f, 0x32]);
add('wrmsr', [0x0f, 0x30]);
add('rdtsc', [0x0f, 0x31], { ignored: TIME });
add('rdtscp', [0x0f, 0x01, 0xf9], { ignored: TIME });
add('rdpmc', [0x0f, 0x33], { outer: true });
add('swapgs', [0x0f, 0x01, 0xf8]);
add('rdfsbase %rax', [0xf3, 0x48, 0x0f, 0xae, 0xc0], { only64: true });
add('wrgsbase %rdi', [0xf3, 0x48, 0x0f, 0xae, 0xdf], { only64: true });
add('wrfsbase %eax', [0xf3, 0x0f, 0xae, 0xd0]);
add('clac', [0x0f, 0x01, 0xca]);
add('stac', [0x0f, 0x01, 0xcb]);
add('rsm', [0x0f, 0xaa]);
add('unaligned read', [0x8b, 0x47, 0x01]);
add('unaligned write', [0x66, 0x89, 0x47, 0x03]);

/** MSRs that hold an address; the rest of those whose every bit is kept alike. */
const MSRS = [0x175, 0x176, 0xc0000082, 0xc0000083, 0xc0000100, 0xc0000101, 0xc0000102, 0xc0000081];
const CR4 = { TSD: 4, DE: 8, PAE: 0x20, PCE: 0x100, UMIP: 0x800, FSGSBASE: 0x10000, SMAP: 0x200000 };
const CR0 = { AM: 0x40000, TS: 8, WP: 0x10000 };
const GOOD_CR0 = 0x80000011;
const AC = 0x40000n;
/** Nothing answers at these ports, on either machine. */
const FIRST_PORT = 0x500;
const BITMAP = 0x68;
/** Byte of the TSS that has the bit of the first port. */
const PORT_BYTE = BITMAP + (FIRST_PORT >> 3);

export function privileged(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = choices.pick(list);
  const compatibility = what.only64 !== true && choices.oneIn(4);
  let cpl = compatibility ? choices.pick([0, 3, 3]) : choices.pick([0, 0, 1, 2, 3, 3, 3]);
  if (cpl === 0 && what.outer === true) cpl = 3;
  if (compatibility) startCompatibility(c, cpl, what.code);
  else startAt(c, cpl, what.code);

  const user = compatibility || cpl === 3;
  const data = image.at(user ? 'data3' : 'data0');
  const linear = user ? image.user('data3') : data;
  const flags = flagsImage(choices, true);
  c.poke(data, what.flags === true ? flags & ~0x100n : choices.bits64()).poke(data + 8, choices.bits64());
  c.watch(data, 'data').watch(data + 8, 'data + 8');
  c.set('rdi', linear).set('rsi', linear);
  if (what.flags === true) c.set('rsp', linear);

  let cr4 = CR4.PAE;
  for (const bit of [CR4.TSD, CR4.DE, CR4.PCE, CR4.UMIP, CR4.FSGSBASE]) if (choices.oneIn(2)) cr4 |= bit;
  let cr0 = GOOD_CR0;
  for (const bit of Object.values(CR0)) if (choices.oneIn(2)) cr0 |= bit;
  const iopl = BigInt(choices.below(4)) << 12n;
  c.set('cr4', cr4).set('cr0', cr0 >>> 0);
  c.set(
    'rflags',
    2n | iopl | (choices.bits64() & 0x200cd5n) | (choices.oneIn(2) ? AC : 0n) | (choices.oneIn(6) ? 0x200n : 0n),
  );

  const msr = choices.pick(MSRS);
  c.set('rcx', what.name.endsWith('msr') ? msr : choices.below(4));
  const address = choices.oneIn(3)
    ? notCanonical(choices)
    : choices.pick([0x1234_5678_9abcn, -4096n, 0x7fff_ffff_ffffn]);
  const value = BigInt.asUintN(64, address);
  if (what.name === 'wrmsr')
    c.set('rax', value & 0xffffffffn)
      .set('rdx', value >> 32n)
      .note('written', value);
  else {
    c.set('rax', what.name.startsWith('mov %rax') ? choices.bits64() & 0x7fff_ffffn : choices.bits64());
    c.set('rdx', FIRST_PORT + choices.below(6));
  }
  // An unaligned read where nothing answers gives 0 in QEMU.
  if (/^in .*(?:ax)$/.test(what.name) && c.start('rdx') % 4n !== 0n) c.ignore('rax', 'rflags', 'handlerFlags');
  if (what.name.startsWith('wrgsbase')) c.set('rdi', value).note('written', value);
  c.set('fsBase', 0x1111_2222_3000n).set('gsBase', 0x3333_4444_5000n).set('kernelGsBase', 0x6666_7777_8000n);

  // The I/O bitmap: where it begins, how far the TSS reaches, and its bits for the ports in question.
  const tss = image.at('tss');
  const bitmap = choices.oneIn(6) ? choices.pick([0x67, 0x69, 0x1000, 0xffff]) : BITMAP;
  const bits = choices.bits64() & choices.bits64();
  c.poke(tss + 0x60, BigInt(bitmap) << 48n).poke(tss + PORT_BYTE - 1, bits);
  const limit = choices.oneIn(4) ? choices.pick([0x66, 0x67, PORT_BYTE - 1, PORT_BYTE, PORT_BYTE + 1]) : 0x1ff;
  const low = image.quadword(image.at('gdt_template') + 0x38);
  c.poke(image.at('gdt') + 0x38, (low & ~0xffffn) | BigInt(limit));

  if (what.ignored !== undefined) c.ignore(...what.ignored);
  c.note('instruction', what.name)
    .note('mode', compatibility ? '32' : '64')
    .note('cpl', cpl);
  c.note('cr0', cr0 >>> 0)
    .note('cr4', cr4)
    .note('rflags', c.start('rflags'))
    .note('limit', limit)
    .note('bitmap', bitmap);
  return c;
}
