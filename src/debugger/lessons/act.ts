/** Does what a lesson's step says (src/lessons/language/actions.ts) with a machine under a debugger. */
import type { Action, RunPlace } from '../../lessons/language/actions.ts';
import { type Problem, problem } from '../../machine/loader/problem.ts';
import type { History, Work } from '../history/history.ts';
import { Journey } from '../journey.ts';
import type { Session } from '../session.ts';
import { NoValue, targetOf, valueOfTerm, wholeWith } from './values.ts';

const SLICE = 200_000;
/** A run of a lesson that has not come to its place by then never will. */
export const MOST_INSTRUCTIONS = 50_000_000;

/** Undefined: all is done. A problem leaves the machine where the action that failed began, or where it ended. */
export function* act(session: Session, history: History, actions: readonly Action[]): Work<Problem | undefined> {
  for (const action of actions) {
    try {
      const wrong = yield* one(session, history, action);
      if (wrong !== undefined) return wrong;
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      return problem('This step cannot be done here', `${error.message}.`);
    }
  }
  return undefined;
}

function* one(session: Session, history: History, action: Action): Work<Problem | undefined> {
  switch (action.kind) {
    case 'type':
      session.type(new TextEncoder().encode(action.text));
      return undefined;
    case 'set':
      return set(session, history, action);
    case 'back':
      return yield* new Journey(session, history, { kind: 'run-back', target: action.to }).run();
    case 'run':
      return yield* run(session, action.to);
    default:
      for (let n = 0; n < action.times; n++) {
        const wrong = yield* once(session, history, action.kind);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
  }
}

function ended(session: Session): Problem | undefined {
  const state = session.state();
  if (state === 'stopped' || state === 'halted') return undefined;
  return problem('The machine has stopped for good', 'Go back, or set the machine up again.');
}

function* once(
  session: Session,
  history: History,
  kind: 'step' | 'micro-step' | 'over' | 'step-back',
): Work<Problem | undefined> {
  if (kind === 'step-back') return yield* new Journey(session, history, { kind: 'step-back' }).run();
  const wrong = ended(session);
  if (wrong !== undefined) return wrong;
  if (kind === 'micro-step') session.microStep();
  else {
    session.begin(kind);
    return yield* onward(session, () => false);
  }
  yield 1;
  return undefined;
}

function set(session: Session, history: History, action: Action & { readonly kind: 'set' }): Problem | undefined {
  const target = targetOf(session, action.target);
  if (target === undefined) return problem('This step cannot be done here', 'There is nothing to set.');
  session.prepareToMove();
  const value = wholeWith(session, action.target, valueOfTerm(session, action.value));
  const wrong = history.record({ kind: 'poke', target, value });
  session.moved({ text: `Changed by hand, at ${session.place()}.`, reason: 'step' });
  return wrong;
}

/** Runs on until the session comes to stand, or `there` says so. */
function* onward(session: Session, there: () => boolean): Work<Problem | undefined> {
  for (let left = MOST_INSTRUCTIONS; left > 0; left -= SLICE) {
    const before = session.machine.retired;
    if (session.advance(SLICE)) return undefined;
    if (there()) {
      session.pause();
      return undefined;
    }
    yield session.machine.retired - before;
  }
  session.pause();
  return problem('This takes too long', `Nothing has stopped the machine within ${MOST_INSTRUCTIONS} instructions.`);
}

function* run(session: Session, to: RunPlace | null): Work<Problem | undefined> {
  const wrong = ended(session);
  if (wrong !== undefined) return wrong;
  const { machine } = session;
  switch (to?.kind) {
    case 'ring-change':
      session.begin('ring-change');
      return yield* onward(session, () => false);
    case 'instruction': {
      session.begin('ever');
      const from = machine.elapsed;
      machine.observers.stopBefore((insn) => insn.encoding.op === to.mnemonic && machine.elapsed !== from);
      return yield* onward(session, () => false);
    }
    case 'exception':
      return yield* toException(session, to.vector);
    case 'address':
      return yield* toAddress(session, valueOfTerm(session, to.term));
    default:
      session.begin('ever');
      return yield* onward(session, () => false);
  }
}

function* toException(session: Session, vector: number | null): Work<Problem | undefined> {
  const { machine } = session;
  session.begin('ever');
  const note = machine.observers.onException;
  machine.observers.onException = (fault) => {
    note?.(fault);
    if (vector === null || fault.vector === vector) machine.requestStop();
  };
  try {
    return yield* onward(session, () => false);
  } finally {
    machine.observers.onException = note;
  }
}

function* toAddress(session: Session, address: bigint): Work<Problem | undefined> {
  const { engine, cpu } = session.machine;
  session.begin('ever');
  const known = engine.breakpoints.has(address);
  engine.breakpoints.add(address);
  engine.breakpointsChanged();
  try {
    return yield* onward(session, () => cpu.rip === address);
  } finally {
    if (!known) engine.breakpoints.delete(address);
    engine.breakpointsChanged();
  }
}
