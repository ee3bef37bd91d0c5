/** The language of steps: what a lesson has the machine do. README.md lists it; `src/debugger/lessons` does it. */
import { LanguageError } from '../problem.ts';
import { Reader } from './reader.ts';
import { readTerm, type Term } from './terms.ts';

/** Where a run stops: before an instruction, at a symbol, after an exception or a change of ring. */
export type RunPlace =
  | { readonly kind: 'ring-change' }
  | { readonly kind: 'exception'; readonly vector: number | null }
  | { readonly kind: 'instruction'; readonly mnemonic: string }
  | { readonly kind: 'address'; readonly term: Term };

export const BACK_PLACES = ['syscall', 'sysret', 'ring-change', 'exception', 'interrupt', 'output', 'start'] as const;
export type BackPlace = (typeof BACK_PLACES)[number];

export type Action =
  | { readonly kind: 'step' | 'micro-step' | 'over' | 'step-back'; readonly times: number }
  /** To the end when there is no place. */
  | { readonly kind: 'run'; readonly to: RunPlace | null }
  | { readonly kind: 'back'; readonly to: BackPlace }
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'set'; readonly target: Term; readonly value: Term };

const MAX_TIMES = 1000;
const MAX_ACTIONS = 64;
/** Instructions that can be run to, by the name of their micro-steps or of an exit from a program. */
export const RUN_TO = ['syscall', 'sysret', 'iret', 'int', 'callf', 'hlt', 'wrmsr', 'swapgs'] as const;
const VERBS =
  'Write step, micro-step, over, step-back, run, run to PLACE, back to PLACE, type "TEXT" or set X = VALUE.';

function runPlace(reader: Reader): RunPlace {
  if (reader.word('ring-change') !== undefined) return { kind: 'ring-change' };
  if (reader.word('exception') !== undefined) {
    return { kind: 'exception', vector: reader.next.kind === 'number' ? reader.count('A vector', 255) : null };
  }
  const mnemonic = reader.word(...RUN_TO);
  if (mnemonic !== undefined) return { kind: 'instruction', mnemonic };
  return { kind: 'address', term: readTerm(reader, 'a place') };
}

function backPlace(reader: Reader): BackPlace {
  const { text } = reader.next;
  const found = BACK_PLACES.find((place) => place === text.toLowerCase());
  if (found === undefined) throw reader.wrong('Expected a place to go back to', `One of ${BACK_PLACES.join(', ')}.`);
  reader.take();
  return found;
}

function set(reader: Reader): Action {
  const { at, length } = reader.next;
  const target = readTerm(reader, 'what to set');
  if (target.kind === 'number' || target.kind === 'symbol') {
    throw new LanguageError('This cannot be set', at, length, 'A register, an MSR, gdt[20h] or qword[ADDRESS].');
  }
  if (!reader.sign('=')) throw reader.wrong('Expected = VALUE');
  return { kind: 'set', target, value: readTerm(reader) };
}

function action(reader: Reader): Action {
  const verb = reader.word('step', 'micro-step', 'over', 'step-back', 'run', 'back', 'type', 'set');
  switch (verb) {
    case 'step':
    case 'micro-step':
    case 'over':
    case 'step-back':
      return { kind: verb, times: reader.next.kind === 'number' ? reader.count('How often', MAX_TIMES) : 1 };
    case 'run':
      return { kind: 'run', to: reader.word('to') === undefined ? null : runPlace(reader) };
    case 'back':
      if (reader.word('to') === undefined) throw reader.wrong('Expected to PLACE');
      return { kind: 'back', to: backPlace(reader) };
    case 'type':
      return { kind: 'type', text: reader.string('what to type') };
    case 'set':
      return set(reader);
    default:
      throw reader.wrong('Expected something to do', VERBS);
  }
}

/** Reads "action; action; ...". Throws a LanguageError that says where and what. */
export function readActions(text: string): readonly Action[] {
  const reader = new Reader(text);
  const actions: Action[] = [];
  do {
    if (actions.length === MAX_ACTIONS) throw reader.wrong(`At most ${MAX_ACTIONS} actions`);
    actions.push(action(reader));
  } while (reader.sign(';') && !reader.atEnd);
  if (!reader.atEnd) throw reader.wrong('Expected ; or the end', VERBS);
  return actions;
}

/** What is asked of a prediction: a term, or what is raised. */
export type Asked = { readonly kind: 'term'; readonly term: Term } | { readonly kind: 'exception' | 'error-code' };

export function readAsked(text: string): Asked {
  const reader = new Reader(text);
  const special = reader.word('exception', 'error-code');
  const asked: Asked =
    special === undefined
      ? { kind: 'term', term: readTerm(reader, 'what is to be predicted') }
      : { kind: special === 'exception' ? 'exception' : 'error-code' };
  if (!reader.atEnd) throw reader.wrong('Expected the end');
  return asked;
}
