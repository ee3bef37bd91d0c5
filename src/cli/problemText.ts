import type { Problem } from '../assembler/index.ts';

/** A problem as compilers print it: place, message, the line with the part underlined, and what to do. */
export function problemText(problem: Problem, source: string | null): string {
  const { file, line, column, length, message, hint } = problem;
  const text = [`${file}:${line}:${column}: ${message}`];
  const shown = source?.split(/\r\n|\n|\r/)[line - 1];
  if (shown !== undefined && shown.trim() !== '') {
    const lead = shown.slice(0, column - 1).replace(/[^\t]/g, ' ');
    text.push(`  ${shown}`, `  ${lead}${'^'.repeat(Math.max(1, Math.min(length, shown.length - column + 1)))}`);
  }
  if (hint !== '') text.push(`  ${hint}`);
  return `${text.join('\n')}\n`;
}
