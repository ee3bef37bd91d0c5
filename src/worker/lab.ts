/** What the page and the flaw lab's worker say to each other. */
import type { Flaw, LabMove, LabSetup, LabView } from '../debugger/lab/views.ts';
import type { Problem } from '../machine/loader/problem.ts';

export type { Flaw, LabEvent, LabMove, LabSetup, LabView, SideView } from '../debugger/lab/views.ts';

export interface LabWorker {
  /** What the kernel can be told to do wrong. */
  flaws(): readonly Flaw[];
  /** Boots two machines and stands before their first difference. A problem leaves the present ones as they were. */
  boot(setup: LabSetup): Promise<LabView | Problem>;
  /** The same move on both; a machine that has ended stays. */
  move(what: LabMove): LabView;
  /** Both to right before an event of their lists, or to their end. */
  toEvent(index: number): LabView;
}
