/** Names in a program's text. */

export interface NamedPlace {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly kind: 'label' | 'constant' | 'macro';
}

const LABEL = /^(\s*)([A-Za-z_.$][\w.$]*|\d+)\s*:/;
const CONSTANT = /^(\s*(?:\.(?:set|equ|equiv)\s+|#\s*define\s+))([A-Za-z_.$][\w.$]*)/;
const EQUALS = /^(\s*)([A-Za-z_.$][\w.$]*)\s*=[^=]/;
const MACRO = /^(\s*\.macro\s+)([A-Za-z_.$][\w.$]*)/;

/** What a text defines: labels (also numeric ones), constants and macros, in order. */
export function definitions(text: string): readonly NamedPlace[] {
  const found: NamedPlace[] = [];
  text.split('\n').forEach((content, index) => {
    const note = (match: RegExpExecArray | null, kind: NamedPlace['kind']) => {
      if (match !== null) {
        found.push({ name: match[2] ?? '', line: index + 1, column: (match[1] ?? '').length + 1, kind });
      }
    };
    note(LABEL.exec(content), 'label');
    note(CONSTANT.exec(content), 'constant');
    note(EQUALS.exec(content), 'constant');
    note(MACRO.exec(content), 'macro');
  });
  return found;
}

/** Where a name used on `line` is defined. "1b" is the last 1: at or before the line, "1f" the next one after it. */
export function definitionOf(text: string, name: string, line: number): NamedPlace | undefined {
  const local = /^(\d+)([bf])$/i.exec(name);
  const all = definitions(text);
  if (local === null) return all.find((place) => place.name === name);
  const same = all.filter((place) => place.name === local[1]);
  return local[2]?.toLowerCase() === 'b'
    ? same.filter((place) => place.line <= line).at(-1)
    : same.find((place) => place.line > line);
}

export interface HeaderConstant {
  readonly name: string;
  readonly value: string;
  /** The comment behind it. */
  readonly meaning: string;
}

/** The constants a C header defines: `#define SYS_write 1   /* ... *\/`. */
export function headerConstants(text: string): readonly HeaderConstant[] {
  return text.split('\n').flatMap((line) => {
    const match = /^#define\s+([A-Z]\w*)\s+(\S+)\s*(?:\/\*\s*(.*?)\s*(?:\*\/)?)?$/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', value: match[2] ?? '', meaning: match[3] ?? '' }];
  });
}

export interface Word {
  readonly text: string;
  /** Columns from 1; `end` is behind the last character. */
  readonly start: number;
  readonly end: number;
}

/** The name, register (with its %) or number at a column of a line; in a comment or string nothing is one. */
export function wordAt(line: string, column: number): Word | undefined {
  for (const match of line.matchAll(/#.*$|\/\/.*$|"(?:\\.|[^"\\])*"?|%?[A-Za-z_.$][\w.$]*|\d+[bfBF]?/g)) {
    const start = match.index + 1;
    const end = start + match[0].length;
    if (column < start || column > end) continue;
    const name = match[0].replace(/^\$/, '');
    return /^["#/]/.test(name) ? undefined : { text: name, start: end - name.length, end };
  }
  return undefined;
}

/** True at the place of a mnemonic: only labels and prefixes stand before it. */
export function isMnemonicPlace(before: string): boolean {
  return /^\s*(?:[\w.$]+:\s*)*(?:(?:rep\w*|lock)\s+)?[A-Za-z]\w*$|^\s*(?:[\w.$]+:\s*)*$/.test(before);
}
