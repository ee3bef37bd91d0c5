import { create } from 'zustand';
import type { CpuModel, Flaw, LabMove, LabSetup, LabView, Problem } from '../../worker/protocol.ts';
import { labPort } from './labPort.ts';

export interface LabState {
  readonly open: boolean;
  /** What the kernel can be told to do wrong; empty until the worker has said. */
  readonly flaws: readonly Flaw[];
  /** Words of the switches that are on. */
  readonly chosen: readonly string[];
  /** Null: the one that brings the first chosen flaw to light. */
  readonly program: string | null;
  readonly leftFlawed: boolean;
  readonly leftCpu: CpuModel;
  readonly rightCpu: CpuModel;
  readonly view: LabView | null;
  /** What changed values are compared with: the stop before. */
  readonly before: LabView | null;
  readonly busy: boolean;
  readonly problem: Problem | null;
}

export const useLab = create<LabState>()(() => ({
  open: false,
  flaws: [],
  chosen: [],
  program: null,
  leftFlawed: false,
  leftCpu: 'intel',
  rightCpu: 'intel',
  view: null,
  before: null,
  busy: false,
  problem: null,
}));

const DEFAULT_FLAW = 'upper-u=0';

function fail(error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  useLab.setState({ busy: false, problem: { title: 'The lab did not answer', detail } });
}
const port = () => labPort((detail) => useLab.setState({ problem: { title: 'The lab’s worker failed', detail } }));

/** The program that runs: the chosen one, else the one that the first chosen flaw needs. */
export function labProgram({ program, flaws, chosen }: LabState): string {
  return program ?? flaws.find(({ word }) => chosen.includes(word))?.program ?? 'userprog';
}

function setupOf(state: LabState): LabSetup {
  return {
    program: labProgram(state),
    left: { flaws: state.leftFlawed ? state.chosen : [], cpu: state.leftCpu },
    right: { flaws: state.chosen, cpu: state.rightCpu },
  };
}

let boots = 0;

async function boot(): Promise<void> {
  const number = ++boots;
  useLab.setState({ busy: true, problem: null });
  try {
    const answer = await port().boot(setupOf(useLab.getState()));
    // Of switches thrown quickly the last setup counts.
    if (number !== boots) return;
    if ('title' in answer) useLab.setState({ busy: false, problem: answer });
    else useLab.setState({ busy: false, view: answer, before: null });
  } catch (error) {
    fail(error);
  }
}

/** Shows the lab, with these switches on if any are named. */
export async function openLab(words?: readonly string[]): Promise<void> {
  useLab.setState({ open: true });
  try {
    const flaws = await port().flaws();
    const named = words?.filter((word) => flaws.some((flaw) => flaw.word === word)) ?? [];
    const { chosen, view } = useLab.getState();
    const next = named.length > 0 ? named : chosen.length > 0 ? chosen : [DEFAULT_FLAW];
    useLab.setState({ flaws, chosen: next });
    if (view === null || next !== chosen) await boot();
  } catch (error) {
    fail(error);
  }
}

export function closeLab(): void {
  useLab.setState({ open: false });
}

/** Throws a switch; both machines boot again. */
export function chooseFlaws(chosen: readonly string[]): void {
  useLab.setState({ chosen, program: null });
  boot();
}

export function changeLab(change: Partial<Pick<LabState, 'program' | 'leftFlawed' | 'leftCpu' | 'rightCpu'>>): void {
  useLab.setState(change);
  boot();
}

async function go(ask: () => Promise<LabView>): Promise<void> {
  const { busy, view } = useLab.getState();
  if (busy || view === null) return;
  useLab.setState({ busy: true });
  try {
    useLab.setState({ view: await ask(), before: view, busy: false });
  } catch (error) {
    fail(error);
  }
}

/** The same move on both machines. */
export const moveLab = (move: LabMove): Promise<void> => go(() => port().move(move));

/** Both to right before an event of the list. */
export const labToEvent = (index: number): Promise<void> => go(() => port().toEvent(index));
