import { StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Line } from '../source/line.ts';

export interface MacroParameter {
  readonly name: string;
  readonly fallback: string;
  readonly required: boolean;
  readonly variadic: boolean;
}

export interface AssemblerMacro {
  readonly name: string;
  readonly parameters: readonly MacroParameter[];
  readonly body: readonly Line[];
}

/** Parses what follows `.macro`: the name and the parameters with their defaults. */
export function parseMacroHead(cursor: Cursor): { name: string; parameters: MacroParameter[] } {
  const name = cursor.requireName('a macro name');
  cursor.take(',');
  const parameters: MacroParameter[] = [];
  while (!cursor.atEnd()) {
    const start = cursor.at;
    const parameter = cursor.match(/[\w.$]+/y)?.[0];
    if (parameter === undefined) throw cursor.error('a parameter name expected');
    if (parameters.some((other) => other.name === parameter)) {
      throw new StatementError(`there are two parameters ${parameter}`, start, parameter.length);
    }
    const kind = cursor.match(/\s*:\s*(req|vararg)\b/y)?.[1];
    const fallback = cursor.take('=') ? argument(cursor) : '';
    parameters.push({ name: parameter, fallback, required: kind === 'req', variadic: kind === 'vararg' });
    cursor.take(',');
  }
  return { name, parameters };
}

/** Characters between which GNU as keeps a blank; beside all others blanks vanish, so "1 + 2" is one argument. */
const KEEPS_BLANK = /[\w.$@\\"'*%\-([{}~\u0080-\uffff]/;

/** One argument, which ends at a comma or at a blank between two words. */
function argument(cursor: Cursor): string {
  const { text, end } = cursor;
  cursor.skipBlanks();
  let out = '';
  let n = cursor.at;
  let open = 0;
  if (text.charAt(n) === '"') {
    // A string alone is passed without its quotes.
    const close = stringEnd(text, n, end);
    const behind = text.slice(close, end).trimStart().charAt(0);
    if (behind === '' || behind === ',' || /\s/.test(text.charAt(close))) {
      cursor.at = close;
      return text.slice(n + 1, close - 1);
    }
  }
  while (n < end) {
    const character = text.charAt(n);
    if (character === ',') break;
    if (character === '"') {
      const close = stringEnd(text, n, end);
      out += text.slice(n, close);
      n = close;
      continue;
    }
    if (/\s/.test(character)) {
      let next = n;
      while (next < end && /\s/.test(text.charAt(next))) next++;
      const behind = text.charAt(next);
      if (next >= end || behind === ',') {
        n = next;
        break;
      }
      const kept = KEEPS_BLANK.test(out.charAt(out.length - 1)) && KEEPS_BLANK.test(behind);
      if (kept && open === 0) break;
      if (kept) out += ' ';
      n = next;
      continue;
    }
    if (character === '(' || character === '[') open++;
    if (character === ')' || character === ']') open--;
    out += character;
    n++;
  }
  cursor.at = n;
  return out;
}

function stringEnd(text: string, start: number, end: number): number {
  let n = start + 1;
  while (n < end && text.charAt(n) !== '"') n += text.charAt(n) === '\\' ? 2 : 1;
  return Math.min(n + 1, end);
}

/** The values of a macro's parameters in a call; the cursor stands behind the macro's name. */
export function readArguments(macro: AssemblerMacro, cursor: Cursor): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let position = 0;
  while (!cursor.atEnd()) {
    const start = cursor.at;
    const keyword = cursor.match(/([\w.$]+)\s*=(?!=)\s*/y)?.[1];
    if (keyword !== undefined) {
      const parameter = macro.parameters.find((candidate) => candidate.name === keyword);
      if (parameter === undefined) {
        const known = macro.parameters.map((candidate) => candidate.name).join(', ');
        throw new StatementError(
          `macro ${macro.name} has no parameter ${keyword}`,
          start,
          keyword.length,
          known === '' ? 'It has none.' : `It has ${known}.`,
        );
      }
      values.set(keyword, parameter.variadic ? allThatIsLeft(cursor) : argument(cursor));
    } else {
      const parameter = macro.parameters[position++];
      if (parameter === undefined) {
        throw new StatementError(
          `macro ${macro.name} takes ${macro.parameters.length} arguments; this is one more`,
          start,
          cursor.end - start,
        );
      }
      const value = parameter.variadic ? allThatIsLeft(cursor) : argument(cursor);
      if (value !== '') values.set(parameter.name, value);
    }
    if (!cursor.take(',')) cursor.skipBlanks();
    if (cursor.at === start) throw cursor.error('a macro argument expected');
  }
  for (const parameter of macro.parameters) {
    if (values.has(parameter.name)) continue;
    if (parameter.required) throw new StatementError(`macro ${macro.name} needs an argument for ${parameter.name}`);
    values.set(parameter.name, parameter.fallback);
  }
  return values;
}

function allThatIsLeft(cursor: Cursor): string {
  const value = cursor.rest();
  cursor.at = cursor.end;
  return value.replace(/\s+/g, ' ');
}

/** A list as `.irp` takes: arguments separated by commas or blanks. */
export function readList(cursor: Cursor): string[] {
  const values: string[] = [];
  while (!cursor.atEnd()) {
    const start = cursor.at;
    values.push(argument(cursor));
    if (!cursor.take(',')) cursor.skipBlanks();
    if (cursor.at === start) throw cursor.error('a value expected');
  }
  return values.length === 0 ? [''] : values;
}

const REFERENCE = /\\(?:\(\)|@|([A-Za-z_$.][\w$.]*))/g;

/** The body with `\name`, `\@` (number of this expansion) and `\()` replaced. */
export function expandBody(body: readonly Line[], values: ReadonlyMap<string, string>, serial: number): Line[] {
  return body.map((line) => {
    if (!line.text.includes('\\')) return line;
    let changed = false;
    const text = line.text.replace(REFERENCE, (whole, name: string | undefined) => {
      if (whole === '\\()') {
        changed = true;
        return '';
      }
      if (whole === '\\@') {
        changed = true;
        return String(serial);
      }
      const found = longestName(name ?? '', values);
      if (found === '') return whole;
      changed = true;
      return (values.get(found) ?? '') + (name ?? '').slice(found.length);
    });
    if (!changed) return line;
    const column =
      (line.columns === null ? line.text.length - line.text.trimStart().length : (line.columns[0] ?? 1) - 1) + 1;
    return { text, file: line.file, line: line.line, columns: Int32Array.of(column) };
  });
}

/** "\reg.foo" means parameter "reg" when there is no "reg.foo". */
function longestName(name: string, values: ReadonlyMap<string, string>): string {
  if (values.has(name)) return name;
  const dot = name.search(/[.$]/);
  const head = dot > 0 ? name.slice(0, dot) : '';
  return head !== '' && values.has(head) ? head : '';
}
