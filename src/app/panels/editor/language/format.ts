/** Lays out assembly: labels in the first column, instructions four in, comments in one column. */

const INDENT = 4;
const COMMENT_COLUMN = 36;

/** Where the comment of a line begins, outside strings; its length when there is none. */
function commentAt(line: string): number {
  for (const match of line.matchAll(/"(?:\\.|[^"\\])*"?|'\\?.|#|\/\//g)) {
    if (match[0] === '#' || match[0] === '//') return match.index;
  }
  return line.length;
}

/** One blank between words and after commas; strings, and what stands in parentheses, stay as they are. */
function tidy(code: string): string {
  return code
    .split(/("(?:\\.|[^"\\])*"?|\([^()]*\))/)
    .map((part, n) => (n % 2 === 1 ? part : part.replace(/\s+/g, ' ').replace(/ ?, ?/g, ', ')))
    .join('')
    .trim();
}

function formatLine(line: string): string {
  const text = line.trimEnd();
  if (text === '' || /\/\*|\*\//.test(text) || /^#/.test(text)) return text;
  const at = commentAt(text);
  const comment = text.slice(at);
  const [, labels = '', code = ''] = /^\s*((?:[\w.$]+:\s*)*)(.*)$/.exec(text.slice(0, at)) ?? [];
  if (labels === '' && code.trim() === '') return ' '.repeat(INDENT) + comment;
  const start = labels.trim() === '' ? ' '.repeat(INDENT) : labels.trim();
  const body = code.trim() === '' ? start : `${labels.trim() === '' ? start : `${start} `.padEnd(INDENT)}${tidy(code)}`;
  return comment === '' ? body : `${`${body} `.padEnd(COMMENT_COLUMN)}${comment}`;
}

/** The same program, laid out; lines of block comments are left alone. */
export function formatText(text: string): string {
  let inComment = false;
  return text
    .split('\n')
    .map((line) => {
      const [opens, closes] = [line.lastIndexOf('/*'), line.lastIndexOf('*/')];
      const left = inComment;
      if (opens > closes) inComment = true;
      else if (closes >= 0) inComment = false;
      return left ? line.trimEnd() : formatLine(line);
    })
    .join('\n');
}
