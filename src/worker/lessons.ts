/** What a lesson asks of the machine: to do its steps, to answer its predictions, to look whether its tasks are done. */
import { look, PAGE_LIMITS } from '../debugger/checks/check.ts';
import type { Verdict } from '../debugger/checks/verdict.ts';
import type { History, Work } from '../debugger/history/history.ts';
import { act } from '../debugger/lessons/act.ts';
import { type Prediction, predict, type Question } from '../debugger/lessons/predict.ts';
import { fromBase64Url, toBase64Url } from '../debugger/links/base64.ts';
import { compress, decompress } from '../debugger/links/compression.ts';
import type { Session } from '../debugger/session.ts';
import { readActions } from '../lessons/language/actions.ts';
import { readCheck } from '../lessons/language/checks.ts';
import { LanguageError } from '../lessons/problem.ts';
import { type Problem, problem } from '../machine/loader/problem.ts';

const MOST_CHECKS = 64;

/** What cannot be read is a problem, as what cannot be done is. */
function* readable<Result>(title: string, work: () => Work<Result | Problem>): Work<Result | Problem> {
  try {
    return yield* work();
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    return problem(title, `${error.message}. ${error.hint}`.trim());
  }
}

export function doActions(session: Session, history: History, actions: string): Work<Problem | undefined> {
  return readable('This step cannot be read', () => act(session, history, readActions(actions)));
}

export function answer(session: Session, history: History, question: Question): Work<Prediction | Problem> {
  return readable('This answer cannot be read', () => predict(session, history, question));
}

export function lookAt(
  session: Session,
  history: History,
  checks: readonly string[],
  stop: () => boolean,
): Work<readonly Verdict[] | Problem> {
  const some = checks.slice(0, MOST_CHECKS);
  return readable('This task cannot be read', () => look(session, history, some.map(readCheck), PAGE_LIMITS, stop));
}

/** A lesson file as a link has it: at most this many characters, packed and unpacked. */
const MOST_PACKED = 60_000;
const MOST_TEXT_BYTES = 400_000;

export async function packText(text: string): Promise<string | Problem> {
  const packed = toBase64Url(await compress(new TextEncoder().encode(text)));
  if (packed.length <= MOST_PACKED) return packed;
  return problem('Too much for a link', 'Send the lesson as a file.');
}

export async function unpackText(packed: string): Promise<string | Problem> {
  const damaged = problem('This link to a lesson is damaged', 'It may have been cut off on the way. Ask for it again.');
  const bytes = packed.length > MOST_PACKED ? null : fromBase64Url(packed);
  const text = bytes && (await decompress(bytes, MOST_TEXT_BYTES));
  return text === null ? damaged : new TextDecoder().decode(text);
}
