/** What a history looks like to whoever shows it: plain data that can be sent from a worker. */
import type { TableName } from './target.ts';
import type { TraceKind } from './trace.ts';

export type MarkKind = TraceKind | 'output' | 'edit';

/** Something that happened. */
export interface Mark {
  /** Instructions retired before it: going to this count stands right before the instruction that did it. */
  readonly count: number;
  readonly kind: MarkKind;
  /** "SYSCALL", "#PF", "interrupt 32", "output", "typed", "IA32_LSTAR changed", "reset". */
  readonly title: string;
  /** Of output: offset of its first byte since the start, and how many follow each other; else 0. */
  readonly offset: number;
  readonly bytes: number;
}

/** A piece of the history. Where stretches are as narrow as the crossings, `user` is 0 or 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Part of it spent at CPL 3, from 0 to 1. */
  readonly user: number;
}

export interface BranchView {
  readonly id: number;
  readonly name: string;
  readonly present: boolean;
  /** Instruction count at which it parted from the branch made of it; null for the present one. */
  readonly forkedAt: number | null;
  /** Instruction count that it has reached. */
  readonly end: number;
  /** How often something was done from outside on it. */
  readonly events: number;
}

export interface TimelineView {
  /** First and last instruction count of the present branch. */
  readonly from: number;
  readonly to: number;
  /** Where the machine stands. */
  readonly now: number;
  /** In order and without gaps over the span that was asked for. */
  readonly stretches: readonly Stretch[];
  /** In order; at most 1000, evenly thinned out when there were more. */
  readonly marks: readonly Mark[];
  /** False when marks were left out, or are so old that they are no longer kept. */
  readonly complete: boolean;
  readonly branches: readonly BranchView[];
}

/** The first thing in which two branches differ, in each respect; null where they do not. */
export interface BranchDifference {
  /** The first event of each that the other does not have at the same place. */
  readonly events: { readonly count: number; readonly ours: string | null; readonly theirs: string | null } | null;
  /** The first byte of output that differs, and the text around it. */
  readonly output: { readonly offset: number; readonly ours: string; readonly theirs: string } | null;
  /** Instruction counts at which the branches end. What follows is compared there. */
  readonly ends: { readonly ours: number; readonly theirs: number };
  /** Registers, parts of segment registers ("cs base") and MSRs that differ. */
  readonly state: readonly { readonly name: string; readonly ours: bigint; readonly theirs: bigint }[];
  /** Entries of the descriptor tables that differ, at most 64; null where a table has no such entry. */
  readonly descriptors: readonly {
    readonly table: TableName;
    readonly index: number;
    readonly ours: bigint | null;
    readonly theirs: bigint | null;
  }[];
  /** Parts of the devices' states that differ, at most 64: "COM1 fifo 3". */
  readonly devices: readonly { readonly name: string; readonly ours: string | null; readonly theirs: string | null }[];
  /** How many pages of RAM differ, and in at most 16 of them the first byte that does, by address. */
  readonly memory: { readonly pages: number; readonly first: readonly MemoryPlace[] };
}

/** A byte of RAM that differs. */
export interface MemoryPlace {
  /** Physical. */
  readonly address: number;
  /** The 16 bytes around it, from an address that is a multiple of 16. */
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** Where a run back stops: right before the instruction that does it, or at the start. */
export type BackTarget =
  | 'breakpoint'
  | 'syscall'
  | 'sysret'
  | 'ring-change'
  | 'exception'
  | 'interrupt'
  | 'output'
  | 'start';
