import { create } from 'zustand';
import type { BootOptions, CpuModel, MachineView, ModuleFile, Problem, RunningView } from '../../worker/protocol.ts';

/** What the present machine was, or the next one will be, booted with. */
export interface Setup {
  /** Null for the built-in Emergence kernel. */
  readonly kernel: { readonly name: string; readonly bytes: Uint8Array } | null;
  readonly commandLine: string;
  readonly modules: readonly ModuleFile[];
  readonly memoryMiB: number;
  readonly cpu: CpuModel;
  readonly stopAt: 'first-syscall' | 'entry';
  /** What a lesson runs, instead of everything that the person has edited. */
  readonly only?: Pick<BootOptions, 'program' | 'edited'>;
}

export interface MachineState {
  /** The machine at its last stop; null until the first boot has answered. */
  readonly view: MachineView | null;
  /** What changed values are compared with: the stop before, or the start of the instruction being micro-stepped. */
  readonly baseline: MachineView | null;
  /** Counters of a running machine; null while it stands. */
  readonly running: RunningView | null;
  /** A command has been sent and not yet answered. */
  readonly busy: boolean;
  readonly booting: boolean;
  readonly problem: Problem | null;
  readonly setup: Setup;
  /** Counts boots, so that what belongs to one machine is not shown for the next. */
  readonly machineNumber: number;
}

export const initialSetup: Setup = {
  kernel: null,
  commandLine: '',
  modules: [],
  memoryMiB: 128,
  cpu: 'intel',
  stopAt: 'first-syscall',
};

export const useMachine = create<MachineState>()(() => ({
  view: null,
  baseline: null,
  running: null,
  busy: false,
  booting: true,
  problem: null,
  setup: initialSetup,
  machineNumber: 0,
}));

/** True for two reports of one and the same stop (an answer and a notification may both carry it). */
function sameStop(a: MachineView, b: MachineView): boolean {
  return (
    a.instructions === b.instructions &&
    a.registers.rip === b.registers.rip &&
    a.state === b.state &&
    (a.microcode?.position ?? 0) === (b.microcode?.position ?? 0)
  );
}

/**
 * The state after the machine has come to stand at `view`. While one instruction is micro-stepped the baseline stays at
 * its start, so that the marks add up to what the whole instruction changes.
 */
export function acceptStop(state: MachineState, view: MachineView): Partial<MachineState> {
  const last = state.view;
  if (view.state === 'running') {
    return { running: { instructions: view.instructions, cpl: view.registers.cpl, mips: 0 } };
  }
  if (last === null || sameStop(last, view)) return { view, running: null };
  return { view, running: null, baseline: isInside(last) && state.baseline !== null ? state.baseline : last };
}

/** True between the first and the last micro-step of an instruction, when RIP may name another one already. */
export function isInside({ microcode }: MachineView): boolean {
  if (microcode === null || microcode.position === 0 || microcode.position === microcode.steps.length) return false;
  return !microcode.steps.some(({ state }) => state === 'failed');
}

/** The stop at which the instruction under way began: where its place in the code is to be read. */
export function instructionView({ view, baseline }: MachineState): MachineView | null {
  return view !== null && baseline !== null && isInside(view) ? baseline : view;
}

/** The state after a boot: a machine with no past. */
export function acceptBoot(state: MachineState, view: MachineView, setup: Setup): Partial<MachineState> {
  return {
    view,
    setup,
    baseline: null,
    running: null,
    booting: false,
    problem: null,
    machineNumber: state.machineNumber + 1,
  };
}

/** CPL to show now, running or not. */
export function currentCpl(state: MachineState): number | null {
  return state.running?.cpl ?? state.view?.registers.cpl ?? null;
}

/** Retired instructions to show now, running or not. */
export function currentCount(state: MachineState): number {
  return state.running?.instructions ?? state.view?.instructions ?? 0;
}

/** True when the guest can run on: standing, and not ended for good. A halted one may have been sent input meanwhile. */
export function canRun(state: MachineState): boolean {
  return canStep(state) || (state.running === null && !state.booting && state.view?.state === 'halted');
}

/** True when the machine stands, ended or not: one can go back, and change its state. */
export function canTravel(state: MachineState): boolean {
  return state.running === null && !state.booting && state.view !== null;
}

/** True when the guest can make a step: stopped, neither ended nor running. */
export function canStep(state: MachineState): boolean {
  return state.running === null && !state.booting && state.view?.state === 'stopped';
}
