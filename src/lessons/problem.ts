/** Something wrong with a lesson. Lines and columns count from 1. */
export interface LessonProblem {
  readonly line: number;
  readonly column: number;
  /** Characters, at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to write instead; may be empty. */
  readonly hint: string;
}

/** A problem inside one attribute: where in its text, and what. The format adds where the attribute stands. */
export class LanguageError extends Error {
  /** Offset in characters from the start of the text. */
  readonly at: number;
  readonly length: number;
  readonly hint: string;

  constructor(message: string, at: number, length: number, hint = '') {
    super(message);
    this.at = at;
    this.length = Math.max(1, length);
    this.hint = hint;
  }
}
