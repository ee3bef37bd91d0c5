/** In every kind of case. */
import { type Departure, isFault, isInterrupt, startCpl, moved } from './departure.ts';

const RF = 0x10000n;

export const EVERYWHERE: readonly Departure[] = [
  {
    name: 'the flags image of a fault has RF as it was',
    manual: 'SDM vol. 3B, 17.3.1.1: for every fault but an instruction breakpoint the pushed RF is 1',
    mend: (c, o) => {
      if (isFault(c, o)) o.set('rflags', o.get('rflags') | RF);
    },
  },
  {
    name: 'software interrupts and single steps push an RF that was loaded before them',
    manual:
      'SDM vol. 3B, 17.3.1.1: an instruction that succeeds clears RF, and a software interrupt does so as it starts',
    mend: (c, o) => {
      if (!isFault(c, o)) o.set('rflags', o.get('rflags') & ~RF);
    },
  },
  {
    name: 'an IST stack without a change of CPL makes SS null',
    manual: 'SDM vol. 3A, 6.14.4: SS becomes null with the new RPL on a change of privilege level, which there is none',
    mend: (c, o) => {
      // A handler that itself was interrupted at the level of the case.
      const within = isInterrupt(c) && moved(c, o) && (o.get('cs') & 3n) === startCpl(c);
      if (within && o.get('ss') < 4n) o.set('ss', c.start('ss'));
      if ((o.get('handlerCs') & 3n) === (o.get('cs') & 3n)) o.set('handlerSs', o.get('ss'));
    },
  },
];
