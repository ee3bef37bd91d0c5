/** Page faults. */
import { FIRST_WATCH } from '../record.ts';
import { type Departure, PAGE_FAULT } from './departure.ts';

const ACCESSED = 0x20n;
const ERROR = { P: 1n, W: 2n, RSVD: 8n };

export const PAGING: readonly Departure[] = [
  {
    name: 'the error code of a reserved bit has P = 0',
    manual: 'SDM vol. 3A, 4.7: reserved bits are looked at in present entries only, so RSVD = 1 comes with P = 1',
    mend: (_c, o) => {
      const error = o.get('error');
      if (o.get('vector') === PAGE_FAULT && (error & ERROR.RSVD) !== 0n) o.set('error', error | ERROR.P);
    },
  },
  {
    name: 'an instruction that reads and writes memory may be refused as a read',
    manual: 'SDM vol. 3A, 4.7: W = 1 for a write; such an instruction is checked as one access before it does anything',
    mend: (c, o) => {
      if (o.get('vector') === PAGE_FAULT && c.notes.get('updates') === true) o.set('error', o.get('error') | ERROR.W);
    },
  },
  {
    name: 'an access that is refused marks the leaf of its page accessed',
    manual: 'SDM vol. 3A, 4.8: A is set in an entry that was used for a translation; a refused access has none',
    mend: (c, o) => {
      const linear = c.notes.get('linear');
      if (o.get('vector') !== PAGE_FAULT || typeof linear !== 'bigint') return;
      const distance = o.get('cr2') - linear;
      if (distance < 0n || distance > 8n) return;
      c.watches.forEach(({ at, name }, i) => {
        if (name !== c.notes.get('leaf')) return;
        const before = c.written(at) ?? 0n;
        o.setWord(FIRST_WATCH + i, (o.watch(i) & ~ACCESSED) | (before & ACCESSED));
      });
    },
  },
];
