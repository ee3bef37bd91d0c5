/** Where QEMU 7.2 departs from the manual outside IA-32e mode. Those that it shares with that mode stand in ../departures. */
import { CALLS } from '../departures/calls.ts';
import {
  begins,
  type Departure,
  errorOf,
  isFarJump,
  isInterrupt,
  markAccessed,
  moved,
  PAGE_FAULT,
} from '../departures/departure.ts';
import { EVERYWHERE } from '../departures/everywhere.ts';
import { INTERRUPTS, refusedDelivery, setOnStack } from '../departures/interrupts.ts';
import { PAGING } from '../departures/paging.ts';
import { RETURNS } from '../departures/returns.ts';
import { SEGMENTS } from '../departures/segments.ts';
import { FIRST_WATCH, type Outcome } from '../record.ts';
import { refusal } from '../refusal.ts';
import { descriptorAt, isPresent, limitOf } from '../tables.ts';
import type { TestCase } from '../testCase.ts';

/** Those that show outside IA-32e mode too, by the beginning of their names. */
function shared(list: readonly Departure[], ...names: string[]): Departure[] {
  return names.map((name) => {
    const found = list.find((departure) => departure.name.startsWith(name));
    if (found === undefined) throw new Error(`no departure is called ${name}`);
    return found;
  });
}

const ACCESSED = 0x20n;
const ACCESSED_SEGMENT = 1n << 40n;

/** Puts the accessed bit of an entry back to what it was, in the watched quadword of this name. */
function restoreAccessed(c: TestCase, o: Outcome, name: string, shift: bigint): void {
  c.watches.forEach((watch, i) => {
    if (watch.name !== name) return;
    const bit = ACCESSED << shift;
    o.setWord(FIRST_WATCH + i, (o.watch(i) & ~bit) | ((c.written(watch.at) ?? 0n) & bit));
  });
}

const WALKS: readonly Departure[] = [
  ...shared(PAGING, 'the error code of a reserved bit', 'an instruction that reads and writes'),
  {
    name: 'a walk of PAE paging marks the PDPTE accessed',
    manual: 'SDM vol. 3A, 4.4.1 and table 4-8: PDPTEs are loaded with CR3 into registers and have no accessed flag',
    mend: (c, o) => {
      if (c.notes.get('paging') === 'PAE') restoreAccessed(c, o, 'PDPTE', 0n);
    },
  },
  {
    name: 'PDPTEs are read at each walk, and their reserved bits refused there',
    manual:
      'SDM vol. 3A, 4.4.1: MOV to CR0, CR3 or CR4 that loads them raises #GP(0) for a reserved bit in one with P = 1',
    mend: (c, o) => {
      const at = Number(c.notes.get('refused at') ?? -1);
      if (at >= 0) o.replace(refusal(c, 13, 0, at));
    },
  },
  {
    name: 'an access that is refused marks the leaf of its page accessed',
    manual: 'SDM vol. 3A, 4.8: A is set in an entry that was used for a translation; a refused access has none',
    mend: (c, o) => {
      const linear = c.notes.get('linear');
      if (o.get('vector') !== PAGE_FAULT || typeof linear !== 'bigint') return;
      const page = (o.get('cr2') >> 12n) - (linear >> 12n);
      if (page !== 0n && page !== 1n) return;
      if (c.notes.get('leaf') === 'PDE') restoreAccessed(c, o, 'PDE', 0n);
      else if (c.notes.get('paging') === 'PAE') restoreAccessed(c, o, page === 0n ? 'PTE' : 'next PTE', 0n);
      else restoreAccessed(c, o, 'PTE', 32n * page);
    },
  },
];

/** The descriptor of the stack that a case has for an inner level, by its error code, if the level may have it. */
function innerStack(c: TestCase, error: bigint): bigint | undefined {
  for (const level of [1, 2]) {
    const selector = c.notes.get(`SS${level}`);
    if (typeof selector !== 'number' || BigInt(selector & 0xfffc) !== (error & 0xfffcn)) continue;
    const stack = descriptorAt(c, selector);
    if (stack !== undefined && (selector & 3) === level && (Number(stack >> 45n) & 3) === level) return stack;
  }
  return undefined;
}

/** True when QEMU was refused a push to the inner stack, which comes after the look at the target. */
const wasPushing = (c: TestCase, o: Outcome): boolean =>
  o.get('vector') === PAGE_FAULT && (o.get('error') & 2n) !== 0n && !moved(c, o);

/** Sets the accessed bit of the stack segment that code with this descriptor got from the TSS. */
function markInnerStack(c: TestCase, o: Outcome, code: bigint): void {
  const dpl = Number(code >> 45n) & 3;
  const selector = c.notes.get(`SS${dpl}`);
  if (typeof selector !== 'number' || dpl >= Number(c.notes.get('cpl'))) return;
  const at = c.image.at((selector & 4) !== 0 ? 'ldt' : 'gdt') + (selector & 0xfff8);
  c.watches.forEach((watch, i) => {
    if (watch.at === at) o.setWord(FIRST_WATCH + i, o.watch(i) | ACCESSED_SEGMENT);
  });
}

const GATES: readonly Departure[] = [
  {
    name: 'an inner stack segment that is not present raises #TS',
    manual: 'SDM vol. 2A, CALL and INT n: #SS(selector) if the new stack segment is not present',
    mend: (c, o) => {
      if (!(isFarJump(c) || isInterrupt(c)) || o.get('vector') !== 10n) return;
      const stack = innerStack(c, o.get('error'));
      if (stack === undefined || isPresent(stack)) return;
      const writable = ((stack >> 41n) & 0xdn) === 0x9n;
      if (writable) o.set('vector', 12n);
    },
  },
  {
    name: 'a call gate leads beyond the limit of its code segment',
    manual: 'SDM vol. 2A, CALL and JMP: #GP(0) if the offset of the call gate is not within the code segment limit',
    mend: (c, o) => {
      const target = c.notes.get('gate target');
      if (!isFarJump(c) || c.notes.get('through gate') !== true || typeof target !== 'bigint') return;
      if (!moved(c, o) && !wasPushing(c, o)) return;
      const code = descriptorAt(c, Number(c.notes.get('gate code')));
      if (code !== undefined && target > limitOf(code)) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a CALL through a gate does not mark the inner stack segment accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      const code = descriptorAt(c, Number(c.notes.get('gate code') ?? 0));
      if (begins(c, 'callf') && c.notes.get('through gate') === true && moved(c, o) && code !== undefined)
        markInnerStack(c, o, code);
    },
  },
];

const RF = 0x10000n;

/** True when the gate of a case has led to its code: the INT3 of the filling ended it there, or the first fetch. */
function arrived(c: TestCase, o: Outcome): boolean {
  const selector = BigInt(Number(c.notes.get('selector') ?? 0) & 0xfffc);
  return isInterrupt(c) && moved(c, o) && (o.get('cs') & 0xfffcn) === selector;
}

/** Descriptor of the code that the gate of a case leads to. */
const handlerCode = (c: TestCase): bigint => descriptorAt(c, Number(c.notes.get('selector'))) ?? 0n;

const isVirtual = (c: TestCase): boolean => c.notes.get('mode') === 'virtual-8086';

/** Where the flags image of the frame under test stands, which a case may look at on an inner stack or on its own. */
function flagsImageAt(c: TestCase): number {
  if (isVirtual(c)) return c.image.at('stack0') - 28;
  const dpl = Number(handlerCode(c) >> 45n) & 3;
  const cpl = Number(c.notes.get('cpl'));
  if (dpl >= cpl) return c.image.at(String(c.notes.get('own stack'))) - 4;
  const stack = Number(c.notes.get(`SS${dpl}`) ?? 0);
  const base = Number(((descriptorAt(c, stack) ?? 0n) >> 16n) & 0xffffffn);
  const usual = c.notes.get('TSS') === 16 ? c.image.at('low_stack') - 0x400 * dpl : c.image.at(`stack${dpl}`);
  return Number(c.notes.get(`ESP${dpl}`) ?? usual) + base - 12;
}

const DELIVERY: readonly Departure[] = [
  {
    name: 'the flags image of a fault has RF as it was, on any stack',
    manual: 'SDM vol. 3B, 17.3.1.1: for every fault but an instruction breakpoint the pushed RF is 1',
    mend: (c, o) => {
      const wide = ((BigInt(c.notes.get('gate') ?? 0) >> 43n) & 1n) === 1n;
      if (!arrived(c, o) || c.notes.has('software') || !wide) return;
      setOnStack(c, o, flagsImageAt(c), RF);
    },
  },
  {
    name: 'a gate leads from virtual-8086 mode to a level other than 0',
    manual: 'SDM vol. 2A, INT n: from virtual-8086 mode #GP(selector) unless the DPL of the new code segment is 0',
    mend: (c, o) => {
      const code = handlerCode(c);
      if (!isVirtual(c) || !arrived(c, o) || ((code >> 45n) & 3n) === 0n) return;
      const refused = refusedDelivery(c, 13);
      // A double fault has 0 in place of the selector.
      const selected = refused.get('vector') === 13n ? errorOf(c) : 0;
      o.replace(selected === 0 ? refused : refusal(c, 13, Number(refused.get('error')) | selected));
    },
  },
  {
    name: 'a gate leads beyond the limit of its code segment',
    manual: 'SDM vol. 2A, INT n: #GP(EXT) if the offset of the gate is not within the code segment limit',
    mend: (c, o) => {
      const offset = c.notes.get('offset');
      const late = arrived(c, o) || (isInterrupt(c) && wasPushing(c, o));
      if (late && typeof offset === 'bigint' && offset > limitOf(handlerCode(c))) o.replace(refusedDelivery(c, 13));
    },
  },
  {
    name: 'an interrupt does not mark the segments that it loads accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      if (!arrived(c, o)) return;
      markAccessed(c, o, 'code');
      markInnerStack(c, o, handlerCode(c));
    },
  },
];

export const LEGACY_DEPARTURES: readonly Departure[] = [
  ...EVERYWHERE.slice(0, 2),
  ...WALKS,
  ...shared(SEGMENTS, 'LTR takes a null selector'),
  ...shared(
    RETURNS,
    'a return to a stack segment',
    'a return goes to an RIP',
    'a return does not mark',
    'a return to an outer level leaves',
  ),
  ...shared(CALLS, 'a JMP through a gate', 'a far JMP or CALL looks at the limit', 'a far JMP or CALL does not mark'),
  ...GATES,
  ...shared(INTERRUPTS, 'an exception while another'),
  ...DELIVERY,
];
