/** Segment registers: hidden parts, descriptors in memory, and the checks of 16- and 32-bit code. SDM vol. 3A, ch. 3 and 5. */
import { ATTRIBUTE, ATTRIBUTES_MASK, ATTRIBUTES_SHIFT, DESCRIPTOR, DPL_SHIFT } from '../registers/descriptor.ts';
import { CR0 } from '../registers/cr.ts';
import { EFER } from '../registers/efer.ts';
import { RFLAGS } from '../registers/rflags.ts';
import type { Cpu } from './cpu.ts';
import { Fault, generalProtection, hex, Vector } from './fault.ts';
import { Access, LDTR, S, SEG, segmentOffset } from './layout.ts';

export const CS = 1;
export const SS = 2;
const NAMES = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'LDTR', 'TR'];
export const segmentName = (n: number): string => NAMES[n] ?? `segment ${n}`;

/** A descriptor's two dwords. */
export interface Descriptor {
  readonly low: number;
  readonly high: number;
}

export const attributesOf = (d: Descriptor): number => (d.high >>> ATTRIBUTES_SHIFT) & ATTRIBUTES_MASK;
export const baseOf = (d: Descriptor): number =>
  ((d.low >>> 16) | ((d.high & 0xff) << 16) | (d.high & 0xff000000)) >>> 0;
/** Limit in bytes, granularity applied. */
export const limitOf = (d: Descriptor): number => {
  const raw = (d.low & 0xffff) | (d.high & 0xf0000);
  return (d.high & DESCRIPTOR.G) !== 0 ? ((raw << 12) | 0xfff) >>> 0 : raw;
};
export const rawOf = (d: Descriptor): bigint => (BigInt(d.high >>> 0) << 32n) | BigInt(d.low >>> 0);
export const dplOf = (attributes: number): number => (attributes & ATTRIBUTE.DPL) >> DPL_SHIFT;

export const isCode = (a: number): boolean => (a & (ATTRIBUTE.S | ATTRIBUTE.Code)) === (ATTRIBUTE.S | ATTRIBUTE.Code);
export const isConforming = (a: number): boolean => isCode(a) && (a & ATTRIBUTE.C) !== 0;
export const isData = (a: number): boolean => (a & (ATTRIBUTE.S | ATTRIBUTE.Code)) === ATTRIBUTE.S;
export const isWritableData = (a: number): boolean => isData(a) && (a & ATTRIBUTE.W) !== 0;
export const isReadable = (a: number): boolean => isData(a) || (isCode(a) && (a & ATTRIBUTE.R) !== 0);
export const isPresent = (a: number): boolean => (a & ATTRIBUTE.P) !== 0;

/** Linear address of a selector's descriptor, or null when it lies outside its table. */
export function descriptorAddress(cpu: Cpu, selector: number, bytes = 8): bigint | null {
  const index = selector & 0xfff8;
  if ((selector & 4) !== 0) {
    if (!isPresent(cpu.attributes(LDTR)) || index + bytes - 1 > cpu.limit(LDTR)) return null;
    return cpu.baseOf(LDTR) + BigInt(index);
  }
  if (index + bytes - 1 > cpu.low(S.gdtrLimit)) return null;
  return cpu.get(S.gdtrBase) + BigInt(index);
}

/** Wraps a table address as the mode does. */
const tableLinear = (cpu: Cpu, at: bigint): bigint => BigInt.asUintN((cpu.low(S.efer) & EFER.LMA) !== 0 ? 64 : 32, at);

export function readDescriptor(cpu: Cpu, selector: number): Descriptor | null {
  const at = descriptorAddress(cpu, selector);
  if (at === null) return null;
  const raw = cpu.readSystem(tableLinear(cpu, at), 8);
  return { low: Number(BigInt.asIntN(32, raw)), high: Number(BigInt.asIntN(32, raw >> 32n)) };
}
/** Second half of a 16-byte system descriptor. */
export function readDescriptorTop(cpu: Cpu, selector: number): Descriptor | null {
  const at = descriptorAddress(cpu, selector, 16);
  if (at === null) return null;
  const raw = cpu.readSystem(tableLinear(cpu, at + 8n), 8);
  return { low: Number(BigInt.asIntN(32, raw)), high: Number(BigInt.asIntN(32, raw >> 32n)) };
}

/** Sets type bits of a descriptor in memory: the accessed bit of a segment, the busy bit of a TSS. */
export function markDescriptor(cpu: Cpu, selector: number, descriptor: Descriptor, bits: number): void {
  const high = descriptor.high | (bits << ATTRIBUTES_SHIFT);
  const at = descriptorAddress(cpu, selector);
  if (high === descriptor.high || at === null) return;
  cpu.writeSystem(tableLinear(cpu, at + 4n), 4, BigInt(high >>> 0));
}

/** A #GP, #NP, #SS or #TS about a selector. `external` is the EXT bit of the error code. */
export function selectorFault(
  vector: number,
  selector: number,
  descriptor: Descriptor | null,
  field: string,
  texts: { check: string; expected: string; actual: string; manual: string },
  external = 0,
): Fault {
  const where = { kind: 'descriptor', selector, descriptor: descriptor && rawOf(descriptor), field } as const;
  return new Fault(vector, (selector & 0xfffc) | external, { ...texts, where });
}

/** Writes a segment register with its hidden part. */
export function setSegment(
  cpu: Cpu,
  n: number,
  selector: number,
  base: bigint,
  limit: number,
  attributes: number,
): void {
  cpu.set(segmentOffset(n) + SEG.base, base);
  setRest(cpu, n, selector, limit | 0, attributes);
}
/** The same with base 0 and limit 4 GiB, without BigInt: SYSCALL and SYSRET load such segments. */
export function setFlatSegment(cpu: Cpu, n: number, selector: number, attributes: number): void {
  cpu.set64(segmentOffset(n) + SEG.base, 0, 0);
  setRest(cpu, n, selector, FLAT, attributes);
}
/** Limit of 4 GiB. */
const FLAT = -1;
const isFlat = (limit: number, attributes: number): boolean =>
  limit === FLAT && isWritableData(attributes) && isPresent(attributes) && (attributes & ATTRIBUTE.E) === 0;
const stackMaskFor = (attributes: number): number => ((attributes & ATTRIBUTE.B) !== 0 ? -1 : 0xffff);
/** The words that `setFlatSegment` writes, but for the selector, in 64-bit mode: offset in the state block, and value. */
export function flatSegmentWords(n: number, attributes: number): (readonly [offset: number, value: number])[] {
  const at = segmentOffset(n);
  const words: (readonly [number, number])[] = [
    [at + SEG.base, 0],
    [at + SEG.base + 4, 0],
    [at + SEG.limit, FLAT],
    [at + SEG.attributes, attributes],
    [at + SEG.flat, isFlat(FLAT, attributes) ? 1 : 0],
  ];
  return n === SS ? [...words, [S.stackMask, stackMaskFor(attributes)]] : words;
}
function setRest(cpu: Cpu, n: number, selector: number, limit: number, attributes: number): void {
  const at = segmentOffset(n);
  cpu.setLow(at + SEG.limit, limit);
  cpu.setLow(at + SEG.selector, selector);
  cpu.setLow(at + SEG.attributes, attributes);
  cpu.setLow(at + SEG.flat, isFlat(limit, attributes) ? 1 : 0);
  if (n === SS) cpu.setLow(S.stackMask, stackMaskFor(attributes));
  if (n === CS) updateCodeSize(cpu);
}
export const setSegmentFrom = (cpu: Cpu, n: number, selector: number, d: Descriptor): void =>
  setSegment(
    cpu,
    n,
    selector,
    BigInt(baseOf(d)),
    limitOf(d),
    attributesOf(d) | (isData(attributesOf(d)) || isCode(attributesOf(d)) ? ATTRIBUTE.A : 0),
  );

/** 64-bit mode when EFER.LMA and CS.L are 1; else CS.D chooses between 32 and 16 bits. */
export function updateCodeSize(cpu: Cpu): void {
  const attributes = cpu.attributes(CS);
  const long = (cpu.low(S.efer) & EFER.LMA) !== 0 && (attributes & ATTRIBUTE.L) !== 0;
  cpu.setLow(S.codeSize, long ? 64 : (attributes & ATTRIBUTE.D) !== 0 ? 32 : 16);
  cpu.onCodeSegment();
}

export const protectedMode = (cpu: Cpu): boolean =>
  (cpu.low(S.cr0) & CR0.PE) !== 0 && (cpu.systemFlags & RFLAGS.VM) === 0;

/**
 * Real-address and virtual-8086 mode: base = selector * 16. The limit stays in real mode (SDM vol. 3A, 9.9); any segment
 * may be written there, CS too (20.1.1).
 */
export function setRealSegment(cpu: Cpu, n: number, selector: number): void {
  const virtual8086 = (cpu.systemFlags & RFLAGS.VM) !== 0;
  const attributes = virtual8086 ? 0xf3 : 0x93 | (cpu.attributes(n) & ATTRIBUTE.B);
  const limit = virtual8086 ? 0xffff : cpu.limit(n);
  setSegment(cpu, n, selector, BigInt(selector << 4), limit, attributes);
}

/**
 * Loads ES, SS, DS, FS or GS in protected mode (SDM vol. 2B, MOV; vol. 3A, 5.6 and 5.7). `cpl` differs from the
 * running one while a far transfer is under way. Throws the Fault.
 */
export function loadDataSegment(cpu: Cpu, n: number, selector: number, cpl = cpu.cpl): void {
  const manual = 'SDM vol. 2B, MOV';
  const rpl = selector & 3;
  const name = segmentName(n);
  if ((selector & 0xfffc) === 0) {
    if (n === SS && !(cpu.long && cpl !== 3 && rpl === cpl)) {
      throw generalProtection(0, 'SS is not null', 'a stack segment', hex(selector), manual, {
        kind: 'register',
        name,
        value: BigInt(selector),
      });
    }
    // A null selector keeps base 0 in 64-bit mode and cannot be used in others.
    setSegment(cpu, n, selector, 0n, 0, n === SS ? (cpl << DPL_SHIFT) | ATTRIBUTE.B : 0);
    return;
  }
  const d = readDescriptor(cpu, selector);
  const refuse = (vector: number, field: string, check: string, expected: string, actual: string): Fault =>
    selectorFault(vector, selector, d, field, { check, expected, actual, manual });
  if (d === null)
    throw refuse(Vector.GP, 'Limit', `the selector for ${name} is within its table`, 'inside the limit', hex(selector));
  const a = attributesOf(d);
  const dpl = dplOf(a);
  if (n === SS) {
    if (rpl !== cpl) throw refuse(Vector.GP, 'RPL', 'RPL of SS = CPL', `${cpl}`, `${rpl}`);
    if (!isWritableData(a))
      throw refuse(Vector.GP, 'Type', 'SS is writable data', 'S = 1, writable data', `type ${hex(a & 15)}`);
    if (dpl !== cpl) throw refuse(Vector.GP, 'DPL', 'DPL of SS = CPL', `${cpl}`, `${dpl}`);
    if (!isPresent(a)) throw refuse(Vector.SS, 'P', 'SS is present', 'P = 1', 'P = 0');
  } else {
    if (!isReadable(a))
      throw refuse(Vector.GP, 'Type', `${name} is data or readable code`, 'readable', `type ${hex(a & 15)}`);
    if (!isConforming(a) && (rpl > dpl || cpl > dpl)) {
      throw refuse(
        Vector.GP,
        'DPL',
        `DPL of ${name} is at least CPL and RPL`,
        `at least ${Math.max(cpl, rpl)}`,
        `${dpl}`,
      );
    }
    if (!isPresent(a)) throw refuse(Vector.NP, 'P', `${name} is present`, 'P = 1', 'P = 0');
  }
  markDescriptor(cpu, selector, d, ATTRIBUTE.A);
  setSegmentFrom(cpu, n, selector, d);
}

/**
 * Linear address of segment:offset outside 64-bit mode for an access (size and Access bits); refused with an exception
 * pending and S.refused set (SDM vol. 3A, 5.3 and 5.5).
 */
export function checkSegment(cpu: Cpu, segment: number, offset: number, access: number): number {
  const a = cpu.attributes(segment);
  const limit = cpu.limit(segment);
  const bytes = access & Access.size;
  const from = offset >>> 0;
  const to = from + bytes - 1;
  const write = (access & Access.write) !== 0;
  let problem: [check: string, expected: string, actual: string] | undefined;
  if (!isPresent(a)) problem = ['the segment register holds a segment', 'a present descriptor', 'null'];
  else if (write && !isWritableData(a))
    problem = ['the segment may be written', 'writable data', `type ${hex(a & 15)}`];
  else if (!write && !isReadable(a))
    problem = ['the segment may be read', 'data or readable code', `type ${hex(a & 15)}`];
  else if (isData(a) && (a & ATTRIBUTE.E) !== 0) {
    const top = (a & ATTRIBUTE.B) !== 0 ? 0xffffffff : 0xffff;
    if (from <= limit || to > top)
      problem = ['the offset is above the limit of an expand-down segment', `above ${hex(limit)}`, hex(from)];
  } else if (to > limit) problem = ['the offset is within the limit', `at most ${hex(limit)}`, hex(to)];
  if (problem !== undefined) {
    const [check, expected, actual] = problem;
    const name = segmentName(segment);
    cpu.access.pending = new Fault(segment === SS ? Vector.SS : Vector.GP, 0, {
      check: `${name}: ${check}`,
      expected,
      actual,
      manual: 'SDM vol. 3A, 5.3',
      where: { kind: 'register', name, value: BigInt(cpu.selector(segment)) },
    });
    cpu.setLow(S.refused, 1);
    return 0;
  }
  return (cpu.low(segmentOffset(segment) + SEG.base) + offset) | 0;
}
