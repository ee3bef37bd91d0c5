/** What a departure is, and what several of them ask of a case and its record. */
import { FIRST_WATCH, NO_ERROR, type Outcome } from '../record.ts';
import type { TestCase } from '../testCase.ts';

/**
 * A place where QEMU 7.2 does not do what the manual says. It rewrites QEMU's record into what the manual asks for; our
 * machine is then held to that.
 */
export interface Departure {
  /** What QEMU does. */
  readonly name: string;
  /** What the manual says, and where. */
  readonly manual: string;
  /** Rewrites QEMU's record where the departure shows. */
  readonly mend: (c: TestCase, theirs: Outcome) => void;
}

export const PAGE_FAULT = 14n;
/** #DE, #BR, #UD, #NM, #TS, #NP, #SS, #GP, #PF, #AC. */
const FAULTS: ReadonlySet<bigint> = new Set([0n, 5n, 6n, 7n, 10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);
const WITH_ERROR: ReadonlySet<bigint> = new Set([10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);
/** #DE, #TS, #NP, #SS and #GP. */
export const CONTRIBUTORY: ReadonlySet<bigint> = new Set([0n, 10n, 11n, 12n, 13n]);
const ACCESSED = 1n << 40n;

/** True when the record is of a fault, not of an INT n with the same vector. */
export function isFault(c: TestCase, o: Outcome): boolean {
  const vector = o.get('vector');
  if (!FAULTS.has(vector)) return false;
  return WITH_ERROR.has(vector) ? o.get('error') !== NO_ERROR : c.notes.get('software') !== Number(vector);
}

/** True when the case's instruction has a name that begins so. */
export const begins = (c: TestCase, name: string): boolean => String(c.notes.get('instruction') ?? '').startsWith(name);
export const isNamed = (c: TestCase, name: string): boolean => c.notes.get('instruction') === name;
export const isReturn = (c: TestCase): boolean => begins(c, 'iret') || begins(c, 'retf');
export const isFarJump = (c: TestCase): boolean => begins(c, 'callf') || begins(c, 'jmpf');
export const isInterrupt = (c: TestCase): boolean => c.notes.has('gate') && c.notes.has('vector');
export const startCpl = (c: TestCase): bigint => c.start('cs') & 3n;
/** The selector a case is about, as an error code. */
export const errorOf = (c: TestCase): number => Number(c.notes.get('selector') ?? 0) & 0xfffc;
/** True when the case got beyond its first instruction. */
export const moved = (c: TestCase, o: Outcome): boolean => o.get('rip') !== c.start('rip');

/** Sets the accessed bit in the watched descriptors of these names. */
export function markAccessed(c: TestCase, o: Outcome, ...names: string[]): void {
  c.watches.forEach(({ name }, i) => {
    if (names.includes(name)) o.setWord(FIRST_WATCH + i, o.watch(i) | ACCESSED);
  });
}

/** QEMU's record as the manual wants it, and the names of the departures that changed it, undone in their order. */
export function mended(
  departures: readonly Departure[],
  c: TestCase,
  theirs: Outcome,
): { outcome: Outcome; used: string[] } {
  const outcome = theirs.copy();
  const used: string[] = [];
  for (const { name, mend } of departures) {
    const before = outcome.copy();
    mend(c, outcome);
    if (!outcome.equals(before)) used.push(name);
  }
  return { outcome, used };
}
