/** Brings up the machine of a link or file beside the present one, so that this can still be kept. */
import { finish, type History } from '../debugger/history/history.ts';
import { openMachine } from '../debugger/links/share.ts';
import type { SharedFiles, SharedMachine } from '../debugger/links/shared.ts';
import { Session } from '../debugger/session.ts';
import { recall } from '../debugger/why/recall.ts';
import { isProblem, type Problem, problem } from '../machine/loader/problem.ts';
import { cancelled, type Driver } from './drive.ts';
import { resolve } from './sharing.ts';

export interface BroughtUp {
  readonly session: Session;
  readonly history: History;
  /** In what the machine is not the one that was shared. */
  readonly warning: Problem | undefined;
}

const STOPPED = problem('Opening was stopped', 'Open the link once more to try again.');
const LEADS_ELSEWHERE = problem(
  'Not the state that was shared',
  'The machine stands where it was shared, but its state is another one on this version of the page.',
);

/** `tell` hears how much of the way has been run, from 0 to 1, and null at the end. */
export async function bringUp(
  shared: SharedMachine,
  driver: Driver,
  tell: (done: number | null) => void,
): Promise<BroughtUp | Problem> {
  const files = async (wanted: SharedFiles) => ((await driver.breathe()) ? resolve(wanted) : STOPPED);
  const opened = await driver.during(() => openMachine(shared, files));
  if (isProblem(opened)) return opened;
  const { history } = opened;
  const length = Math.max(1, shared.position.count);
  const answer = await driver.drive(opened.arrive(), (run) => tell(run === null ? null : Math.min(1, run / length)));
  if (answer === cancelled) return STOPPED;
  const session = new Session(history.machine, history);
  const warning = answer ?? (shared.microSteps === 0 ? undefined : goInside(session, history, shared));
  await driver.drive(
    recall(session, history),
    () => undefined,
    () => undefined,
  );
  session.moved({ text: `Opened where it was shared: at ${session.place()}.`, reason: 'boot' });
  return { session, history, warning };
}

/** Goes into the instruction as far as it was shared. */
function goInside(session: Session, history: History, shared: SharedMachine): Problem | undefined {
  const { position, microSteps, hash } = shared;
  session.prepareToMove();
  finish(session.goTo(history, { position, microSteps }));
  const same = session.stand()?.microSteps === microSteps && (hash === null || session.machine.hash() === hash);
  return same ? undefined : LEADS_ELSEWHERE;
}
