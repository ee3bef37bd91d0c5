/**
 * Where QEMU 7.2 does not do what the manual says. Each departure rewrites QEMU's record into what the manual asks for;
 * our machine is then held to that. A departure that never rewrites anything has outlived its time.
 */
import { FIRST_WATCH, NO_ERROR, type Outcome } from './record.ts';
import type { TestCase } from './testCase.ts';

export interface Departure {
  /** What QEMU does. */
  readonly name: string;
  /** What the manual says, and where. */
  readonly manual: string;
  /** Rewrites QEMU's record where the departure shows. */
  readonly mend: (c: TestCase, theirs: Outcome) => void;
}

const RF = 0x10000n;
const ACCESSED = 0x20n;
const PAGE_FAULT = 14n;
const ERROR = { P: 1n, W: 2n, RSVD: 8n };
/** #DE, #BR, #UD, #NM, #TS, #NP, #SS, #GP, #PF, #AC. */
const FAULTS: ReadonlySet<bigint> = new Set([0n, 5n, 6n, 7n, 10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);
const WITH_ERROR: ReadonlySet<bigint> = new Set([10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);

/** True when the record is of a fault, not of an INT n with the same vector. */
function isFault(c: TestCase, o: Outcome): boolean {
  const vector = o.get('vector');
  if (!FAULTS.has(vector)) return false;
  return WITH_ERROR.has(vector) ? o.get('error') !== NO_ERROR : c.notes.get('software') !== Number(vector);
}

/** The value a case gave to a watched place. */
const initial = (c: TestCase, at: number): bigint | undefined => c.pokes.findLast((p) => p.at === at)?.value;

export const DEPARTURES: readonly Departure[] = [
  {
    name: 'the flags image of a fault has RF as it was',
    manual: 'SDM vol. 3B, 17.3.1.1: for every fault but an instruction breakpoint the pushed RF is 1',
    mend: (c, o) => {
      if (isFault(c, o)) o.set('rflags', o.get('rflags') | RF);
    },
  },
  {
    name: 'an IST stack without a change of CPL makes SS null',
    manual: 'SDM vol. 3A, 6.14.4: SS becomes null with the new RPL on a change of privilege level, which there is none',
    mend: (_c, o) => {
      if ((o.get('handlerCs') & 3n) === (o.get('cs') & 3n)) o.set('handlerSs', o.get('ss'));
    },
  },
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
        const before = initial(c, at) ?? 0n;
        o.setWord(FIRST_WATCH + i, (o.watch(i) & ~ACCESSED) | (before & ACCESSED));
      });
    },
  },
];

/** QEMU's record as the manual wants it, and the names of the departures that changed it. */
export function mended(c: TestCase, theirs: Outcome): { outcome: Outcome; used: string[] } {
  const outcome = theirs.copy();
  const used: string[] = [];
  for (const { name, mend } of DEPARTURES) {
    const before = outcome.copy();
    mend(c, outcome);
    if (!outcome.equals(before)) used.push(name);
  }
  return { outcome, used };
}
