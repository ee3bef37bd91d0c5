/** Words, numbers, strings and signs of the small languages that attributes are written in. */
import { LanguageError } from '../problem.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'end';
  /** As written; of a string, what stands between the quotes. */
  readonly text: string;
  readonly value: bigint;
  readonly at: number;
  readonly length: number;
}

/** An attribute is a line or two; what is longer is a mistake. */
export const MAX_TEXT = 1000;

const SHAPES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /0[xX][0-9a-fA-F_]+|[0-9][0-9a-fA-F_]*[hH]\b|[0-9][0-9_]*/y],
  ['word', /[A-Za-z_#][\w#]*(?:-[A-Za-z]\w*)*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['sign', />=|<=|!=|==|[-+=<>[\]:,;.()]/y],
];

function numberOf(text: string): bigint {
  const digits = text.replaceAll('_', '');
  return /[hH]$/.test(digits) ? BigInt(`0x${digits.slice(0, -1)}`) : BigInt(digits);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function match(text: string, at: number): Token | undefined {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const found = shape.exec(text)?.[0];
    if (found === undefined) continue;
    if (kind === 'number' && /[\w]/.test(text.charAt(at + found.length))) return undefined;
    const content = kind === 'string' ? found.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) : found;
    return { kind, text: content, value: kind === 'number' ? numberOf(found) : 0n, at, length: found.length };
  }
  return undefined;
}

/** Throws a LanguageError for what is no token. The last one has the kind `end`. */
export function tokensOf(text: string): Token[] {
  if (text.length > MAX_TEXT) {
    throw new LanguageError(`This has ${text.length} characters; at most ${MAX_TEXT} are read`, 0, text.length);
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = match(text, at);
    if (token === undefined) throw badCharacter(text, at);
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', value: 0n, at: text.length, length: 1 });
  return tokens;
}

function badCharacter(text: string, at: number): LanguageError {
  if (text.charAt(at) === '"')
    return new LanguageError('This text has no end', at, text.length - at, 'Close it with a ".');
  if (/[0-9]/.test(text.charAt(at))) {
    const length = /^\w*/.exec(text.slice(at))?.[0].length ?? 1;
    return new LanguageError('This is no number', at, length, 'Numbers are written 35, 0x23 or 23h.');
  }
  return new LanguageError(`${JSON.stringify(text.charAt(at))} cannot stand here`, at, 1);
}
