/** What the two machines of the flaw lab look like to whoever shows them: plain data that can be sent from a worker. */
import type { CpuModel } from '../../cpu/profile.ts';
import type { MachineView } from '../views.ts';

export interface Flaw {
  /** The word of the kernel's command line. */
  readonly word: string;
  readonly title: string;
  /** The program, with its arguments, that brings it to light. */
  readonly program: string;
  /** What the document, or whoever wrote the kernel so, believed. */
  readonly said: string;
  readonly cause: string;
  readonly repair: string;
  readonly when: string;
}

export interface SideSetup {
  /** Words of the kernel's command line; only those in the list of flaws are taken. */
  readonly flaws: readonly string[];
  readonly cpu: CpuModel;
}

export interface LabSetup {
  /** One of the kernel's user programs, with its arguments. */
  readonly program: string;
  readonly left: SideSetup;
  readonly right: SideSetup;
}

/** A crossing of rings or an exception. */
export interface LabEvent {
  /** Instructions retired before it. */
  readonly count: number;
  /** "SYSCALL", "#PF error 15h". */
  readonly title: string;
  /** "CPL 3 to 0, CS 08h, at syscall_entry"; of an exception that could not be delivered, what followed from it. */
  readonly detail: string;
  /** CPL behind it; null when it shut the processor down. */
  readonly cpl: number | null;
  /** An exception, and not a crossing made by an instruction. */
  readonly fault: boolean;
}

export interface SideView {
  readonly machine: MachineView;
  /** What has been printed so far; the end of it when it is long. */
  readonly output: string;
  readonly events: readonly LabEvent[];
}

export interface LabView {
  readonly left: SideView;
  readonly right: SideView;
  /** Index of the first event in which they differ; null when they do the same as far as they were compared. */
  readonly difference: number | null;
  /** Index of the event that is next on each side. */
  readonly next: { readonly left: number; readonly right: number };
  /** How many instructions of each side were compared. */
  readonly compared: number;
}

/** A move that both machines make. `fault`: past the first exception that only one of them raises, so that it shows why. */
export type LabMove = 'step' | 'micro-step' | 'step-back' | 'next-event' | 'difference' | 'fault' | 'start' | 'end';
