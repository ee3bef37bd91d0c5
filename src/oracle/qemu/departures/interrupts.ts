/** Delivery of interrupts and exceptions. */
import { FIRST_WATCH, NO_ERROR, type Outcome } from '../record.ts';
import { refusal } from '../refusal.ts';
import { descriptorAt, isCanonical, isCode, isConforming, isDefault32, isLongCode, isPresent } from '../tables.ts';
import type { TestCase } from '../testCase.ts';
import {
  type Departure,
  PAGE_FAULT,
  CONTRIBUTORY,
  isInterrupt,
  startCpl,
  errorOf,
  moved,
  markAccessed,
} from './departure.ts';

const firstVector = (c: TestCase): number => Number(c.notes.get('vector') ?? -1);

/** The stack that a case's gate would have its handler use. */
function handlerStack(c: TestCase): bigint {
  const ist = Number(c.notes.get('ist') ?? 0);
  const tss = c.image.at('tss');
  const field = (offset: number): bigint =>
    c.written(tss + offset) ?? c.image.quadword(c.image.at('tss_template') + offset);
  if (ist !== 0) return field(0x24 + 8 * (ist - 1));
  const code = descriptorAt(c, Number(c.notes.get('selector'))) ?? 0n;
  const dpl = Number(code >> 45n) & 3;
  const inner = !isConforming(code) && BigInt(dpl) < startCpl(c);
  return inner ? field(4 + 8 * dpl) : c.start('rsp');
}

/** True when nothing but the stack stands between a case's gate and its handler. */
function leadsToStack(c: TestCase): boolean {
  const g = BigInt(c.notes.get('gate') ?? 0);
  const cpl = startCpl(c);
  const type = (g >> 40n) & 0x1fn;
  const code = descriptorAt(c, Number(c.notes.get('selector')));
  if ((type !== 0xen && type !== 0xfn) || !isPresent(g) || errorOf(c) === 0 || code === undefined) return false;
  if (c.notes.get('software') !== undefined && ((g >> 45n) & 3n) < cpl) return false;
  return isCode(code) && isPresent(code) && isLongCode(code) && !isDefault32(code) && ((code >> 45n) & 3n) <= cpl;
}

/** The record of a case whose interrupt or exception could not be delivered for an exception with EXT as error code. */
export function refusedDelivery(c: TestCase, vector: number): Outcome {
  // The second exception may need the very gate that does not work.
  if (c.notes.get('software') === vector) return refusal(c, 8, 0);
  if (c.notes.get('software') !== undefined) return refusal(c, vector, 0);
  const first = firstVector(c);
  const o = first === 14 || CONTRIBUTORY.has(BigInt(first)) ? refusal(c, 8, 0) : refusal(c, vector, 1);
  if (first === 14) o.set('cr2', c.start('rdi'));
  return o;
}

/** Sets bits of a dword on a stack that a case outside IA-32e mode looks at. */
export function setOnStack(c: TestCase, o: Outcome, at: number, bits: bigint): void {
  if (c.image.isLong) return;
  c.watches.forEach((watch, i) => {
    const shift = 8 * (at - watch.at);
    const set = shift >= 0 ? bits << BigInt(shift) : bits >> BigInt(-shift);
    if (shift > -32 && shift < 64) o.setWord(FIRST_WATCH + i, o.watch(i) | BigInt.asUintN(64, set));
  });
}

export const INTERRUPTS: readonly Departure[] = [
  {
    name: 'the error code of a gate counts 16 bytes for each vector',
    manual: 'SDM vol. 3A, 6.13: bits 15:3 of an error code with IDT = 1 are the index of the gate, the vector',
    mend: (c, o) => {
      const error = o.get('error');
      if (!isInterrupt(c) || error === NO_ERROR || !CONTRIBUTORY.has(o.get('vector')) || (error & 2n) === 0n) return;
      o.set('error', ((error >> 4n) << 3n) | (error & 7n));
    },
  },
  {
    name: 'an exception while another is delivered has EXT = 0',
    manual: 'SDM vol. 3A, 6.13: EXT = 1 unless the exception came up while INT n, INT3 or INTO was delivered',
    mend: (c, o) => {
      if (!isInterrupt(c) || o.get('error') === NO_ERROR || !CONTRIBUTORY.has(o.get('vector'))) return;
      const isFirst = o.get('vector') === BigInt(firstVector(c));
      if (c.notes.get('software') !== undefined || isFirst) return;
      o.set('error', o.get('error') | 1n);
      setOnStack(c, o, Number(o.get('handlerRsp')), 1n);
    },
  },
  {
    name: 'a gate leads to an address that is not canonical',
    manual: 'SDM vol. 2A, INT n: #GP(EXT) if the instruction pointer of a 64-bit gate is not canonical',
    mend: (c, o) => {
      const offset = c.notes.get('offset');
      if (!isInterrupt(c) || typeof offset !== 'bigint' || isCanonical(offset)) return;
      const below = handlerStack(c) - o.get('cr2');
      const pushing = [8n, PAGE_FAULT].includes(o.get('vector')) && below > 0n && below <= 64n;
      if (o.get('rip') === offset || pushing) o.replace(refusedDelivery(c, 13));
    },
  },
  {
    name: 'pushing an interrupt frame to an address that is not canonical raises #GP',
    manual: 'SDM vol. 2A, INT n: #SS(EXT) if the new stack is not canonical',
    mend: (c, o) => {
      // For INT 13 and its like QEMU makes a double fault of that.
      const doubled = o.get('vector') === 8n && c.notes.get('software') !== undefined;
      const refused = (o.get('vector') === 13n && (o.get('error') | 1n) === 1n) || doubled;
      if (!isInterrupt(c) || !refused || moved(c, o) || !leadsToStack(c)) return;
      const top = handlerStack(c) & ~15n;
      if (!isCanonical(BigInt.asUintN(64, top - 40n))) o.replace(refusedDelivery(c, 12));
    },
  },
  {
    name: 'an interrupt does not mark the code it goes to accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      const selector = BigInt(errorOf(c));
      const arrived = (o.get('handlerCs') & ~3n) === selector && o.get('vector') === BigInt(firstVector(c));
      const beyond = o.get('rip') === c.notes.get('offset') && (o.get('cs') & ~3n) === selector;
      if (!isInterrupt(c) || !(arrived || beyond)) return;
      markAccessed(c, o, 'code');
    },
  },
];
