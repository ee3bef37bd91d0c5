import { type Token, tokenizerOf } from './tokens.ts';

/** The first word of a statement is the mnemonic; later words are symbols. Prefixes leave the place free. */
function wordKind(text: string, sofar: readonly Token[]): 'mnemonic' | 'text' {
  const begun = sofar.some(
    ({ kind }) => kind === 'mnemonic' || kind === 'directive' || kind === 'number' || kind === 'register',
  );
  return begun || /[^\w]/.test(text) ? 'text' : 'mnemonic';
}

/** GNU as, AT&T syntax, with C comments and preprocessor lines. */
export const tokenizeAssembly = tokenizerOf([
  { pattern: /#\s*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif)\b.*$/y, kind: 'directive' },
  { pattern: /(?:#|\/\/).*$/y, kind: 'comment' },
  { pattern: /"(?:\\.|[^"\\])*"?/y, kind: 'string' },
  { pattern: /[\w.$]+:/y, kind: 'label' },
  { pattern: /%[a-z][a-z0-9]*/iy, kind: 'register' },
  { pattern: /\$?-?(?:0x[\da-f]+|0b[01]+|\d[\da-f]*[bf]?)\b/iy, kind: 'number' },
  { pattern: /\$[A-Za-z_.][\w.]*/y, kind: 'number' },
  { pattern: /\.[A-Za-z_][\w.]*/y, kind: 'directive' },
  { pattern: /@\w+/y, kind: 'directive' },
  { pattern: /[A-Za-z_][\w.]*/y, kind: wordKind },
]);
