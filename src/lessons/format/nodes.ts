/** The little of a Markdown tree that the reader looks at; unified's own types leave every node open. */
import { LanguageError } from '../problem.ts';
import type { LessonProblem } from '../problem.ts';

export interface Point {
  readonly line: number;
  readonly column: number;
  readonly offset?: number;
}

export interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string | null;
  readonly depth?: number;
  readonly ordered?: boolean | null;
  readonly url?: string;
  readonly lang?: string | null;
  readonly attributes?: readonly AttributeNode[];
  readonly children?: readonly Node[];
  readonly position?: { readonly start: Point; readonly end: Point };
}

export interface AttributeNode {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly position?: { readonly start: Point; readonly end: Point };
}

const NOWHERE: Point = { line: 1, column: 1 };

export const childrenOf = (node: Node): readonly Node[] => node.children ?? [];
export const textOf = (node: Node): string => (typeof node.value === 'string' ? node.value : '');
export const isJsx = (node: Node): boolean => node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement';
/** Spaces between two components on lines of their own. */
export const isBlank = (node: Node): boolean => node.type === 'text' && textOf(node).trim() === '';

/** Collects what is wrong, with where it stands. */
export class Problems {
  readonly list: LessonProblem[] = [];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  at(node: Pick<Node, 'position'>, message: string, hint = ''): void {
    const start = node.position?.start ?? NOWHERE;
    const end = node.position?.end ?? start;
    const oneLine = end.line === start.line;
    const length = oneLine ? Math.max(1, end.column - start.column) : this.restOfLine(start);
    this.list.push({ line: start.line, column: start.column, length, message, hint });
  }

  private restOfLine({ line, column }: Point): number {
    const text = this.source.split('\n')[line - 1] ?? '';
    return Math.max(1, text.length - column + 1);
  }

  /** Runs a reader over an attribute's value; what it finds wrong is told at its place in the file. */
  within(attribute: AttributeNode, value: string, read: (value: string) => void): boolean {
    try {
      read(value);
      return true;
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      const place = this.placeIn(attribute, value, error.at);
      if (place === null) this.at(attribute, error.message, error.hint);
      else this.list.push({ ...place, length: error.length, message: error.message, hint: error.hint });
      return false;
    }
  }

  /**
   * Where character `at` of an attribute's value stands in the file. Line ends in a value lose their indentation, so
   * what is not blank is counted. Null for a value with entities (&quot;), which is shorter than it is written.
   */
  private placeIn(attribute: AttributeNode, value: string, at: number): { line: number; column: number } | null {
    const { start, end } = attribute.position ?? {};
    const written = this.source.slice(start?.offset ?? 0, end?.offset ?? 0);
    const pattern = value.trim().split(/\s+/).map(escaped).join('\\s+');
    const found = new RegExp(`(["'])\\s*${pattern}\\s*\\1$`).exec(written);
    if (start === undefined || found === null) return null;
    let left = value.slice(0, at).replace(/\s/g, '').length;
    let offset = found.index + 1;
    while (offset < written.length && (left > 0 || /\s/.test(written.charAt(offset)))) {
      if (!/\s/.test(written.charAt(offset))) left -= 1;
      offset += 1;
    }
    const lines = written.slice(0, offset).split('\n');
    const last = lines.at(-1) ?? '';
    return {
      line: start.line + lines.length - 1,
      column: lines.length === 1 ? start.column + last.length : last.length + 1,
    };
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
