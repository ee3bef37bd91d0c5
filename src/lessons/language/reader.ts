/** Reads tokens one after the other. */
import { LanguageError } from '../problem.ts';
import { type Token, tokensOf } from './tokens.ts';

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

export class Reader {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  get next(): Token {
    return this.tokens[Math.min(this.position, this.tokens.length - 1)] as Token;
  }
  get atEnd(): boolean {
    return this.next.kind === 'end';
  }
  /** The token `ahead` places further on. */
  peek(ahead: number): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)] as Token;
  }
  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.position += 1;
    return token;
  }

  /** Takes a word if one of these comes next, in any case; gives it in small letters. */
  word(...words: readonly string[]): string | undefined {
    const { kind, text } = this.next;
    const small = text.toLowerCase();
    if (kind !== 'word' || !words.includes(small)) return undefined;
    this.take();
    return small;
  }
  sign(sign: string): boolean {
    if (this.next.kind !== 'sign' || this.next.text !== sign) return false;
    this.take();
    return true;
  }
  expectSign(sign: string, after: string): void {
    if (!this.sign(sign)) throw this.wrong(`Expected ${sign} after ${after}`);
  }
  number(what: string): bigint {
    if (this.next.kind !== 'number')
      throw this.wrong(`Expected ${what.charAt(0).toLowerCase()}${what.slice(1)}: a number`);
    return this.take().value;
  }
  /** A whole number that is used as a count. */
  count(what: string, most = 1_000_000_000): number {
    const { at, length } = this.next;
    const value = this.number(what);
    if (value > BigInt(most)) throw new LanguageError(`${what} is at most ${most}`, at, length);
    return Number(value);
  }
  string(what: string): string {
    if (this.next.kind !== 'string') throw this.wrong(`Expected ${what} in double quotes`);
    return this.take().text;
  }

  operator(): Operator | undefined {
    const { kind, text } = this.next;
    const found = OPERATORS.find((operator) => operator === (text === '==' ? '=' : text));
    if (kind !== 'sign' || found === undefined) return undefined;
    this.take();
    return found;
  }
  expectOperator(): Operator {
    const found = this.operator();
    if (found === undefined) throw this.wrong('Expected a comparison', `Write one of ${OPERATORS.join(' ')}.`);
    return found;
  }

  /** The next token is not what could stand here. */
  wrong(message: string, hint = ''): LanguageError {
    const { kind, text, at, length } = this.next;
    const found = kind === 'end' ? 'the end' : kind === 'string' ? 'a text' : text;
    return new LanguageError(`${message}, found ${found}`, at, length, hint);
  }

  /** What has been read since a token. */
  since(token: Token): string {
    const last = this.tokens[Math.max(this.position - 1, 0)] as Token;
    return this.text.slice(token.at, last.at + last.length);
  }
}
