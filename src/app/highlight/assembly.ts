import { type LineState, type Rule, type Token, type TokenLine, tokenizerOf } from './tokens.ts';

/** The first word of a statement is the mnemonic; later words are symbols. Prefixes leave the place free. */
function wordKind(text: string, sofar: readonly Token[]): 'mnemonic' | 'text' {
  const begun = sofar.some(
    ({ kind }) => kind === 'mnemonic' || kind === 'directive' || kind === 'number' || kind === 'register',
  );
  return begun || /[^\w]/.test(text) ? 'text' : 'mnemonic';
}

/** What both syntaxes have: the preprocessor, comments, strings, labels. */
const START: readonly Rule[] = [
  { pattern: /#\s*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif)\b.*$/y, kind: 'directive' },
  { pattern: /(?:#|\/\/).*$/y, kind: 'comment' },
  { pattern: /"(?:\\.|[^"\\])*"?/y, kind: 'string' },
  { pattern: /[\w.$]+:/y, kind: 'label' },
  { pattern: /%[a-z][a-z0-9]*/iy, kind: 'register' },
  { pattern: /\$?-?(?:0x[\da-f]+|0b[01]+|\d[\da-f]*[bf]?)\b/iy, kind: 'number' },
];
const END: readonly Rule[] = [
  { pattern: /\.[A-Za-z_][\w.]*/y, kind: 'directive' },
  { pattern: /@\w+/y, kind: 'directive' },
  { pattern: /[A-Za-z_][\w.]*/y, kind: wordKind },
];

const attSyntax = tokenizerOf([...START, { pattern: /\$[A-Za-z_.][\w.]*/y, kind: 'number' }, ...END]);

const LEGACY = '[re]?[abcd]x|[abcd][hl]|[re]?(?:si|di|bp|sp)|(?:si|di|bp|sp)l|[re]?ip';
const NUMBERED = 'r(?:[89]|1[0-5])[dwb]?|[cd]r\\d|[xyz]?mm\\d+|st(?:\\(\\d\\))?';
const REGISTER = new RegExp(`(?:${LEGACY}|${NUMBERED}|[cdefgs]s)\\b`, 'iy');

/** Registers have no %, sizes are told by words. */
const intelSyntax = tokenizerOf([
  ...START,
  { pattern: /\d[\da-f]*h\b/iy, kind: 'number' },
  { pattern: REGISTER, kind: 'register' },
  {
    pattern: /(?:byte|word|dword|fword|qword|tbyte|oword|xmmword|ymmword)\s+ptr\b|\b(?:offset|ptr)\b/iy,
    kind: 'directive',
  },
  ...END,
]);

/** GNU as with C comments and preprocessor lines; `.intel_syntax` and `.att_syntax` hold for the lines behind them. */
export function tokenizeAssembly(line: string, state: LineState): TokenLine {
  const { tokens, end } = (state.intel === true ? intelSyntax : attSyntax)(line, state);
  const change = /^\s*\.(intel|att)_syntax\b/.exec(line)?.[1];
  const intel = change === undefined ? state.intel === true : change === 'intel';
  return { tokens, end: { inComment: end.inComment, intel } };
}
