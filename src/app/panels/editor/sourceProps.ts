import type { SourceProblem } from '../../../worker/protocol.ts';
import { languageOf } from '../../highlight/language.ts';
import type { Cursor } from '../../store/programs.ts';
import type { LineCode } from '../../store/sources.ts';

/** What a view of one source file needs, whichever way it is drawn. */
export interface SourceProps {
  readonly file: string;
  readonly text: string;
  /** What each line was made into, as far as it is known. */
  readonly code: ReadonlyMap<number, LineCode> | undefined;
  /** Line of the instruction at RIP, from 1; null when it is elsewhere. */
  readonly current: number | null;
  /** Line of the instruction at the stop before. */
  readonly previous: number | null;
  readonly note: string | null;
  readonly editable: boolean;
  /** Grows when an editable text was changed elsewhere than here. */
  readonly revision: number;
  /** What an editable text was before, oldest first. */
  readonly earlier: readonly string[];
  readonly problems: readonly SourceProblem[];
  readonly breakpoints: readonly number[];
  readonly cursor: Cursor | undefined;
  readonly onEdit: (text: string) => void;
  readonly onToggleBreakpoint: (line: number) => void;
  readonly onCursor: (cursor: Cursor) => void;
}

/** Where the lines' code lies. */
export function addressesOf(code: SourceProps['code']): readonly bigint[] {
  return Array.from(code?.values() ?? [], ({ address }) => address);
}

/** A line of assembly is one instruction, whose bytes are worth a column; a line of C is many. */
export function showsBytes(file: string): boolean {
  return languageOf(file).id === 'gas';
}
