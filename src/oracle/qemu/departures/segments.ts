/** Segment loads and looks at descriptors. */
import type { Outcome } from '../record.ts';
import { refusal } from '../refusal.ts';
import type { TestCase } from '../testCase.ts';
import { type Departure, begins, startCpl, errorOf } from './departure.ts';

const ZF = 0x40n;

const systemType = (c: TestCase): number => Number(BigInt(c.notes.get('descriptor') ?? 0) >> 40n) & 0x1f;
const took = (c: TestCase, o: Outcome, field: 'tr' | 'ldtr'): boolean =>
  o.get('vector') === 3n && (o.get(field) !== c.start(field) || errorOf(c) === 0);
function goodTop(c: TestCase): boolean {
  const top = BigInt(c.notes.get('upper half') ?? 0);
  const base = BigInt.asIntN(32, top);
  return ((top >> 40n) & 0x1fn) === 0n && base >> 15n === (base < 0n ? -1n : 0n);
}

export const SEGMENTS: readonly Departure[] = [
  {
    name: 'LGS and LSS with REX.W load a pointer of 32 bits',
    manual: 'SDM vol. 2A, LDS/LES/LFS/LGS/LSS: with REX.W the memory operand is m16:64',
    mend: (c, o) => {
      const wide = c.notes.get('wide pointer');
      if (typeof wide === 'bigint' && o.get('vector') === 3n) o.set('rcx', wide);
    },
  },
  {
    name: 'LTR takes a 16-bit TSS in IA-32e mode',
    manual: 'SDM vol. 3A, table 3-2: in IA-32e mode types 1 and 3 are reserved; LTR raises #GP(selector) for no TSS',
    mend: (c, o) => {
      const absent = o.get('vector') === 11n && o.get('error') === BigInt(errorOf(c));
      if (begins(c, 'ltr') && (absent || took(c, o, 'tr')) && systemType(c) === 1)
        o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'LTR takes a null selector',
    manual: 'SDM vol. 2A, LTR: #GP(0) if the source operand is a null selector',
    mend: (c, o) => {
      if (begins(c, 'ltr') && took(c, o, 'tr') && errorOf(c) === 0) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a null selector in SS may have any RPL below CPL 3',
    manual: 'SDM vol. 2B, MOV: #GP(0) for a null SS in 64-bit mode if CPL = 3, or if CPL < 3 and CPL and RPL differ',
    mend: (c, o) => {
      const selector = BigInt(c.notes.get('selector') ?? 0);
      const loadsSs = c.notes.get('segment') === 'ss' && errorOf(c) === 0 && c.notes.get('mode') === '64';
      if (loadsSs && o.get('vector') === 3n && (selector & 3n) !== startCpl(c)) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'LLDT and LTR look at no more than the base in the upper half of a descriptor',
    manual:
      'SDM vol. 3A, 3.5.2 and 3.3.7.1: bits 12:8 of the third dword are 0 and the base is canonical, else #GP(selector)',
    mend: (c, o) => {
      const taken = (begins(c, 'ltr') && took(c, o, 'tr')) || (begins(c, 'lldt') && took(c, o, 'ldtr'));
      if (taken && errorOf(c) !== 0 && !goodTop(c)) o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'LAR and LSL know 16-bit system types in IA-32e mode',
    manual: 'SDM vol. 2A, LAR and LSL, tables of types: in IA-32e mode LDT, 64-bit TSS and, for LAR, 64-bit call gate',
    mend: (c, o) => {
      if (!(begins(c, 'lar') || begins(c, 'lsl')) || o.get('vector') !== 3n || errorOf(c) === 0) return;
      if (![1, 3, 4, 5].includes(systemType(c)) || o.get('rcx') === c.start('rcx')) return;
      o.set('rcx', c.start('rcx'));
      // In 32-bit code INC has overwritten ZF by now.
      if (c.notes.get('mode') !== '64') return;
      o.set('rflags', o.get('rflags') & ~ZF);
      o.set('handlerFlags', o.get('handlerFlags') & ~ZF);
    },
  },
];
