import { Limits, StatementError } from '../problem.ts';
import { endOfCharacter, endOfString } from '../source/comments.ts';
import type { Line } from '../source/line.ts';

/** Lines being read: a file's, a macro's expansion, a repetition's. */
export interface Frame {
  readonly lines: readonly Line[];
  next: number;
  readonly kind: 'file' | 'macro' | 'repeat';
  /** The macro's name. */
  readonly name: string;
  /** Where the outermost macro of this frame was called, null outside macros. */
  readonly call: Line | null;
  /** Open conditionals when the frame began; the rest end with it. */
  readonly conditions: number;
}

/** Hands out lines from the innermost frame. */
export class LineReader {
  readonly frames: Frame[] = [];
  private expanded = 0;
  /** Too many lines were asked for: what is read from now on means little. */
  exhausted = false;

  get top(): Frame | undefined {
    return this.frames.at(-1);
  }

  pushFile(lines: readonly Line[], conditions: number): void {
    this.frames.push({ lines, next: 0, kind: 'file', name: '', call: null, conditions });
  }

  /** Adds a macro's or repetition's lines. Throws StatementError when there would be too many or too deep. */
  pushExpansion(lines: readonly Line[], kind: 'macro' | 'repeat', name: string, call: Line, conditions: number): void {
    if (this.frames.length > Limits.macroDepth)
      throw new StatementError('macros are inside each other too deep', -1, 1, 'A macro may call itself without end.');
    this.expanded += lines.length + 1;
    if (this.expanded > Limits.expandedLines) this.fail();
    const outer = this.top?.call ?? (kind === 'macro' ? call : null);
    this.frames.push({ lines, next: 0, kind, name, call: outer, conditions });
  }

  /** Room left for expanded lines. */
  checkRoom(lines: number): void {
    if (this.expanded + lines > Limits.expandedLines) this.fail();
  }

  private fail(): never {
    this.exhausted = true;
    throw new StatementError(
      `macros and repetitions give more than ${Limits.expandedLines} lines`,
      -1,
      1,
      'Use .fill or .skip for long runs of data.',
    );
  }

  /** The next line, or undefined at the end of the innermost frame, which the caller then pops. */
  next(): Line | undefined {
    const frame = this.top;
    return frame === undefined ? undefined : frame.lines[frame.next++];
  }
}

/** Where the statements of a line start and end; they are separated by semicolons. */
export function splitStatements(text: string): readonly (readonly [start: number, end: number])[] {
  if (!text.includes(';')) return [[0, text.length]];
  const ranges: [number, number][] = [];
  let start = 0;
  let n = 0;
  while (n < text.length) {
    const character = text.charAt(n);
    if (character === '"') n = endOfString(text, n);
    else if (character === "'") n = endOfCharacter(text, n);
    else {
      if (character === ';') {
        ranges.push([start, n]);
        start = n + 1;
      }
      n++;
    }
  }
  ranges.push([start, text.length]);
  return ranges;
}

const FIRST_WORD = /^\s*(?:[\w.$]+:\s*)*([.\w]+)/;

/** The first word of a line behind its labels, lower case; "" when there is none. */
export function firstWord(text: string): string {
  return (FIRST_WORD.exec(text)?.[1] ?? '').toLowerCase();
}

/**
 * Takes the lines up to the directive that ends a body (`.endm`, `.endr`), nested bodies included, and the ending line
 * itself. Null when it is missing: the rest of the frame is then used up.
 */
export function takeBody(reader: LineReader, starts: ReadonlySet<string>, ends: ReadonlySet<string>): Line[] | null {
  const body: Line[] = [];
  let depth = 0;
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const word = firstWord(line.text);
    if (starts.has(word)) depth++;
    else if (ends.has(word)) {
      if (depth === 0) return body;
      depth--;
    }
    body.push(line);
  }
  return null;
}
