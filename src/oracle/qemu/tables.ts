/** What the descriptor tables of a case hold when it begins. */
import type { TestCase } from './testCase.ts';

const GDT_BYTES = 0x200;
const LDT_BYTES = 0x100;

/** The quadword a selector names, or undefined when it lies outside its table. */
export function descriptorAt(c: TestCase, selector: number): bigint | undefined {
  const offset = selector & 0xfff8;
  const local = (selector & 4) !== 0;
  if (offset + 8 > (local ? LDT_BYTES : GDT_BYTES)) return undefined;
  const written = c.written(c.image.at(local ? 'ldt' : 'gdt') + offset);
  if (written !== undefined || local) return written ?? 0n;
  const template = c.image.at('gdt_template') + offset;
  return template < c.image.at('gdt_end') ? c.image.quadword(template) : 0n;
}

const GRANULARITY = 1n << 55n;
const LONG = 1n << 53n;

export const isCode = (d: bigint): boolean => ((d >> 40n) & 0x18n) === 0x18n;
export const isPresent = (d: bigint): boolean => ((d >> 47n) & 1n) === 1n;
export const isConforming = (d: bigint): boolean => ((d >> 42n) & 1n) === 1n;
const DEFAULT = 1n << 54n;

export const isDefault32 = (d: bigint): boolean => (d & DEFAULT) !== 0n;
export const isLongCode = (d: bigint): boolean => (d & LONG) !== 0n;

/** Limit in bytes. */
export function limitOf(d: bigint): bigint {
  const raw = (d & 0xffffn) | ((d >> 32n) & 0xf0000n);
  return (d & GRANULARITY) !== 0n ? (raw << 12n) | 0xfffn : raw;
}

/** True when code with this descriptor may go on at `rip`: canonical in 64-bit code, within the limit in other code. */
export function allows(d: bigint, rip: bigint): boolean {
  if (!isLongCode(d)) return rip <= limitOf(d);
  return isCanonical(rip);
}

export function isCanonical(address: bigint): boolean {
  const top = address >> 47n;
  return top === 0n || top === 0x1ffffn;
}

/** True when a far JMP or CALL at `cpl` may go to this code by this selector, as far as the descriptor is concerned. */
export function mayEnter(d: bigint, selector: number, cpl: number): boolean {
  const dpl = Number(d >> 45n) & 3;
  if (selector < 4 || !isCode(d) || !isPresent(d) || (isLongCode(d) && isDefault32(d))) return false;
  return isConforming(d) ? dpl <= cpl : dpl === cpl && (selector & 3) <= cpl;
}
