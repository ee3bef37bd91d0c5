import { Limits, type Problem } from '../problem.ts';
import { blankComments, type CommentState } from './comments.ts';
import { evaluateCondition } from './condition.ts';
import { CppMacros } from './cppMacros.ts';
import type { Line } from './line.ts';

export interface PreprocessOptions {
  /** The text of a file, or null when there is none. */
  readonly include: (path: string) => string | null;
  readonly defines: Readonly<Record<string, string>>;
  /** False leaves `#define` and its kind alone, as GNU as does with .s files: then only comments go. */
  readonly directives: boolean;
  readonly problem: (problem: Problem) => void;
}

interface Condition {
  /** This branch's lines are read. */
  active: boolean;
  /** Some branch before was. */
  taken: boolean;
  sawElse: boolean;
  readonly line: number;
}

const DIRECTIVE = /^\s*#\s*(include|define|undef|ifdef|ifndef|if|elif|else|endif|error|warning|pragma|line)\b(.*)$/;
const PREDEFINED: Readonly<Record<string, string>> = {
  __ASSEMBLER__: '1',
  __x86_64__: '1',
  __x86_64: '1',
  __amd64__: '1',
  __amd64: '1',
  __ELF__: '1',
  __LP64__: '1',
  _LP64: '1',
};

/** What the C preprocessor does to a .S file: directives, macros, comments. */
export class Preprocessor {
  readonly lines: Line[] = [];
  private readonly macros = new CppMacros();
  private readonly once = new Set<string>();
  private readonly options: PreprocessOptions;
  private length = 0;
  private included = 0;
  /** A source without end: nothing more is read. */
  private stopped = false;

  constructor(options: PreprocessOptions) {
    this.options = options;
    const defines = { ...(options.directives ? PREDEFINED : {}), ...options.defines };
    for (const [name, body] of Object.entries(defines)) {
      this.macros.table.set(name, { name, parameters: null, variadic: false, body });
    }
  }

  run(source: string, file: string, depth = 0): void {
    const comments: CommentState = { inBlock: false };
    const conditions: Condition[] = [];
    const texts = source.split(/\r\n|\n|\r/);
    if (texts.at(-1) === '') texts.pop();
    for (let n = 0; n < texts.length && !this.stopped; n++) {
      const line = n + 1;
      let text = texts[n] ?? '';
      while (
        text.endsWith('\\') &&
        this.options.directives &&
        n + 1 < texts.length &&
        text.length < Limits.lineLength
      ) {
        text = `${text.slice(0, -1)} ${texts[++n]}`;
      }
      const isDirective = this.options.directives && !comments.inBlock && DIRECTIVE.test(text);
      text = blankComments(text, comments, isDirective);
      const active = conditions.every((condition) => condition.active);
      const directive = isDirective ? DIRECTIVE.exec(text) : null;
      if (directive !== null) {
        this.directive(
          directive[1] ?? '',
          directive[2] ?? '',
          { text, file, line, columns: null },
          conditions,
          active,
          depth,
        );
      } else if (active) this.plain(text, file, line);
      if (this.length > Limits.sourceLength) {
        this.report({ text, file, line, columns: null }, 'the source is too long', '');
        return;
      }
    }
    const open = this.stopped ? undefined : conditions.at(-1);
    if (open !== undefined) {
      this.report({ text: '', file, line: open.line, columns: null }, 'this #if has no #endif', 'Add #endif.');
    }
  }

  private plain(text: string, file: string, line: number): void {
    const expanded = this.options.directives ? this.macros.expandLine(text, line, file) : { text, columns: null };
    // A macro's body may bring a comment of its own.
    const clean = expanded.columns === null ? expanded.text : blankComments(expanded.text, { inBlock: false }, false);
    const result: Line = { text: clean, file, line, columns: expanded.columns };
    this.length += expanded.text.length + 16;
    this.checkOverflow({ text, file, line, columns: null });
    this.lines.push(result);
  }

  private checkOverflow(line: Line): void {
    if (!this.macros.overflow) return;
    this.macros.overflow = false;
    this.report(line, 'macros expand into too much text here', 'A macro may call itself through others.');
  }

  private report(line: Line, message: string, hint: string): void {
    const column = line.text.length - line.text.trimStart().length + 1;
    const length = Math.max(1, line.text.trim().length);
    this.options.problem({ file: line.file, line: line.line, column, length, message, hint });
  }

  private directive(
    name: string,
    rest: string,
    line: Line,
    conditions: Condition[],
    active: boolean,
    depth: number,
  ): void {
    if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
      const holds = active && this.condition(name, rest, line);
      conditions.push({ active: holds, taken: holds || !active, sawElse: false, line: line.line });
      return;
    }
    if (name === 'elif' || name === 'else' || name === 'endif') {
      this.branch(name, rest, line, conditions);
      return;
    }
    if (!active) return;
    switch (name) {
      case 'define':
        this.define(rest, line);
        return;
      case 'undef':
        this.macros.table.delete(rest.trim());
        return;
      case 'include':
        this.include(rest.trim(), line, depth);
        return;
      case 'pragma':
        if (rest.trim() === 'once') this.once.add(line.file);
        return;
      case 'error':
        this.report(line, `#error ${rest.trim()}`, '');
        return;
      default:
        return;
    }
  }

  private condition(name: string, rest: string, line: Line): boolean {
    const word = rest.trim();
    if (name !== 'if') {
      if (!/^[A-Za-z_]\w*$/.test(word)) this.report(line, `#${name} needs a name`, '');
      return this.macros.table.has(word) === (name === 'ifdef');
    }
    const value = evaluateCondition(this.macros.expandCondition(rest, line.line, line.file), () => false);
    this.checkOverflow(line);
    if (typeof value !== 'string') return value !== 0n;
    this.report(line, value, '');
    return false;
  }

  private branch(name: string, rest: string, line: Line, conditions: Condition[]): void {
    const condition = conditions.at(-1);
    if (condition === undefined) {
      this.report(line, `#${name} without #if`, '');
      return;
    }
    if (name === 'endif') {
      conditions.pop();
      return;
    }
    if (condition.sawElse) this.report(line, `#${name} after #else`, '');
    if (name === 'else') condition.sawElse = true;
    const outer = conditions.slice(0, -1).every((other) => other.active);
    condition.active = outer && !condition.taken && (name === 'else' || this.condition('if', rest, line));
    condition.taken ||= condition.active;
  }

  private define(rest: string, line: Line): void {
    const found = /^\s*([A-Za-z_]\w*)(\(([^)]*)\))?(.*)$/.exec(rest);
    if (found === null) {
      this.report(line, '#define needs a name', '');
      return;
    }
    const [, name = '', list, inner = '', body = ''] = found;
    let parameters: string[] | null = null;
    let variadic = false;
    if (list !== undefined) {
      parameters = inner.split(',').map((parameter) => parameter.trim());
      if (parameters.length === 1 && parameters[0] === '') parameters = [];
      const last = parameters.at(-1);
      if (last?.endsWith('...') === true) {
        variadic = true;
        parameters[parameters.length - 1] = last.slice(0, -3).trim() || '__VA_ARGS__';
      }
    }
    this.macros.table.set(name, { name, parameters, variadic, body: body.trim() });
  }

  private include(rest: string, line: Line, depth: number): void {
    const spelled = /^"([^"]*)"|^<([^>]*)>/.exec(rest);
    const path = spelled?.[1] ?? spelled?.[2];
    if (path === undefined) {
      this.report(line, '#include needs "file" or <file>', '');
      return;
    }
    this.included += 1;
    if (depth >= Limits.includeDepth || this.included > Limits.includes) {
      this.report(line, 'files include each other without end', 'Put #pragma once at the top of the header.');
      this.stopped = true;
      return;
    }
    const found = findFile(path, line.file, spelled?.[1] !== undefined, this.options.include);
    if (found === null) {
      this.report(line, `there is no file ${path}`, '');
      return;
    }
    if (!this.once.has(found.path)) this.run(found.text, found.path, depth + 1);
  }
}

/** Looks beside the including file first when the name stands in quotes, then as it is. */
export function findFile(
  path: string,
  from: string,
  quoted: boolean,
  include: (path: string) => string | null,
): { readonly path: string; readonly text: string } | null {
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  for (const candidate of quoted && folder !== '' && !path.startsWith('/') ? [folder + path, path] : [path]) {
    const text = include(candidate);
    if (text !== null) return { path: candidate, text };
  }
  return null;
}
