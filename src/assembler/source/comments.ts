/** Carries an open comment from line to line. */
export interface CommentState {
  inBlock: boolean;
}

/**
 * Replaces comments by blanks, so that columns stay. `#` opens one unless the line is a preprocessor directive, which the
 * caller has to tell by `keepHash`.
 */
export function blankComments(text: string, state: CommentState, keepHash: boolean): string {
  if (!state.inBlock && !/[#/;'"]/.test(text)) return text;
  let out = '';
  let from = 0;
  let n = 0;
  const blank = (to: number): void => {
    out += ' '.repeat(to - from);
    from = to;
  };
  if (state.inBlock) {
    const close = text.indexOf('*/');
    if (close < 0) return ' '.repeat(text.length);
    state.inBlock = false;
    blank(close + 2);
    n = from;
  }
  while (n < text.length) {
    const character = text.charAt(n);
    if (character === '"') n = endOfString(text, n);
    else if (character === "'") n = endOfCharacter(text, n);
    else if (character === '#' && !keepHash) return out + text.slice(from, n);
    else if (character === '/' && text.charAt(n + 1) === '/') return out + text.slice(from, n);
    else if (character === '/' && text.charAt(n + 1) === '*') {
      out += text.slice(from, n);
      from = n;
      const close = text.indexOf('*/', n + 2);
      if (close < 0) {
        state.inBlock = true;
        return out;
      }
      blank(close + 2);
      n = from;
    } else n++;
  }
  return out + text.slice(from);
}

/** Offset behind the string that starts at `start`; the line's end when it does not end. */
export function endOfString(text: string, start: number): number {
  let n = start + 1;
  while (n < text.length) {
    const character = text.charAt(n);
    if (character === '\\') n += 2;
    else if (character === '"') return n + 1;
    else n++;
  }
  return text.length;
}

/** Offset behind a character constant: 'c, 'c', '\n, '\n'. */
export function endOfCharacter(text: string, start: number): number {
  let n = start + (text.charAt(start + 1) === '\\' ? 3 : 2);
  if (text.charAt(n) === "'") n++;
  return Math.min(n, text.length);
}
