import { Limits } from '../problem.ts';
import { endOfCharacter, endOfString } from './comments.ts';

/** A `#define`. `parameters` is null for one without parentheses; `variadic` when the last takes all that is left. */
export interface CppMacro {
  readonly name: string;
  readonly parameters: readonly string[] | null;
  readonly variadic: boolean;
  readonly body: string;
}

/** Text with the column each character came from. */
export interface Expanded {
  readonly text: string;
  readonly columns: Int32Array | null;
}

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /\.?[0-9](?:[eEpP][+-]|[\w.])*/y;

/** Expands the macros of a line. `fresh` is false for text already expanded. */
export class CppMacros {
  readonly table = new Map<string, CppMacro>();
  /** Set when an expansion grew beyond all bounds; the caller reports it. */
  overflow = false;
  private budget = 0;

  /** The line with its macros expanded; the same string when there are none. */
  expandLine(text: string, line: number, file: string): Expanded {
    if (!this.mentionsMacro(text)) return { text, columns: null };
    this.budget = Limits.lineLength;
    const pieces: string[] = [];
    const columns: number[] = [];
    this.scan(text, new Set(), line, file, 0, (piece, at, exact) => {
      pieces.push(piece);
      for (let n = 0; n < piece.length; n++) columns.push((exact ? at + n : at) + 1);
    });
    columns.push(text.length + 1);
    return { text: pieces.join(''), columns: Int32Array.from(columns) };
  }

  /** The text of an `#if` expanded, with the operands of `defined` left alone. */
  expandCondition(text: string, line: number, file: string): string {
    this.budget = Limits.lineLength;
    const guarded = text.replace(/\bdefined\s*(?:\(\s*(\w+)\s*\)|(\w+))/g, (_, a?: string, b?: string) =>
      this.table.has(a ?? b ?? '') ? ' 1 ' : ' 0 ',
    );
    return this.expandText(guarded, new Set(), line, file, 0);
  }

  private mentionsMacro(text: string): boolean {
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) {
      if (this.table.has(name) || name === '__LINE__' || name === '__FILE__') return true;
    }
    return false;
  }

  private expandText(text: string, hidden: ReadonlySet<string>, line: number, file: string, depth: number): string {
    let out = '';
    this.scan(text, hidden, line, file, depth, (piece) => {
      out += piece;
    });
    return out;
  }

  /** Goes over the text and hands out its pieces: `exact` ones are taken over, others come from the macro at `at`. */
  private scan(
    text: string,
    hidden: ReadonlySet<string>,
    line: number,
    file: string,
    depth: number,
    out: (piece: string, at: number, exact: boolean) => void,
  ): void {
    let n = 0;
    let from = 0;
    const flush = (to: number): void => {
      if (to > from) out(text.slice(from, to), from, true);
    };
    while (n < text.length && !this.overflow) {
      const character = text.charAt(n);
      if (character === '"') n = endOfString(text, n);
      else if (character === "'") n = endOfCharacter(text, n);
      else if (/[0-9]/.test(character)) {
        NUMBER.lastIndex = n;
        NUMBER.exec(text);
        n = Math.max(NUMBER.lastIndex, n + 1);
      } else if (/[A-Za-z_]/.test(character)) {
        NAME.lastIndex = n;
        const name = NAME.exec(text)?.[0] ?? '';
        const use = this.use(name, text, n, hidden, line, file, depth);
        if (use === null) n += name.length;
        else {
          flush(n);
          this.budget -= use.text.length;
          if (this.budget < 0) {
            this.overflow = true;
            return;
          }
          out(use.text, n, false);
          n = use.end;
          from = n;
        }
      } else n++;
    }
    flush(text.length);
  }

  private use(
    name: string,
    text: string,
    at: number,
    hidden: ReadonlySet<string>,
    line: number,
    file: string,
    depth: number,
  ): { text: string; end: number } | null {
    const behind = at + name.length;
    if (name === '__LINE__') return { text: String(line), end: behind };
    if (name === '__FILE__') return { text: JSON.stringify(file), end: behind };
    const macro = this.table.get(name);
    if (macro === undefined || hidden.has(name)) return null;
    if (depth > 60) {
      this.overflow = true;
      return null;
    }
    const inner = new Set(hidden).add(name);
    if (macro.parameters === null)
      return { text: this.expandText(macro.body, inner, line, file, depth + 1), end: behind };
    const call = splitArguments(text, behind);
    if (call === null) return null;
    const given = collect(macro, call.list);
    const body = this.substitute(macro, given, hidden, line, file, depth);
    return { text: this.expandText(body, inner, line, file, depth + 1), end: call.end };
  }

  private substitute(
    macro: CppMacro,
    given: readonly string[],
    hidden: ReadonlySet<string>,
    line: number,
    file: string,
    depth: number,
  ): string {
    const parameters = macro.parameters ?? [];
    const tokens =
      macro.body.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|[A-Za-z_]\w*|##|#|\s+|[^\sA-Za-z_"'#]+|./g) ?? [];
    let out = '';
    for (let n = 0; n < tokens.length && !this.overflow; n++) {
      const token = tokens[n] ?? '';
      if (token === '##') {
        out = out.trimEnd();
        while (/^\s+$/.test(tokens[n + 1] ?? '')) n++;
        continue;
      }
      const index = parameters.indexOf(token);
      if (token === '#' && parameters.includes(tokens[n + 1] ?? '')) {
        out += JSON.stringify((given[parameters.indexOf(tokens[++n] ?? '')] ?? '').trim());
      } else if (index < 0) out += token;
      else {
        const pasted = isPasted(tokens, n);
        const argument = given[index] ?? '';
        out += pasted ? argument.trim() : this.expandText(argument.trim(), hidden, line, file, depth + 1);
      }
      if (out.length > Limits.lineLength) {
        this.overflow = true;
        return '';
      }
    }
    return out;
  }
}

function isPasted(tokens: readonly string[], at: number): boolean {
  let after = at + 1;
  while (/^\s+$/.test(tokens[after] ?? '')) after++;
  let before = at - 1;
  while (/^\s+$/.test(tokens[before] ?? '')) before--;
  return tokens[after] === '##' || tokens[before] === '##';
}

function collect(macro: CppMacro, list: readonly string[]): string[] {
  const parameters = macro.parameters ?? [];
  if (!macro.variadic || list.length <= parameters.length) return [...list];
  const named = parameters.length - 1;
  return [...list.slice(0, named), list.slice(named).join(',')];
}

/** The arguments in parentheses at `at`, blanks allowed before; null when there are none or they do not end. */
function splitArguments(text: string, at: number): { list: string[]; end: number } | null {
  let n = at;
  while (/\s/.test(text.charAt(n))) n++;
  if (text.charAt(n) !== '(') return null;
  const list: string[] = [];
  let depth = 0;
  let from = n + 1;
  while (n < text.length) {
    const character = text.charAt(n);
    if (character === '"') {
      n = endOfString(text, n);
      continue;
    }
    if (character === '(') depth++;
    if (character === ')') depth--;
    if ((character === ',' && depth === 1) || depth === 0) {
      list.push(text.slice(from, n));
      from = n + 1;
    }
    n++;
    if (depth === 0) return { list, end: n };
  }
  return null;
}
