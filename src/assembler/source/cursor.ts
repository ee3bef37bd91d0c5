import { StatementError } from '../problem.ts';

const BLANKS = /[ \t\r\f\v]*/y;
const NAME = /[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;

/** A place in a statement's text, and the scanning of what every part of the language shares. */
export class Cursor {
  readonly text: string;
  at: number;
  /** Offset behind the statement. */
  readonly end: number;

  constructor(text: string, at = 0, end = text.length) {
    this.text = text;
    this.at = at;
    this.end = end;
  }

  skipBlanks(): void {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.text);
    this.at = Math.min(BLANKS.lastIndex, this.end);
  }

  /** The next character after blanks, "" at the end. */
  peek(): string {
    this.skipBlanks();
    return this.at < this.end ? this.text.charAt(this.at) : '';
  }

  atEnd(): boolean {
    return this.peek() === '';
  }

  /** Takes `word` if it comes next. */
  take(word: string): boolean {
    this.skipBlanks();
    if (this.at + word.length > this.end || !this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** What a sticky pattern matches here, not skipping blanks; null when nothing. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null || pattern.lastIndex > this.end) return null;
    this.at = pattern.lastIndex;
    return found;
  }

  /** A symbol's name, also a quoted one; null when none comes next. */
  name(): string | null {
    this.skipBlanks();
    if (this.at >= this.end) return null;
    const plain = this.match(NAME);
    if (plain !== null) return plain[0];
    const quoted = this.match(QUOTED);
    return quoted === null ? null : (quoted[1] ?? '');
  }

  requireName(what: string): string {
    const name = this.name();
    if (name === null) throw this.error(`${what} expected`);
    return name;
  }

  requireComma(): void {
    if (!this.take(',')) throw this.error('"," expected');
  }

  /** Fails unless nothing but blanks is left. */
  requireEnd(): void {
    if (!this.atEnd()) throw this.error(`"${this.rest()}" is left over`, this.end - this.at);
  }

  rest(): string {
    return this.text.slice(this.at, this.end).trim();
  }

  error(message: string, length = 1, hint = ''): StatementError {
    return new StatementError(message, Math.min(this.at, Math.max(this.end - 1, 0)), length, hint);
  }

  /** The bytes of a string in quotes, escapes replaced (Latin-1 and UTF-8 for what is beyond). */
  string(): number[] {
    if (this.peek() !== '"') throw this.error('a string in quotes expected');
    const bytes: number[] = [];
    let n = this.at + 1;
    for (;;) {
      if (n >= this.end)
        throw new StatementError('the string does not end', this.at, this.end - this.at, 'Close it with ".');
      const character = this.text.charAt(n);
      if (character === '"') break;
      if (character === '\\') n = readEscape(this.text, n + 1, bytes);
      else {
        const code = this.text.codePointAt(n) ?? 0;
        pushUtf8(code, bytes);
        n += code > 0xffff ? 2 : 1;
      }
    }
    this.at = n + 1;
    return bytes;
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, '\\': 92, '"': 34 };
const OCTAL = /[0-7]{1,3}/y;
const HEX = /[xX]([0-9a-fA-F]+)/y;

/** Reads what follows a backslash at `at`; appends the byte; returns the offset behind. */
export function readEscape(text: string, at: number, bytes: number[]): number {
  const letter = text.charAt(at);
  OCTAL.lastIndex = at;
  const octal = OCTAL.exec(text);
  if (octal !== null) {
    bytes.push(Number.parseInt(octal[0], 8) & 0xff);
    return at + octal[0].length;
  }
  HEX.lastIndex = at;
  const hex = HEX.exec(text);
  if (hex !== null) {
    bytes.push(Number.parseInt((hex[1] ?? '').slice(-2), 16));
    return at + hex[0].length;
  }
  // GNU as keeps the character of an escape it does not know, with a warning.
  bytes.push(SIMPLE_ESCAPES[letter] ?? text.charCodeAt(at) & 0xff);
  return at + 1;
}

function pushUtf8(code: number, bytes: number[]): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else {
    bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
}
