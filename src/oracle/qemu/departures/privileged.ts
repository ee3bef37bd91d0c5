/** Privileged instructions. */
import { refusal } from '../refusal.ts';
import { isCanonical } from '../tables.ts';
import type { TestCase } from '../testCase.ts';
import { type Departure, begins, isNamed, startCpl } from './departure.ts';

const DE = 8n;
const AM = 0x40000n;
const AC = 0x40000n;
const STAR = 0xc0000081n;

/** DR4 and DR5 are DR6 and DR7 while CR4.DE is 0. */
const isNone = (c: TestCase): boolean => /%cr/.test(String(c.notes.get('instruction'))) || (c.start('cr4') & DE) !== 0n;

export const PRIVILEGED: readonly Departure[] = [
  {
    name: 'a control or debug register that is none is refused for its CPL first',
    manual:
      'SDM vol. 3A, table 6-2: #UD, found when the instruction is decoded, comes before what its execution raises',
    mend: (c, o) => {
      if (/%(?:cr[15]|dr[45])/.test(String(c.notes.get('instruction'))) && o.get('vector') === 13n && isNone(c))
        o.replace(refusal(c, 6, null));
    },
  },
  {
    name: 'there is no RDPMC',
    manual: 'SDM vol. 2B, RDPMC: #GP(0) if ECX names no counter',
    mend: (c, o) => {
      if (isNamed(c, 'rdpmc') && o.get('vector') === 6n) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'there is no #AC',
    manual:
      'SDM vol. 3A, 6.15, interrupt 17: #AC(0) for an unaligned access at CPL 3 with CR0.AM = 1 and RFLAGS.AC = 1',
    mend: (c, o) => {
      if (!begins(c, 'unaligned') || o.get('vector') !== 3n) return;
      const checked = startCpl(c) === 3n && (c.start('cr0') & AM) !== 0n && (c.start('rflags') & AC) !== 0n;
      if (checked) o.replace(refusal(c, 17, 0));
    },
  },
  {
    name: 'MSRs and WRGSBASE take addresses that are not canonical',
    manual: 'SDM vol. 2D, WRMSR and WRGSBASE: #GP(0) for an address that is not canonical',
    mend: (c, o) => {
      const written = c.notes.get('written');
      const star = c.start('rcx') === STAR && isNamed(c, 'wrmsr');
      if (typeof written !== 'bigint' || isCanonical(written) || o.get('vector') !== 3n || star) return;
      o.replace(refusal(c, 13, 0));
    },
  },
];
