/** Clauses about what was written, reached, kept and changed. */
import type { Clause } from '../../lessons/language/checks.ts';
import { hexText, textOfTerm, valueOfTerm } from '../lessons/values.ts';
import type { Session } from '../session.ts';
import { failed, passed, type Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';

type Of<Kind extends Clause['kind']> = Extract<Clause, { readonly kind: Kind }>;

export const inRing = (ring: number): string => `Ring ${ring}`;

/** "cpl3 never writes page X", "cpl0 writes page X". */
export function writeWatch(session: Session, { ring, never, address }: Of<'writes'>): Watch {
  const page = valueOfTerm(session, address) & ~0xfffn;
  let first: { readonly rip: bigint; readonly at: number } | null = null;
  return {
    page,
    written({ rip, cpl, at }) {
      if (cpl === ring) first ??= { rip, at };
    },
    verdict(): Verdict {
      if (first === null) {
        const why = `${inRing(ring)} has never written the page at ${hexText(page)}.`;
        return never ? passed(why) : failed(why);
      }
      const place = session.names([first.rip])[0] ?? hexText(first.rip);
      const why = `${inRing(ring)} wrote the page at ${hexText(page)}: the instruction at ${place}.`;
      return never ? failed(why, first.at) : passed(why, first.at);
    },
  };
}

/** "cpl0 reaches syscall_entry". */
export function reachWatch(session: Session, { ring, never, address }: Of<'reaches'>): Watch {
  const place = valueOfTerm(session, address);
  let first: number | null = null;
  return {
    place,
    arrived(cpl, at) {
      if (cpl === ring) first ??= at;
    },
    verdict(): Verdict {
      const name = textOfTerm(address);
      if (first === null) {
        const why = `${inRing(ring)} has not come to ${name}.`;
        return never ? passed(why) : failed(why);
      }
      const why = `${inRing(ring)} came to ${name}.`;
      return never ? failed(why, first) : passed(why, first);
    },
  };
}

/** "register RSP unchanged over syscall": from before a SYSCALL in ring 3 to the instruction behind it. */
export function registerWatch(session: Session, { name, changed }: Of<'register'>): Watch {
  const read = (): bigint => valueOfTerm(session, { kind: 'register', name });
  let calls = 0;
  let change: { readonly at: number; readonly why: string } | null = null;
  return {
    syscall: () => read(),
    returned(before, { at }) {
      calls += 1;
      const after = read();
      if (after === before || change !== null) return;
      change = { at, why: `${name.toUpperCase()} was ${hexText(before as bigint)} and is ${hexText(after)} after it` };
    },
    verdict(): Verdict {
      if (calls === 0) return failed('No SYSCALL of ring 3 has come back yet.');
      if (change !== null) return changed ? passed(`${change.why}.`, change.at) : failed(`${change.why}.`, change.at);
      const why = `${name.toUpperCase()} is the same after each of ${calls} system calls.`;
      return changed ? failed(why) : passed(why);
    },
  };
}

/** "msr IA32_LSTAR unchanged": since ring 3 ran first. */
export function msrWatch(session: Session, { name, changed }: Of<'msr'>): Watch {
  const read = (): bigint => valueOfTerm(session, { kind: 'register', name });
  const { cpu } = session.machine;
  let before: bigint | null = null;
  let change: { readonly at: number; readonly why: string } | null = null;
  const look = (at: number): void => {
    if (before === null) {
      if (cpu.cpl === 3) before = read();
      return;
    }
    const now = read();
    if (now !== before) change ??= { at, why: `${name} went from ${hexText(before)} to ${hexText(now)}` };
  };
  return {
    routine: look,
    verdict(): Verdict {
      look(session.machine.retired);
      if (before === null) return failed('Ring 3 has not run yet.');
      if (change !== null) return changed ? passed(`${change.why}.`, change.at) : failed(`${change.why}.`, change.at);
      const why = `${name} is as it was when ring 3 began: ${hexText(before)}.`;
      return changed ? failed(why) : passed(why);
    },
  };
}
