/** What a piece of source is, for its colour. */
export type TokenKind = 'text' | 'mnemonic' | 'register' | 'number' | 'string' | 'directive' | 'label' | 'comment';

export interface Token {
  readonly kind: TokenKind;
  /** Column of the first character, from 0; the token reaches to the next one or to the line's end. */
  readonly start: number;
}

/** What a line inherits from the one before. */
export interface LineState {
  /** It begins inside a block comment. */
  readonly inComment: boolean;
  /** Assembly: in Intel's syntax. */
  readonly intel?: boolean;
}

export interface TokenLine {
  readonly tokens: readonly Token[];
  readonly end: LineState;
}

export type Tokenizer = (line: string, state: LineState) => TokenLine;
export const startState: LineState = { inComment: false };

export interface Rule {
  readonly pattern: RegExp;
  readonly kind: TokenKind | ((text: string, sofar: readonly Token[]) => TokenKind);
}

/**
 * A tokenizer that tries sticky (`y`) patterns in order at each place. Block comments are the same in every language
 * shown here.
 */
export function tokenizerOf(rules: readonly Rule[]): Tokenizer {
  return (line, state) => {
    const tokens: Token[] = [];
    let { inComment } = state;
    let at = 0;
    const push = (kind: TokenKind, length: number) => {
      if (tokens.at(-1)?.kind !== kind) tokens.push({ kind, start: at });
      at += length;
    };
    while (at < line.length) {
      if (inComment || line.startsWith('/*', at)) {
        const end = line.indexOf('*/', inComment ? at : at + 2);
        inComment = end < 0;
        push('comment', (end < 0 ? line.length : end + 2) - at);
        continue;
      }
      const [kind, length] = firstMatch(rules, line, at, tokens);
      push(kind, length);
    }
    return { tokens, end: { inComment } };
  };
}

function firstMatch(rules: readonly Rule[], line: string, at: number, tokens: readonly Token[]): [TokenKind, number] {
  for (const { pattern, kind } of rules) {
    pattern.lastIndex = at;
    const text = pattern.exec(line)?.[0];
    if (text !== undefined && text !== '') return [typeof kind === 'string' ? kind : kind(text, tokens), text.length];
  }
  return ['text', 1];
}

/** Cuts a line into its tokens' texts. */
export function piecesOf(line: string, tokens: readonly Token[]): readonly { kind: TokenKind; text: string }[] {
  return tokens.map(({ kind, start }, index) => ({ kind, text: line.slice(start, tokens[index + 1]?.start) }));
}
