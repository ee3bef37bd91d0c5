/** What a prediction's right answer is: found by letting the machine do it, and going back. */
import { readActions, readAsked } from '../../lessons/language/actions.ts';
import { Reader } from '../../lessons/language/reader.ts';
import { readTerm, type Term } from '../../lessons/language/terms.ts';
import { LanguageError } from '../../lessons/problem.ts';
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';
import { instructionAt } from '../disassemble.ts';
import type { History, Work } from '../history/history.ts';
import type { Session } from '../session.ts';
import type { MachineView } from '../views.ts';
import { act } from './act.ts';
import { hexText, NoValue, textOfTerm, valueOfTerm } from './values.ts';

export interface Question {
  /** See `readAsked`. */
  readonly of: string;
  /** Actions. */
  readonly after: string;
  /** Instruction or symbol that the machine must stand at; empty: anywhere. */
  readonly before: string;
  /** What the learner typed or chose. */
  readonly answer: string;
}

/** Plain data that can be sent from a worker. */
export interface Prediction {
  readonly right: boolean;
  /** What the answer was read as, where that is not what was typed: "0x23". */
  readonly read: string;
  /** What the machine did: "0x8", "#PF". */
  readonly actual: string;
  /** The symbol of an address, or null. */
  readonly name: string | null;
  /** Sentences that say why, in the words of the micro-steps or of the failed check. */
  readonly because: readonly string[];
}

/** Throws a LanguageError when the answer cannot be read. The machine stands where it stood when this ends. */
export function* predict(session: Session, history: History, question: Question): Work<Prediction | Problem> {
  const asked = readAsked(question.of);
  const misplaced = place(session, question.before);
  if (misplaced !== undefined) return misplaced;
  try {
    const before = session.view();
    const given = asked.kind === 'term' ? valueOfTerm(session, answerTerm(question.answer, asked.term)) : null;
    const found = yield* session.aside(history, function* () {
      const wrong = yield* act(session, history, readActions(question.after));
      if (wrong !== undefined) return wrong;
      const after = session.view();
      return { after, value: asked.kind === 'term' ? valueOfTerm(session, asked.term) : 0n };
    });
    if (isProblem(found)) return found;
    const { after, value } = found;
    if (asked.kind === 'term') {
      return {
        right: given === value,
        read: textOf(given ?? 0n),
        actual: textOf(value),
        name: session.names([value])[0] ?? null,
        because: reasons(before, after, asked.term),
      };
    }
    const raised = after.why[0];
    const actual =
      asked.kind === 'exception'
        ? (raised?.name ?? 'none')
        : raised?.errorCode == null
          ? 'none'
          : hexText(BigInt(raised.errorCode));
    const read = asked.kind === 'exception' ? exceptionName(question.answer) : errorCode(question.answer);
    return {
      right: read === actual,
      read,
      actual,
      name: null,
      because: raised === undefined ? nothingRaised(before, after) : whyRaised(after),
    };
  } catch (error) {
    if (error instanceof NoValue) return problem('This answer cannot be compared', `${error.message}.`);
    throw error;
  }
}

/** A level or a single bit is a number; everything else is written as registers are. */
const textOf = (value: bigint): string => (value < 10n ? `${value}` : hexText(value));

function place(session: Session, before: string): Problem | undefined {
  if (before === '') return undefined;
  const { cpu } = session.machine;
  if (session.stand()?.microSteps === 0) {
    const { op, mnemonic } = instructionAt(cpu, cpu.rip)?.encoding ?? { op: '', mnemonic: '' };
    if (before === op || before === mnemonic || session.place() === before) return undefined;
  }
  return problem('The machine stands somewhere else', `It should be just before ${before}. Set the machine up again.`);
}

/** "23h", "syscall_entry", "RSP", "same": a term, or the present value of what is asked. */
function answerTerm(answer: string, asked: Term): Term {
  if (/^\s*(same|unchanged|as (it is|before)|the same)\s*$/i.test(answer)) return asked;
  const reader = new Reader(answer.trim());
  const term = readTerm(reader, 'an answer');
  if (!reader.atEnd) throw reader.wrong('Expected one number, register or name');
  return term;
}

function exceptionName(answer: string): string {
  const word = answer.trim().toUpperCase().replace(/^#/, '');
  return /^(NONE|NO|NOTHING|)$/.test(word) ? 'none' : `#${word}`;
}

function errorCode(answer: string): string {
  if (/^\s*none\s*$/i.test(answer)) return 'none';
  const reader = new Reader(answer.trim());
  if (reader.next.kind !== 'number') throw new LanguageError('Expected a number', 0, answer.length);
  return hexText(reader.take().value);
}

/** The micro-steps that made the value, or that kept it. */
function reasons(before: MachineView, after: MachineView, asked: Term): string[] {
  if (after.why.length > 0) return whyRaised(after);
  const { microcode } = before;
  const done = after.microcode;
  const name = asked.kind === 'register' ? asked.name : '';
  if (microcode === null) {
    const line = before.code[before.codeIndex];
    return line === undefined ? [] : [`The instruction was ${line.mnemonic} ${line.operands}`.trim()];
  }
  const steps = microcode.steps.filter(({ to }) => to.some((target) => target.split('[')[0] === name));
  const told = steps.map((step) => {
    const value = done?.name === microcode.name ? (done.steps[microcode.steps.indexOf(step)]?.value ?? null) : null;
    return [step.label, value === null ? '' : ` = ${value}`, '. ', step.note ?? ''].join('').trim();
  });
  if (told.length > 0) return [...told, microcode.manual];
  return [`No step of ${microcode.name} writes ${textOfTerm(asked)}.`, microcode.manual];
}

function nothingRaised({ microcode }: MachineView, after: MachineView): string[] {
  const checks = microcode?.steps.filter(({ kind }) => kind === 'check').map(({ label }) => label) ?? [];
  if (microcode !== null && checks.length > 0) {
    return [`${microcode.name} checks only this: ${checks.join('; ')}.`, microcode.manual];
  }
  return [`Nothing was raised on the way: ${after.stop.text}`];
}

function whyRaised(after: MachineView): string[] {
  return after.why.flatMap(({ name, check, expected, actual, manual }) => [
    `${name}: ${check}. Expected ${expected}, found ${actual}. ${manual}`,
  ]);
}
