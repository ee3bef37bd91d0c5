/** In every kind of case. */
import { FIRST_WATCH, NO_ERROR, type Outcome } from '../record.ts';
import type { TestCase } from '../testCase.ts';
import { type Departure, isFault, isInterrupt, startCpl, moved } from './departure.ts';

const RF = 0x10000n;

/** Sets RF of the flags image to 0 or 1, also where a case looks at the stack that the frame is on. */
function setResume(c: TestCase, o: Outcome, on: boolean): void {
  // In real-address mode the image has 16 bits.
  if ((c.start('cr0') & 1n) === 0n) return;
  const changed = (value: bigint): bigint => (on ? value | RF : value & ~RF);
  o.set('rflags', changed(o.get('rflags')));
  if (c.image.isLong) return;
  const at = Number(o.get('handlerRsp')) + (o.get('error') === NO_ERROR ? 8 : 12);
  c.watches.forEach((watch, i) => {
    const shift = BigInt(8 * (at - watch.at));
    if (shift !== 0n && shift !== 32n) return;
    const flags = (o.watch(i) >> shift) & 0xffffffffn;
    o.setWord(FIRST_WATCH + i, (o.watch(i) & ~(0xffffffffn << shift)) | (changed(flags) << shift));
  });
}

export const EVERYWHERE: readonly Departure[] = [
  {
    name: 'the flags image of a fault has RF as it was',
    manual: 'SDM vol. 3B, 17.3.1.1: for every fault but an instruction breakpoint the pushed RF is 1',
    mend: (c, o) => {
      if (isFault(c, o)) setResume(c, o, true);
    },
  },
  {
    name: 'software interrupts and single steps push an RF that was loaded before them',
    manual:
      'SDM vol. 3B, 17.3.1.1: an instruction that succeeds clears RF, and a software interrupt does so as it starts',
    mend: (c, o) => {
      if (!isFault(c, o)) setResume(c, o, false);
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
