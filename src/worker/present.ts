/** The machine that the worker has: its session, its past, and how what becomes of it reaches the page. */
import type { History, Work } from '../debugger/history/history.ts';
import type { Session } from '../debugger/session.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { Driver } from './drive.ts';
import { OutputFeed } from './outputFeed.ts';
import type { MachineListener, MachineView, Problem } from './protocol.ts';
import { Runner } from './runner.ts';
import { SourceFeed } from './sourceFeed.ts';

let listener: MachineListener | undefined;
let session: Session | undefined;
let runner: Runner | undefined;
/** The past of the present machine. */
let history: History | undefined;
let breakpoints: readonly bigint[] = [];
/** What the page has been told of the output and of the programs. */
export const feed = new OutputFeed();
export const sources = new SourceFeed();
export const driver = new Driver();

/** Who is told, when somebody listens. */
export const told = (): MachineListener | undefined => listener;
export function listen(to: MachineListener): void {
  listener = to;
}
export const isBooted = (): boolean => session !== undefined;

/** The page's breakpoints, which outlive machines. */
export const breakpointsSet = (): readonly bigint[] => breakpoints;
export function setBreakpoints(addresses: readonly bigint[]): void {
  breakpoints = addresses;
  session?.setBreakpoints(addresses);
}

export function current(): { session: Session; runner: Runner } {
  if (session === undefined || runner === undefined) throw new Error('no machine has been booted yet');
  return { session, runner };
}

function tellOutput(): void {
  if (history !== undefined && listener !== undefined) feed.tell(history, listener);
}

export function show(): MachineView {
  tellOutput();
  if (listener !== undefined) sources.tell(current().session.machine.setup, listener);
  return current().session.view();
}

export function past(): History {
  if (history === undefined) throw new Error('no machine has been booted yet');
  return history;
}

/** Puts a machine with its history in place of the present one. */
export function install(fresh: Session, itsPast: History): void {
  runner?.dispose();
  history = itsPast;
  session = fresh;
  feed.forget();
  sources.knows(fresh.machine.setup);
  fresh.setBreakpoints(breakpoints);
  runner = new Runner(
    fresh,
    (view) => {
      tellOutput();
      listener?.running(view);
    },
    () => listener?.stopped(show()),
  );
}

/** Stops a run that is under way, so that a command finds a standing machine. */
export function stand(): Session {
  const { session: present, runner: running } = current();
  if (running.running) {
    running.halt();
    present.pause();
  }
  return present;
}

/** The same for what the page does not take for the end of the run: it is told. */
export function standing(): Session {
  const { running } = current().runner;
  const present = stand();
  if (running) listener?.stopped(show());
  return present;
}

/** Drives work through the history; the view at its end, or why it did not get there. */
export async function shownAfter<Result>(
  work: Work<Result | Problem>,
  done: () => number | null,
  giveUp: () => void,
): Promise<MachineView | Problem> {
  const answer = await driver.drive(
    work,
    (n) => listener?.progress(n === null ? null : { what: 'travel', done: done() }),
    giveUp,
  );
  const view = show();
  return typeof answer === 'object' && answer !== null && isProblem(answer) ? answer : view;
}
