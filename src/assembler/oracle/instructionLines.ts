// biome-ignore-all lint/correctness/noNodejsModules: an oracle of the tests, never part of the page
import { existsSync, readdirSync } from 'node:fs';
import { assemble, isRejected } from '../assemble.ts';
import type { Syntax } from '../encode/names.ts';
import { gas, runTool } from './binutils.ts';
import { differences } from './compare.ts';

const FOLDER = '/lib/x86_64-linux-gnu';
/** Libraries with much or unusual code; those that are there are read. */
const LIBRARIES = [
  'libc.so.6',
  'libm.so.6',
  'libstdc++.so.6',
  'libgcc_s.so.1',
  'libcrypto.so.3',
  'libgnutls.so.30',
  'libz3.so.4',
];

/** Distinct instruction lines of system libraries, at most `most`, taken evenly. Empty where there are no libraries. */
export function harvestLines(syntax: Syntax, most: number): string[] {
  if (!existsSync(FOLDER)) return [];
  const present = readdirSync(FOLDER);
  const lines = new Set<string>();
  for (const library of LIBRARIES) {
    if (!present.includes(library)) continue;
    const flags = syntax === 'intel' ? ['-M', 'intel'] : [];
    for (const line of runTool('objdump', ['-d', '-w', '--no-show-raw-insn', ...flags, `${FOLDER}/${library}`]).split(
      '\n',
    )) {
      const text = cleaned(line);
      if (text !== '') lines.add(text);
    }
    // The first libraries alone give 200,000.
    if (lines.size > 2 * most) break;
  }
  const all = [...lines];
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)] ?? '');
}

const BRANCH = /^((?:\S+ )*?(?:j\w+|call\w*|loop\w*|xbegin)(?:,p[nt])? )([0-9a-f]+)$/;

/** The instruction of a line of objdump's, as an assembler takes it; "" when there is none. */
function cleaned(line: string): string {
  const found = /^ *[0-9a-f]+:\t(.*)$/.exec(line)?.[1] ?? '';
  const text = found
    .replace(/ *#.*$/, '')
    .replace(/ *<[^>]*>/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.includes('(bad)') || text.startsWith('.byte')) return '';
  return text.replace(BRANCH, '$10x$2');
}

export interface LineReport {
  readonly lines: number;
  /** GNU as itself does not take them. */
  readonly rejected: number;
  readonly same: number;
  readonly different: readonly { readonly line: string; readonly why: string }[];
}

const CHUNK = 4000;

/** Assembles every line with both assemblers and compares bytes and relocations. */
export function compareLines(lines: readonly string[], syntax: Syntax): LineReport {
  const different: { line: string; why: string }[] = [];
  let rejected = 0;
  for (let start = 0; start < lines.length; start += CHUNK) {
    let chunk = lines.slice(start, start + CHUNK);
    const { badLines } = gas(join(chunk, syntax));
    rejected += badLines.size;
    chunk = chunk.filter((_, n) => !badLines.has(n + 2));
    chunk = chunk.filter((line) => {
      const result = assemble(join([line], syntax), { fileName: 'line.s' });
      if (isRejected(result)) different.push({ line, why: result.problems[0]?.message ?? '' });
      return !isRejected(result);
    });
    halve(chunk, syntax, different);
  }
  return { lines: lines.length, rejected, same: lines.length - rejected - different.length, different };
}

/** Line n of the list is line n + 2 of the source. */
function join(lines: readonly string[], syntax: Syntax): string {
  return `${syntax === 'intel' ? '.intel_syntax noprefix' : ''}\n${lines.join('\n')}\n`;
}

/** Finds the lines that make two objects differ. */
function halve(lines: readonly string[], syntax: Syntax, different: { line: string; why: string }[]): void {
  if (lines.length === 0) return;
  const source = join(lines, syntax);
  const ours = assemble(source, { fileName: 'lines.s' });
  const theirs = gas(source).object;
  const found = isRejected(ours) || theirs === null ? ['not assembled together'] : differences(ours.object, theirs);
  if (found.length === 0) return;
  if (lines.length === 1) {
    different.push({ line: lines[0] ?? '', why: found[0] ?? '' });
    return;
  }
  const middle = lines.length >> 1;
  halve(lines.slice(0, middle), syntax, different);
  halve(lines.slice(middle), syntax, different);
}
