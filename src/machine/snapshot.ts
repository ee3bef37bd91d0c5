/** Everything of a machine that is not RAM, as plain data; with the pages of RAM it makes a checkpoint. */
import type { Fault } from '../cpu/fault.ts';
import type { Plain } from '../devices/bus.ts';
import type { BootPlan } from './loader/planBoot.ts';
import type { MachineSetup } from './machine.ts';
import type { ArmedTimer } from './timers.ts';

/** What the machine itself keeps beside CPU and devices. */
export interface MachineCounters {
  /** Instructions retired. */
  readonly retired: number;
  /** Guest nanoseconds that passed while the CPU was halted. */
  readonly skipped: number;
  /** When the guest's clocks were started, in nanoseconds since the machine was made. */
  readonly began: number;
  /** Exceptions, interrupts and resets since the start: they tell apart what happens between two instructions. */
  readonly turns: number;
  readonly exitCode: number | null;
  readonly resetRequested: boolean;
  readonly initRequested: boolean;
}

export interface MachineSnapshot extends MachineCounters {
  /** The CPU's state block (src/cpu/layout.ts, S). */
  readonly state: Uint8Array;
  readonly shutdown: boolean;
  readonly chain: readonly Fault[];
  readonly debugHits: number;
  readonly interruptLine: boolean;
  /** In the order of the machine's devices. */
  readonly devices: readonly Plain[];
  readonly timers: readonly ArmedTimer[];
  /** What a reset boots. */
  readonly setup: MachineSetup;
  readonly plan: BootPlan;
}

/** Bytes that a snapshot takes, roughly, for whoever keeps many. */
export const SNAPSHOT_BYTES = 8192;
