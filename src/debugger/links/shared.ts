/** What a link or a file says of a machine: its start, what was done to it, and where to stand (FORMAT.md). */
import type { CpuModel } from '../../cpu/profile.ts';
import type { Position } from '../history/position.ts';
import type { Target } from '../history/target.ts';
import type { SourceChange } from './sourceChanges.ts';

/** A kernel as changes of the sources of a build; `parts` is the content hash of what that was linked from. */
export interface SharedSources {
  readonly parts: string;
  readonly changes: readonly SourceChange[];
}

/**
 * A file of a machine: with bytes as they are, with text as a source to be assembled, with a content hash the built one
 * that has it, a kernel with changed sources is linked, with nothing else the built one of today.
 */
export interface SharedFile {
  readonly name: string;
  readonly hash?: string;
  readonly bytes?: Uint8Array;
  readonly text?: string;
  readonly sources?: SharedSources;
}

/** What a machine boots. */
export interface SharedFiles {
  /** Null, in version 1: the built Emergence kernel of today. */
  readonly kernel: SharedFile | null;
  readonly commandLine: string;
  /** Boot modules; null, in version 1: the usual ones of the built kernel. */
  readonly modules: readonly SharedFile[] | null;
}

export type SharedEvent =
  | { readonly kind: 'serial'; readonly bytes: Uint8Array }
  | { readonly kind: 'poke'; readonly target: Target; readonly value: bigint }
  | { readonly kind: 'reset' }
  /** With `restart`, a module's file name, the kernel does not boot again. */
  | ({ readonly kind: 'load'; readonly label: string; readonly restart?: string } & SharedFiles);

export interface SharedMachine extends SharedFiles {
  readonly memoryMiB: number;
  readonly cpu: CpuModel;
  readonly events: readonly { readonly at: Position; readonly event: SharedEvent }[];
  /** Where the machine stood. */
  readonly position: Position;
  /** Micro-steps done of the instruction there. */
  readonly microSteps: number;
  readonly breakpoints: readonly bigint[];
  /** Names of what was to be seen. */
  readonly panels: readonly string[];
  /** State hash at the position; null when it was not taken. */
  readonly hash: string | null;
}
