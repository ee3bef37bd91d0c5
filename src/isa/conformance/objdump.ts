// biome-ignore-all lint/correctness/noNodejsModules: an oracle of the tests, never part of the page
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodeSize } from '../instruction.ts';

const MACHINES: Readonly<Record<CodeSize, string>> = { 16: 'i8086', 32: 'i386', 64: 'i386:x86-64' };

/** Whether GNU objdump can be run here. */
export function hasObjdump(): boolean {
  try {
    return execFileSync('objdump', ['--version'], { encoding: 'utf8' }).startsWith('GNU objdump');
  } catch {
    return false;
  }
}

/** What objdump prints for the bytes, by offset. */
export function disassemble(bytes: Uint8Array, code: CodeSize, syntax: 'att' | 'intel'): Map<number, string> {
  const folder = mkdtempSync(join(tmpdir(), 'objdump-'));
  try {
    const file = join(folder, 'code');
    writeFileSync(file, bytes);
    // intel64: near branches ignore a 66 prefix, as on Intel processors.
    const options = syntax === 'intel' ? 'intel,intel64' : 'intel64';
    const args = ['-D', '-z', '-b', 'binary', '-m', MACHINES[code], '--no-show-raw-insn', '-M', options, file];
    const lines = new Map<number, string>();
    for (const line of execFileSync('objdump', args, { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n')) {
      const [, offset, text] = /^\s*([0-9a-f]+):\s+(.*)$/.exec(line) ?? [];
      if (offset !== undefined && text !== undefined) lines.set(Number.parseInt(offset, 16), text);
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PREFIX_WORDS =
  /^(?:(?:data16|data32|addr16|addr32|rep|repz|repnz|bnd|lock|xacquire|xrelease|notrack|[cdefgs]s|rex(?:\.\w+)?)(?: |$))+/;

/** True for a line of prefixes alone: objdump gives unused REX prefixes a line of their own. */
export function isOnlyPrefixes(text: string): boolean {
  return text.replace(PREFIX_WORDS, '') === '';
}

/** Differences from what objdump prints that we choose, and its oddities. */
const SPELLINGS: readonly (readonly [why: string, pattern: RegExp, to: string])[] = [
  ['comments and symbols', /\s*(?:#|<).*$/, ''],
  ['column of the operands', /\s+/g, ' '],
  ['prefix words: it shows the useless ones and keeps the order of the bytes', PREFIX_WORDS, ''],
  ['a displacement of zero', /(?<=[ ,:*])0x0(?=\()/, ''],
  ['a displacement of zero', /\+0x0(?=\])/, ''],
  ['names for "no index"', /,%[er]iz,[1248]|[+][er]iz\*[1248]/, ''],
  ['the 1 of a shift by one is shown since binutils 2.41', /^((?:ro|rc|sh|sa)[lr][bwlq]? )\$1,/, '$1'],
  ['branch hints', /,p[nt](?= )/, ''],
];

export function normalise(text: string): string {
  let result = text;
  for (const [, pattern, to] of SPELLINGS) result = result.replace(pattern, to);
  return result.replace(UNSIGNED_RIP, signedRip).trim();
}

/** Its Intel syntax shows negative RIP-relative displacements as unsigned numbers. */
const UNSIGNED_RIP = /\[([re]ip)\+0x(?:ffffffff)?([89a-f]\w{7})\]/;

function signedRip(_all: string, register: string, digits: string): string {
  return `[${register}-0x${(2 ** 32 - Number.parseInt(digits, 16)).toString(16)}]`;
}
