import type { BackTarget, BranchDifference, Target, TimelineView } from '../../worker/protocol.ts';
import { fail, machine, inTurn, once, report } from './commands.ts';
import { canTravel, useMachine } from './machine.ts';

export type { BackTarget, Target };

export const stepBack = (): Promise<void> => inTurn((m) => m.stepBack(), canTravel);
export const stepBackOver = (): Promise<void> => inTurn((m) => m.stepBackOver(), canTravel);
export const microStepBack = (): Promise<void> => inTurn((m) => m.microStepBack(), canTravel);
/** To before the last thing that was done by hand, on a branch where it has not been done. */
export const undo = (): Promise<void> => once((m) => m.undo(), canTravel);
export const runBack = (target: BackTarget): Promise<void> => once((m) => m.runBack(target), canTravel);

/** Where a scrub wants to be next while the machine is still on its way to the last place. */
let wanted: number | null = null;
let travelling = false;

/** Goes to the first arrival at an instruction count. Of many calls in a row the last one counts. */
export async function goTo(count: number): Promise<void> {
  wanted = count;
  if (travelling) return;
  travelling = true;
  try {
    while (wanted !== null && canTravel(useMachine.getState()) && !useMachine.getState().busy) {
      const next: number = wanted;
      wanted = null;
      await once((m) => m.goTo(next), canTravel);
    }
  } finally {
    travelling = false;
    wanted = null;
  }
}

/** Goes to the instruction that printed a byte of the output, counted from the reset. */
export const goToOutput = (offset: number): Promise<void> => once((m) => m.goToOutput(offset), canTravel);

/** Changes a piece of state by hand; the change is an event of the history. */
export const poke = (target: Target, value: bigint): Promise<void> => once((m) => m.poke(target, value), canTravel);

/** Goes to the instruction that changed a piece of state last. */
export const whoSet = (target: Target): Promise<void> => once((m) => m.whoSet(target), canTravel);

/** To right before the last change of anything that is watched. */
export const runBackToChange = (targets: readonly Target[]): Promise<void> =>
  once((m) => m.runBackToChange(targets), canTravel);

/** The present branch between two instruction counts; null when the machine does not answer. */
export async function readTimeline(from: number, to: number): Promise<TimelineView | null> {
  try {
    return await machine().timeline(from, to);
  } catch (error) {
    fail(error);
    return null;
  }
}

export const switchBranch = (id: number): Promise<void> => once((m) => m.switchBranch(id), canTravel);

export async function renameBranch(id: number, name: string): Promise<void> {
  try {
    await machine().renameBranch(id, name);
    // The timeline, which lists the branches, is read again for a new view.
    useMachine.setState(({ view }) => ({ view: view && { ...view } }));
  } catch (error) {
    fail(error);
  }
}

/** In what the present branch and another one differ first; null when that could not be told. */
export async function compareBranch(id: number): Promise<BranchDifference | null> {
  try {
    const answer = await machine().compareBranch(id);
    if (!('title' in answer)) return answer;
    report(answer);
  } catch (error) {
    fail(error);
  }
  return null;
}
