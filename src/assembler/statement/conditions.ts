import { Limits, StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Line } from '../source/line.ts';
import type { Context } from './context.ts';

interface Condition {
  active: boolean;
  taken: boolean;
  sawElse: boolean;
  /** The `.if` stands in lines that are skipped: none of its branches counts. */
  readonly dead: boolean;
  readonly line: Line;
}

const IFS: ReadonlySet<string> = new Set(
  '.if .ifdef .ifndef .ifnotdef .ifb .ifnb .ifc .ifnc .ifeqs .ifnes .ifeq .ifne .iflt .ifle .ifgt .ifge'.split(' '),
);

/** The `.if`s around the statement being read. */
export class Conditions {
  private readonly open: Condition[] = [];

  get depth(): number {
    return this.open.length;
  }

  /** Whether statements count here. */
  get active(): boolean {
    return this.open.at(-1)?.active ?? true;
  }

  /** Forgets the conditionals beyond `depth`; gives the line of the last when there were any. */
  truncate(depth: number): Line | null {
    const last = this.open.length > depth ? (this.open.at(-1)?.line ?? null) : null;
    this.open.length = Math.min(depth, this.open.length);
    return last;
  }

  isConditional(word: string): boolean {
    return (
      IFS.has(word) ||
      word === '.else' ||
      word === '.elseif' ||
      word === '.endif' ||
      word === '.elsec' ||
      word === '.endc'
    );
  }

  handle(word: string, context: Context, cursor: Cursor, line: Line): void {
    if (IFS.has(word)) {
      if (this.open.length >= Limits.conditionDepth)
        throw new StatementError('conditionals are inside each other too deep');
      const dead = !this.active;
      const holds = !dead && this.holds(word, context, cursor, line);
      this.open.push({ active: holds, taken: holds, sawElse: false, dead, line });
      if (dead) cursor.at = cursor.end;
      return;
    }
    const condition = this.open.at(-1);
    if (condition === undefined) throw new StatementError(`${word} without .if`);
    if (word === '.endif' || word === '.endc') {
      this.open.pop();
      cursor.at = cursor.end;
      return;
    }
    if (condition.sawElse) throw new StatementError(`${word} after .else`);
    if (word === '.else') {
      condition.sawElse = true;
      condition.active = !condition.dead && !condition.taken;
      condition.taken = true;
      return;
    }
    const possible = !condition.dead && !condition.taken;
    condition.active = false;
    condition.active = possible && context.constant(cursor, 'the condition') !== 0n;
    condition.taken ||= condition.active;
    cursor.at = cursor.end;
  }

  private holds(word: string, context: Context, cursor: Cursor, line: Line): boolean {
    try {
      return test(word, context, cursor);
    } catch (error) {
      // The branch is skipped then, so that its .endif still has its .if.
      this.open.push({ active: false, taken: true, sawElse: false, dead: true, line });
      throw error;
    }
  }
}

function test(word: string, context: Context, cursor: Cursor): boolean {
  switch (word) {
    case '.ifdef':
    case '.ifndef':
    case '.ifnotdef': {
      const symbol = context.find(cursor.requireName('a symbol name'));
      const defined = symbol !== undefined && symbol.state !== 'undefined';
      return defined === (word === '.ifdef');
    }
    case '.ifb':
    case '.ifnb': {
      const blank = cursor.rest() === '';
      cursor.at = cursor.end;
      return blank === (word === '.ifb');
    }
    case '.ifc':
    case '.ifnc': {
      const [left = '', right = ''] = splitPair(cursor.rest());
      cursor.at = cursor.end;
      return (left === right) === (word === '.ifc');
    }
    case '.ifeqs':
    case '.ifnes': {
      const left = String.fromCharCode(...cursor.string());
      cursor.requireComma();
      const right = String.fromCharCode(...cursor.string());
      return (left === right) === (word === '.ifeqs');
    }
    default:
      break;
  }
  const value = context.constant(cursor, 'the condition');
  switch (word) {
    case '.ifeq':
      return value === 0n;
    case '.iflt':
      return value < 0n;
    case '.ifle':
      return value <= 0n;
    case '.ifgt':
      return value > 0n;
    case '.ifge':
      return value >= 0n;
    default:
      return value !== 0n;
  }
}

/** The two strings of `.ifc`, with or without quotes. */
function splitPair(text: string): string[] {
  const found = /^('[^']*'|"[^"]*"|[^,]*?)\s*,\s*('[^']*'|"[^"]*"|.*)$/.exec(text);
  if (found === null) return [text, ''];
  return [found[1] ?? '', found[2] ?? ''].map((part) => part.trim().replace(/^'(.*)'$|^"(.*)"$/, '$1$2'));
}
