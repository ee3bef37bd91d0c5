/** Whether checks hold: the state clauses of the machine as it stands, the others of its history since the last reset. */
import type { Check, Clause } from '../../lessons/language/checks.ts';
import { instructionAt } from '../disassemble.ts';
import type { History, Work } from '../history/history.ts';
import { NoValue, targetOf } from '../lessons/values.ts';
import type { Session } from '../session.ts';
import { compares, comparison } from './compare.ts';
import { countWatch, pathWatch, returnedWatch, tripleFaultVerdict } from './events.ts';
import { msrWatch, reachWatch, registerWatch, writeWatch } from './state.ts';
import { failed, passed, type Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';
import { beginning, witness, type Witnessed } from './witness.ts';

export interface Limits {
  /** Instructions that are run again at most. */
  readonly instructions: number;
}

/** A page asks after every stop; about a third of a second. */
export const PAGE_LIMITS: Limits = { instructions: 30_000_000 };

/** What is known of a clause before the history is run again, or who will know it then. */
type Ready =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'watch'; readonly watch: Watch }
  | { readonly kind: 'end'; readonly verdict: (history: History, witnessed: Witnessed) => Verdict };

const said = (verdict: Verdict): Ready => ({ kind: 'verdict', verdict });

function ready(session: Session, history: History, clause: Clause): Ready {
  switch (clause.kind) {
    case 'stop': {
      const { holds, why } = comparison(session, clause.comparison);
      return said(holds ? passed(`${why}.`, history.position.count) : failed(`${why}.`));
    }
    case 'micro-steps': {
      const done = session.stand()?.microSteps ?? 0;
      const why = `${done} micro-step${done === 1 ? ' is' : 's are'} done of the instruction under way.`;
      return said(compares(done, clause.operator, clause.value) ? passed(why, history.position.count) : failed(why));
    }
    case 'next':
      return said(nextInstruction(session, clause.instruction));
    case 'edited':
      return said(edited(session, history, clause));
    case 'triple-fault':
      return { kind: 'end', verdict: () => tripleFaultVerdict(session, clause) };
    case 'output':
      return { kind: 'end', verdict: (past, { outputFrom }) => output(past, outputFrom, clause) };
    case 'instructions':
      return { kind: 'end', verdict: (_, counted) => instructions(counted, clause) };
    case 'count':
      return { kind: 'watch', watch: countWatch(session, clause) };
    case 'returned':
      return { kind: 'watch', watch: returnedWatch(session, clause) };
    case 'path':
      return { kind: 'watch', watch: pathWatch(clause) };
    case 'writes':
      return { kind: 'watch', watch: writeWatch(session, clause) };
    case 'reaches':
      return { kind: 'watch', watch: reachWatch(session, clause) };
    case 'register':
      return { kind: 'watch', watch: registerWatch(session, clause) };
    case 'msr':
      return { kind: 'watch', watch: msrWatch(session, clause) };
  }
}

function nextInstruction(session: Session, wanted: string): Verdict {
  const { cpu, retired } = session.machine;
  if (session.state() !== 'stopped') return failed('The machine has stopped: there is no next instruction.');
  const insn = instructionAt(cpu, cpu.rip);
  const { op, mnemonic } = insn?.encoding ?? { op: '', mnemonic: '' };
  const why = insn === undefined ? 'There is no instruction at RIP.' : `The next instruction is ${mnemonic}.`;
  return wanted === op || wanted === mnemonic ? passed(why, retired) : failed(why);
}

function edited(session: Session, history: History, { target }: Extract<Clause, { kind: 'edited' }>): Verdict {
  const wanted = JSON.stringify(targetOf(session, target), plain);
  const { events } = beginning(history);
  const found = history.events
    .slice(events)
    .find(({ event }) => event.kind === 'poke' && JSON.stringify(event.target, plain) === wanted);
  return found === undefined ? failed('It has not been edited yet.') : passed('It was edited.', found.at.count);
}
const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function output(history: History, from: number, { contains, text }: Extract<Clause, { kind: 'output' }>): Verdict {
  const printed = new TextDecoder().decode(history.output.slice(from, history.output.known));
  // A terminal's line ends are not what a lesson is about.
  const found = printed.replaceAll('\r', '').includes(text);
  const why = `The output ${found ? 'contains' : 'does not contain'} ${JSON.stringify(text)}.`;
  return found === contains ? passed(why) : failed(why);
}

function instructions(
  { instructions: all, userInstructions }: Witnessed,
  { ring, operator, value }: Extract<Clause, { kind: 'instructions' }>,
): Verdict {
  const count = ring === null ? all : ring === 3 ? userInstructions : all - userInstructions;
  const why = `${count} instructions have run${ring === null ? '' : ` in ring ${ring}`}.`;
  return compares(count, operator, value) ? passed(why) : failed(why);
}

/** A check is as good as its worst clause. */
function together(verdicts: readonly Verdict[]): Verdict {
  const bad = verdicts.find((verdict) => !verdict.passed);
  if (bad !== undefined) return bad;
  const at = verdicts.find((verdict) => verdict.at !== null)?.at ?? null;
  return passed(verdicts.map(({ why }) => why).join(' '), at);
}

/**
 * Looks whether each check holds. The machine stands where it stood when this ends. Yields instructions run; always
 * drive it to its end, and say with `stop` that it should give up.
 */
export function* look(
  session: Session,
  history: History,
  checks: readonly Check[],
  limits: Limits,
  stop: () => boolean = () => false,
): Work<readonly Verdict[]> {
  const clauses = checks.map(({ clauses: some }) =>
    some.map((clause): Ready => {
      try {
        return ready(session, history, clause);
      } catch (error) {
        if (!(error instanceof NoValue)) throw error;
        return said(failed(`“${clause.words}” cannot be looked at: ${error.message}.`));
      }
    }),
  );
  const all = clauses.flat();
  const long = history.end.count - beginning(history).at.count;
  let tooLong: Verdict | null = null;
  let witnessed: Witnessed = { outputFrom: 0, instructions: 0, userInstructions: 0 };
  const verdicts = new Map<Ready, Verdict>();
  if (all.some(({ kind }) => kind !== 'verdict')) {
    if (long > limits.instructions) {
      tooLong = failed(`This run of ${long} instructions is too long to look through; do the task in a shorter one.`);
    } else {
      const watches = all.flatMap((one) => (one.kind === 'watch' ? [one.watch] : []));
      // An exception under way has been raised, though the history has it only once it is delivered.
      const underWay = (session.stand()?.microSteps ?? 0) > 0 ? session.view().why : [];
      yield* session.aside(history, function* () {
        const seen = witness(session, history, watches);
        for (;;) {
          const step = seen.next();
          if (step.done) {
            witnessed = step.value;
            break;
          }
          yield step.value;
          if (stop()) {
            seen.return(witnessed);
            tooLong = failed('Given up before it was looked at.');
            return;
          }
        }
        for (const { address: linear, at, ...why } of underWay) {
          for (const watch of watches) watch.exception?.({ ...why, linear }, { ...why, at });
        }
        for (const one of all) {
          if (one.kind === 'watch') verdicts.set(one, one.watch.verdict());
          if (one.kind === 'end') verdicts.set(one, one.verdict(history, witnessed));
        }
      });
    }
  }
  return clauses.map((some) =>
    together(some.map((one) => (one.kind === 'verdict' ? one.verdict : (tooLong ?? (verdicts.get(one) as Verdict))))),
  );
}
