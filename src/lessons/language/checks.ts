/**
 * The language of tasks: what must be true of a machine's history. README.md lists its sentences. This file only reads
 * them; `src/debugger/checks` looks whether they hold.
 */
import { LanguageError } from '../problem.ts';
import { type Operator, Reader } from './reader.ts';
import { readTerm, registerName, type Term } from './terms.ts';

export interface Comparison {
  readonly left: Term;
  readonly operator: Operator;
  readonly right: Term;
}

export type EventFilter =
  | {
      readonly kind: 'syscall';
      /** RAX at the SYSCALL; null for any. */
      readonly number: bigint | null;
      readonly with: readonly Comparison[];
    }
  | {
      readonly kind: 'exception';
      readonly vector: number | null;
      readonly error: bigint | null;
      /** RIP of the instruction. */
      readonly at: Term | null;
      /** Linear address of a page fault. */
      readonly address: Term | null;
      readonly ring: number | null;
    }
  | { readonly kind: 'sysret' | 'iret' | 'interrupt' };

export type Clause =
  | { readonly kind: 'stop'; readonly comparison: Comparison }
  | { readonly kind: 'micro-steps'; readonly operator: Operator; readonly value: number }
  /** Mnemonic of the instruction at RIP, without its suffix. */
  | { readonly kind: 'next'; readonly instruction: string }
  | { readonly kind: 'count'; readonly event: EventFilter; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'returned'; readonly event: EventFilter; readonly operator: Operator; readonly value: Term }
  | { readonly kind: 'output'; readonly contains: boolean; readonly text: string }
  | { readonly kind: 'triple-fault'; readonly wanted: boolean }
  | { readonly kind: 'writes'; readonly ring: number; readonly never: boolean; readonly address: Term }
  | { readonly kind: 'reaches'; readonly ring: number; readonly never: boolean; readonly address: Term }
  | { readonly kind: 'register'; readonly name: string; readonly changed: boolean }
  | { readonly kind: 'msr'; readonly name: string; readonly changed: boolean }
  | { readonly kind: 'path'; readonly rings: readonly number[] }
  | { readonly kind: 'edited'; readonly target: Term }
  | {
      readonly kind: 'instructions';
      readonly ring: number | null;
      readonly operator: Operator;
      readonly value: number;
    };

/** All of its clauses must hold. Each has the words it was written in, for messages. */
export interface Check {
  readonly clauses: readonly (Clause & { readonly words: string })[];
}

const SENTENCES =
  'A check begins with: at stop, syscall, sysret, iret, interrupt, exception, no, output, triple fault, cpl0, cpl3, register, msr, rings, edited, instructions.';

const EXCEPTIONS = '#DE #DB NMI #BP #OF #BR #UD #NM #DF - #TS #NP #SS #GP #PF - #MF #AC #MC #XM'.split(' ');

function readVector(reader: Reader): number | null {
  const { kind, text } = reader.next;
  if (kind === 'number') return reader.count('A vector', 255);
  if (kind !== 'word' || !text.startsWith('#')) return null;
  const vector = EXCEPTIONS.indexOf(text.toUpperCase());
  if (vector < 0) throw reader.wrong('Expected an exception', 'A number, or a name such as #PF.');
  reader.take();
  return vector;
}

function readRing(reader: Reader): number {
  const { at, length } = reader.next;
  const ring = reader.count('A ring', 3);
  if (ring === 1 || ring === 2) throw new LanguageError('Nothing runs in rings 1 and 2', at, length, 'Write 0 or 3.');
  return ring;
}

function comparison(reader: Reader): Comparison {
  const left = readTerm(reader);
  return { left, operator: reader.expectOperator(), right: readTerm(reader) };
}

function syscallFilter(reader: Reader): EventFilter {
  const number = reader.next.kind === 'number' ? reader.number('its number') : null;
  const withs: Comparison[] = [];
  if (reader.word('with') !== undefined) {
    do withs.push(comparison(reader));
    while (reader.sign(','));
  }
  return { kind: 'syscall', number, with: withs };
}

function exceptionFilter(reader: Reader): EventFilter {
  const vector = readVector(reader);
  let [error, at, address, ring]: [bigint | null, Term | null, Term | null, number | null] = [null, null, null, null];
  for (;;) {
    if (reader.word('with') !== undefined) {
      if (reader.word('error') === undefined) throw reader.wrong('Expected error');
      error = reader.number('an error code');
    } else if (reader.word('at') !== undefined) at = readTerm(reader, 'an address');
    else if (reader.word('address') !== undefined) address = readTerm(reader, 'an address');
    else if (reader.word('in') !== undefined) {
      if (reader.word('ring', 'cpl') === undefined) throw reader.wrong('Expected ring');
      ring = readRing(reader);
    } else return { kind: 'exception', vector, error, at, address, ring };
  }
}

function eventFilter(reader: Reader): EventFilter | undefined {
  switch (reader.word('syscall', 'exception', 'sysret', 'iret', 'interrupt')) {
    case 'syscall':
      return syscallFilter(reader);
    case 'exception':
      return exceptionFilter(reader);
    case 'sysret':
      return { kind: 'sysret' };
    case 'iret':
      return { kind: 'iret' };
    case 'interrupt':
      return { kind: 'interrupt' };
    default:
      return undefined;
  }
}

function happened(reader: Reader, event: EventFilter): Clause {
  if (event.kind === 'syscall' && reader.word('returned', 'returns') !== undefined) {
    return { kind: 'returned', event, operator: reader.operator() ?? '=', value: readTerm(reader) };
  }
  if (reader.word('count') === undefined) return { kind: 'count', event, operator: '>=', value: 1 };
  return { kind: 'count', event, operator: reader.expectOperator(), value: reader.count('A count') };
}

function absent(reader: Reader): Clause {
  if (reader.word('triple') !== undefined) return tripleFault(reader, false);
  const event = eventFilter(reader);
  if (event === undefined) throw reader.wrong('Expected an event after no', 'For instance: no exception #GP.');
  return { kind: 'count', event, operator: '=', value: 0 };
}

function tripleFault(reader: Reader, wanted: boolean): Clause {
  if (reader.word('fault') === undefined) throw reader.wrong('Expected fault after triple');
  return { kind: 'triple-fault', wanted };
}

function stop(reader: Reader): Clause {
  if (reader.word('stop') === undefined) throw reader.wrong('Expected stop after at');
  reader.sign(':');
  if (reader.word('next') !== undefined) {
    reader.word('instruction');
    if (reader.word('is') === undefined && !reader.sign('=')) throw reader.wrong('Expected is');
    const { kind, text } = reader.next;
    if (kind !== 'word') throw reader.wrong('Expected an instruction', 'For instance: next instruction is sysret.');
    reader.take();
    return { kind: 'next', instruction: text.toLowerCase() };
  }
  if (reader.word('micro-steps') !== undefined) {
    return {
      kind: 'micro-steps',
      operator: reader.expectOperator(),
      value: reader.count('A number of micro-steps', 1000),
    };
  }
  return { kind: 'stop', comparison: comparison(reader) };
}

function ringDoes(reader: Reader, ring: number): Clause {
  const never = reader.word('never') !== undefined;
  if (reader.word('writes', 'wrote', 'write') !== undefined) {
    reader.word('page');
    return { kind: 'writes', ring, never, address: readTerm(reader, 'an address in the page') };
  }
  if (reader.word('reaches', 'reached', 'reach') !== undefined) {
    return { kind: 'reaches', ring, never, address: readTerm(reader, 'an address') };
  }
  throw reader.wrong('Expected writes page or reaches', 'For instance: cpl3 never writes page 0xffff800000000000.');
}

function change(reader: Reader): boolean {
  const found = reader.word('changed', 'unchanged');
  if (found === undefined) throw reader.wrong('Expected changed or unchanged');
  return found === 'changed';
}

function registerClause(reader: Reader): Clause {
  const name = registerName(reader.next.text);
  if (name === undefined || name.startsWith('IA32_')) throw reader.wrong('Expected a register', 'For instance RSP.');
  reader.take();
  const changed = change(reader);
  if (reader.word('over') === undefined || reader.word('syscall') === undefined) {
    throw reader.wrong('Expected over syscall', 'For instance: register RSP unchanged over syscall.');
  }
  return { kind: 'register', name, changed };
}

function msrClause(reader: Reader): Clause {
  const name = registerName(reader.next.text);
  if (!name?.startsWith('IA32_')) throw reader.wrong('Expected an MSR', 'For instance IA32_LSTAR.');
  reader.take();
  return { kind: 'msr', name, changed: change(reader) };
}

function path(reader: Reader): Clause {
  if (reader.word('go') === undefined) throw reader.wrong('Expected go after rings');
  const rings: number[] = [];
  do rings.push(readRing(reader));
  while (reader.sign(','));
  if (rings.length > 64) throw reader.wrong('At most 64 rings');
  return { kind: 'path', rings };
}

function output(reader: Reader): Clause {
  const verb = reader.word('contains', 'lacks');
  if (verb === undefined) throw reader.wrong('Expected contains or lacks');
  const { at, length } = reader.next;
  const text = reader.string('a text');
  if (text === '') throw new LanguageError('An empty text is in every output', at, length);
  return { kind: 'output', contains: verb === 'contains', text };
}

function instructions(reader: Reader): Clause {
  const inRing = reader.word('in') !== undefined;
  if (inRing) reader.word('ring', 'cpl');
  const ring = inRing ? readRing(reader) : null;
  return { kind: 'instructions', ring, operator: reader.expectOperator(), value: reader.count('A count', 2 ** 50) };
}

function edited(reader: Reader): Clause {
  const { at, length } = reader.next;
  const target = readTerm(reader, 'what was edited');
  if (target.kind === 'number' || target.kind === 'symbol' || ('part' in target && target.part !== undefined)) {
    throw new LanguageError('Expected a register, an MSR, gdt[SELECTOR] or qword[ADDRESS]', at, length);
  }
  return { kind: 'edited', target };
}

function clause(reader: Reader): Clause {
  const event = eventFilter(reader);
  if (event !== undefined) return happened(reader, event);
  const ring = reader.word('cpl3', 'ring3') !== undefined ? 3 : reader.word('cpl0', 'ring0') !== undefined ? 0 : null;
  if (ring !== null) return ringDoes(reader, ring);
  switch (
    reader.word('at', 'no', 'output', 'triple', 'cpl', 'ring', 'register', 'msr', 'rings', 'edited', 'instructions')
  ) {
    case 'at':
      return stop(reader);
    case 'no':
      return absent(reader);
    case 'output':
      return output(reader);
    case 'triple':
      return tripleFault(reader, true);
    case 'cpl':
    case 'ring':
      return ringDoes(reader, readRing(reader));
    case 'register':
      return registerClause(reader);
    case 'msr':
      return msrClause(reader);
    case 'rings':
      return path(reader);
    case 'edited':
      return edited(reader);
    case 'instructions':
      return instructions(reader);
    default:
      throw reader.wrong('Expected a check', SENTENCES);
  }
}

const MAX_CLAUSES = 16;

/** Reads "clause and clause ...". Throws a LanguageError that says where and what. */
export function readCheck(text: string): Check {
  const reader = new Reader(text);
  const clauses: (Clause & { words: string })[] = [];
  do {
    if (clauses.length === MAX_CLAUSES) throw reader.wrong(`At most ${MAX_CLAUSES} clauses`);
    const first = reader.next;
    const read = clause(reader);
    clauses.push({ ...read, words: reader.since(first) });
  } while (reader.word('and') !== undefined);
  if (!reader.atEnd) throw reader.wrong('Expected and, or the end');
  return { clauses };
}
