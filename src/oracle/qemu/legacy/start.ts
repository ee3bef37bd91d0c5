/** Where cases begin in protected mode outside IA-32e mode. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { TestCase } from '../testCase.ts';

export const CR0 = { PE: 1n, ET: 0x10n, NE: 0x20n, WP: 0x10000n, CD: 0x40000000n, PG: 0x80000000n };
export const CR4 = { PSE: 0x10n, PAE: 0x20n, PGE: 0x80n, SMEP: 1n << 20n, SMAP: 1n << 21n };

/** 32-bit code and data segments of each CPL in the guest's GDT. */
export const CODE = [0x08, 0x48, 0x58, 0x20] as const;
export const DATA = [0x10, 0x50, 0x60, 0x18] as const;
/** The same for 16 bits, CPL 0 and 3. */
const CODE16: Readonly<Record<number, number>> = { 0: 0x68, 3: 0x28 };
const DATA16: Readonly<Record<number, number>> = { 0: 0x70, 3: 0x30 };

/** A stack that a case runs on: a symbol of the guest. */
export interface Start {
  readonly cpl: number;
  readonly bits: 16 | 32;
  /** Of its stack pointer. */
  readonly stackBits: 16 | 32;
  /** Symbol under whose address the stack grows. */
  readonly stack: string;
}

/** Any start; 16 bits at CPL 0 and 3 only. */
export function anyStart(choices: Choices): Start {
  const narrow = choices.oneIn(3);
  const cpl = narrow ? choices.pick([0, 3]) : choices.pick([0, 0, 0, 1, 2, 3, 3]);
  const stackBits = (cpl === 0 || cpl === 3) && choices.oneIn(4) ? 16 : 32;
  const named = { 0: 'compat_stack', 1: 'stack1', 2: 'stack2', 3: 'stack3' }[cpl] ?? 'stack3';
  const stack = stackBits === 16 ? (cpl === 0 ? 'low_stack' : 'narrow_stack') : named;
  return { cpl, bits: narrow ? 16 : 32, stackBits, stack };
}

/** Paging of either format that maps the same: the format is noted. */
export function anyPaging(c: TestCase, choices: Choices): void {
  const pae = choices.oneIn(2);
  if (pae) c.set('cr3', c.image.at('pointers')).set('cr4', CR4.PAE);
  c.note('paging', pae ? 'PAE' : '32-bit');
}

/** Starts code at a level. Returns EIP. */
export function startLegacy(c: TestCase, { cpl, bits, stackBits, stack }: Start, code: readonly number[]): number {
  const { image } = c;
  const user = cpl === 3;
  const place = user ? 'code3' : 'code0';
  const linear = user ? image.user(place) : image.at(place);
  c.code(image.at(place), code);
  const rip = bits === 16 ? image.at(place) - image.at('arena') : linear;
  c.set('cs', (bits === 16 ? (CODE16[cpl] ?? 0) : (CODE[cpl] ?? 0)) | cpl).set('rip', rip);
  c.set('ss', (stackBits === 16 ? (DATA16[cpl] ?? 0) : (DATA[cpl] ?? 0)) | cpl);
  const top = stack === 'low_stack' ? image.at(stack) : user ? image.user(stack) : image.at(stack);
  // IRET to a stack of 16 bits loads SP alone: the rest of ESP stays that of the harness.
  const narrow = (image.at('harness_stack') & ~0xffff) + image.at(stack) - image.at('arena');
  c.set('rsp', stackBits === 16 && user ? narrow : top);
  const data = user ? 0x1b : (DATA[cpl] ?? 0) | cpl;
  c.set('ds', data).set('es', data);
  c.note('cpl', cpl).note('mode', `${bits}`).note('stack bits', stackBits).note('own stack', stack);
  return rip;
}
