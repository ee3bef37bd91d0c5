/** Something wrong with a source, where it is and what to write instead. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters from `column` on that the problem is about, at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
}

/** Thrown inside the assembler by whoever cannot go on with a statement; the statement loop turns it into a Problem. */
export class StatementError extends Error {
  /** Offset in the statement's line where the trouble starts, or -1 for the whole statement. */
  readonly at: number;
  readonly length: number;
  readonly hint: string;

  constructor(message: string, at = -1, length = 1, hint = '') {
    super(message);
    this.at = at;
    this.length = length;
    this.hint = hint;
  }
}

/** Bounds that keep any input finite. */
export const Limits = {
  /** Bytes of all sections together. */
  output: 16 << 20,
  /** Lines that macros, .rept, .irp and .irpc may produce. */
  expandedLines: 70_000,
  /** Macro and repetition bodies inside each other. */
  macroDepth: 100,
  includeDepth: 64,
  /** Files included by one source, all in all. */
  includes: 2000,
  /** Characters of one line after macro expansion. */
  lineLength: 1 << 16,
  /** Characters all lines of a source may have after preprocessing. */
  sourceLength: 32 << 20,
  /** Parentheses and operators inside each other. */
  expressionDepth: 200,
  /** Problems reported before giving up. */
  problems: 200,
  conditionDepth: 200,
} as const;
