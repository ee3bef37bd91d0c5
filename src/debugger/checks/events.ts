/** Clauses that count what happened. */
import { vectorName } from '../../cpu/fault.ts';
import type { Clause, EventFilter } from '../../lessons/language/checks.ts';
import { hexText, valueOfTerm } from '../lessons/values.ts';
import type { Session } from '../session.ts';
import { compares, comparison } from './compare.ts';
import { failed, passed, type Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';

type Of<Kind extends Clause['kind']> = Extract<Clause, { readonly kind: Kind }>;

function nameOf(event: EventFilter): string {
  switch (event.kind) {
    case 'syscall':
      return event.number === null ? 'SYSCALL' : `SYSCALL with RAX = ${event.number}`;
    case 'exception':
      return event.vector === null ? 'exception' : vectorName(event.vector);
    case 'sysret':
      return 'SYSRET to ring 3';
    case 'iret':
      return 'IRET to ring 3';
    case 'interrupt':
      return 'interrupt';
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Counts matching events; the first of them is where to look. */
class Counter implements Watch {
  private count = 0;
  private first: number | null = null;
  private last = '';
  protected readonly session: Session;
  private readonly clause: Of<'count'>;

  constructor(session: Session, clause: Of<'count'>) {
    this.session = session;
    this.clause = clause;
  }
  protected hit(at: number, what: string): void {
    this.count += 1;
    this.first ??= at;
    this.last = what;
  }

  verdict(): Verdict {
    const { event, operator, value } = this.clause;
    const { count, first } = this;
    const what = nameOf(event);
    const seen = count === 0 ? `No ${what} has been seen` : `${this.last || what}: ${times(count)}`;
    if (compares(count, operator, value)) return passed(`${seen}.`, first);
    if (operator === '=' && value === 0) return failed(`${seen}, and there should be none.`, first);
    return failed(`${seen}; wanted ${operator} ${value}.`, first);
  }
}

class SyscallCounter extends Counter {
  private readonly filter: EventFilter & { readonly kind: 'syscall' };
  constructor(session: Session, clause: Of<'count'>, filter: EventFilter & { readonly kind: 'syscall' }) {
    super(session, clause);
    this.filter = filter;
  }
  syscall(number: bigint, at: number): undefined {
    if (matches(this.session, this.filter, number)) this.hit(at, `SYSCALL with RAX = ${number}`);
  }
}

function matches(session: Session, filter: EventFilter & { readonly kind: 'syscall' }, number: bigint): boolean {
  if (filter.number !== null && filter.number !== number) return false;
  return filter.with.every((wanted) => comparison(session, wanted).holds);
}

class ExceptionCounter extends Counter {
  private readonly filter: EventFilter & { readonly kind: 'exception' };
  private readonly at: bigint | null;
  private readonly address: bigint | null;
  constructor(session: Session, clause: Of<'count'>, filter: EventFilter & { readonly kind: 'exception' }) {
    super(session, clause);
    this.filter = filter;
    this.at = filter.at && valueOfTerm(session, filter.at);
    this.address = filter.address && valueOfTerm(session, filter.address);
  }
  exception(...[fault, place]: Parameters<NonNullable<Watch['exception']>>): void {
    const { vector, error, ring } = this.filter;
    if (vector !== null && fault.vector !== vector) return;
    if (error !== null && BigInt(fault.errorCode ?? -1) !== error) return;
    if (this.at !== null && place.rip !== this.at) return;
    if (this.address !== null && fault.linear !== this.address) return;
    if (ring !== null && place.cpl !== ring) return;
    const code = fault.errorCode === null ? '' : ` with error ${hexText(BigInt(fault.errorCode))}`;
    this.hit(place.at, `${fault.name}${code} in ring ${place.cpl}`);
  }
}

class CrossingCounter extends Counter {
  private readonly kind: string;
  constructor(session: Session, clause: Of<'count'>) {
    super(session, clause);
    this.kind = clause.event.kind;
  }
  crossing(...[item]: Parameters<NonNullable<Watch['crossing']>>): void {
    if (item.kind === this.kind) this.hit(item.count, '');
  }
}

export function countWatch(session: Session, clause: Of<'count'>): Watch {
  const { event } = clause;
  if (event.kind === 'syscall') return new SyscallCounter(session, clause, event);
  if (event.kind === 'exception') return new ExceptionCounter(session, clause, event);
  return new CrossingCounter(session, clause);
}

/** "syscall 1 returned 9": some call of that kind came back with such a RAX. */
export function returnedWatch(session: Session, { event, operator, value }: Of<'returned'>): Watch {
  let verdict = failed(`No ${nameOf(event)} has come back yet.`);
  return {
    syscall: (number) => (event.kind === 'syscall' && matches(session, event, number) ? true : undefined),
    returned(_, { at, number }) {
      if (verdict.passed) return;
      const result = valueOfTerm(session, { kind: 'register', name: 'rax' });
      const why = `SYSCALL with RAX = ${number} came back with RAX = ${BigInt.asIntN(64, result)}`;
      const wanted = valueOfTerm(session, value);
      // Results are signed: minus an error code.
      const holds = compares(BigInt.asIntN(64, result), operator, BigInt.asIntN(64, wanted));
      verdict = holds ? passed(`${why}.`, at) : failed(`${why}; wanted ${operator} ${BigInt.asIntN(64, wanted)}.`, at);
    },
    verdict: () => verdict,
  };
}

/** "rings go 3, 0, 3". */
export function pathWatch({ rings }: Of<'path'>): Watch {
  let seen: number[] = [];
  let found: number | null = null;
  const ends = (): boolean => seen.length === rings.length && rings.every((ring, n) => seen[n] === ring);
  return {
    crossing({ from, to, kind, count }) {
      if (found !== null || kind === 'reset' || from === to) return;
      if (seen.length === 0) seen = [from];
      seen = [...seen, to].slice(-rings.length);
      if (ends()) found = count;
    },
    verdict() {
      const way = rings.join(', ');
      if (found !== null) return passed(`The rings went ${way}.`, found);
      return failed(`The rings have not gone ${way} one after the other yet.`);
    },
  };
}

export function tripleFaultVerdict(session: Session, { wanted }: Of<'triple-fault'>): Verdict {
  const { machine } = session;
  const happened = machine.cpu.shutdown;
  const why = happened ? 'The CPU has shut down after a triple fault' : 'There has been no triple fault';
  return happened === wanted ? passed(`${why}.`, happened ? machine.retired : null) : failed(`${why}.`);
}
