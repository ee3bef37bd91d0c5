/** IRET and far RET. */
import type { Outcome } from '../record.ts';
import { refusal } from '../refusal.ts';
import { allows, descriptorAt, isCode, isDefault32, isLongCode, isPresent } from '../tables.ts';
import type { TestCase } from '../testCase.ts';
import { type Departure, begins, isReturn, startCpl, moved, markAccessed } from './departure.ts';

const NT = 0x4000n;

const csOf = (c: TestCase): number => Number(c.notes.get('cs') ?? 0);
const isNested = (c: TestCase): boolean => begins(c, 'iret') && (c.start('rflags') & NT) !== 0n;
/** True when a return that was made took SS from its frame. */
const loadsStack = (c: TestCase, o: Outcome): boolean =>
  (o.get('cs') & 3n) > startCpl(c) || (c.notes.get('mode') === '64' && begins(c, 'iret'));

export const RETURNS: readonly Departure[] = [
  {
    name: 'a return takes code with both L and D',
    manual:
      'SDM vol. 2A, IRET, and 2B, RET: in IA-32e mode #GP(selector) if L = 1 and D = 1 in the return code segment',
    mend: (c, o) => {
      const code = descriptorAt(c, csOf(c));
      if (!isReturn(c) || isNested(c) || csOf(c) < 4 || code === undefined || !isCode(code)) return;
      if (BigInt(csOf(c) & 3) < startCpl(c) || !isLongCode(code) || !isDefault32(code)) return;
      o.replace(refusal(c, 13, csOf(c) & 0xfffc));
    },
  },
  {
    name: 'a return to a stack segment that is not present raises #NP',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: #SS(selector) if the stack segment is not present',
    mend: (c, o) => {
      const code = descriptorAt(c, csOf(c)) ?? 0n;
      const error = BigInt(Number(c.notes.get('ss') ?? 0) & 0xfffc);
      const aboutStack = o.get('vector') === 11n && o.get('error') === error && isPresent(code);
      if (isReturn(c) && aboutStack && !moved(c, o)) o.replace(refusal(c, 12, Number(error)));
    },
  },
  {
    name: 'a return takes a null SS with any RPL, and in compatibility mode, below CPL 3',
    manual:
      'SDM vol. 2A, IRET: #GP(0) for a null SS unless it goes to 64-bit mode, not to CPL 3, and its RPL is the new CPL',
    mend: (c, o) => {
      const ss = BigInt(c.notes.get('ss') ?? 0);
      if (!isReturn(c) || !moved(c, o) || !loadsStack(c, o) || ss > 3n) return;
      const code = descriptorAt(c, csOf(c));
      const fine = code !== undefined && isLongCode(code) && (o.get('cs') & 3n) === ss;
      if (!fine) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a return goes to an RIP that is outside its segment, or not canonical',
    manual:
      'SDM vol. 2A, IRET, and 2B, RET: #GP(0) if the return instruction pointer is not within the limit or not canonical',
    mend: (c, o) => {
      if (c.notes.get('virtual') === true) return;
      const width = /^(?:iret|retf)(\d+)/.exec(String(c.notes.get('instruction')))?.[1];
      if (width === undefined || !moved(c, o)) return;
      const code = descriptorAt(c, csOf(c));
      const rip = BigInt.asUintN(Number(width), BigInt(c.notes.get('rip') ?? 0));
      if (code !== undefined && !allows(code, rip)) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a return does not mark the descriptors it loads accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      if (!isReturn(c) || !moved(c, o)) return;
      const withStack = loadsStack(c, o);
      markAccessed(c, o, 'code', ...(withStack ? ['stack'] : []));
    },
  },
  {
    name: 'a return to an outer level leaves a null selector its RPL in FS and GS',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: every null selector in ES, FS, GS and DS becomes 0',
    mend: (c, o) => {
      if (!isReturn(c) || c.notes.get('virtual') === true || (o.get('cs') & 3n) <= startCpl(c)) return;
      for (const name of ['fs', 'gs'] as const) if (o.get(name) < 4n) o.set(name, 0n);
    },
  },
  {
    name: 'a segment register that a return to an outer level makes null keeps its base',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: the hidden part becomes that of a null selector, whose base is 0',
    mend: (c, o) => {
      if (!isReturn(c) || c.notes.get('virtual') === true) return;
      if (c.start('fs') >= 4n && o.get('fs') === 0n) o.set('fsBase', 0n);
      if (c.start('gs') >= 4n && o.get('gs') === 0n) o.set('gsBase', 0n);
    },
  },
];
