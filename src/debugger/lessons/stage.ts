/** The machine that a section of a lesson begins with, where there is no page to boot it. */
import { readActions } from '../../lessons/language/actions.ts';
import type { Setup } from '../../lessons/lesson.ts';
import type { BootModule } from '../../machine/loader/planBoot.ts';
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { History, type Work } from '../history/history.ts';
import { Session } from '../session.ts';
import { act } from './act.ts';

export interface Stage {
  readonly session: Session;
  readonly history: History;
}

/** The first stop is reached long before this. */
const FIRST_STOP_WITHIN = 50_000_000;

/** Module name of a section's process 1: of its own source, or the built program with its arguments. */
export const moduleOf = ({ source, program }: Setup): string =>
  source === null ? program : source.file.replace(/\.S$/, '');

/** A machine at the kernel's entry. */
export function stageFor(setup: Setup, kernel: Uint8Array, modules: readonly BootModule[]): Stage | Problem {
  const machine = Machine.create({
    kernel,
    commandLine: setup.commandLine,
    modules,
    memoryBytes: setup.memoryMiB * 2 ** 20,
    cpu: setup.cpu,
  });
  if (isProblem(machine)) return machine;
  const history = new History(machine);
  return { session: new Session(machine, history), history };
}

/** From the entry to where the section begins. */
export function* toBeginning({ session, history }: Stage, setup: Setup): Work<Problem | undefined> {
  if (setup.stopAt === 'first-syscall') {
    session.begin('first-syscall');
    if (!session.advance(FIRST_STOP_WITHIN)) session.pause();
  }
  return setup.begin === '' ? undefined : yield* act(session, history, readActions(setup.begin));
}
