/** The files that `grade` reads: a lesson, a program, and what the built kernel needs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble, isRejected, link, type Problem as SourceProblem } from '../../assembler/index.ts';
import { filledUp } from '../../debugger/links/filledUp.ts';
import { parseLesson } from '../../lessons/format/parse.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import { problemText } from '../problemText.ts';

const LESSONS = fileURLToPath(new URL('../../lessons/content/', import.meta.url));
const HEADERS = fileURLToPath(new URL('../../kernel/arch/x86_64/include/', import.meta.url));
const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));

/** What cannot be used, as it is printed. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

function read(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new Unusable(`${path} cannot be read: ${error instanceof Error ? error.message : error}\n`);
  }
}
const text = (path: string): string => new TextDecoder().decode(read(path));

/** Names of the lessons that come with the page, in their order. */
export function builtLessons(): readonly string[] {
  return readdirSync(LESSONS)
    .filter((file) => file.endsWith('.mdx'))
    .sort()
    .map((file) => file.replace(/^\d+-|\.mdx$/g, ''));
}

/** A lesson by its name or its file. Throws Unusable. */
export async function readLesson(nameOrPath: string): Promise<{ readonly name: string; readonly lesson: Lesson }> {
  const file = readdirSync(LESSONS).find((candidate) => candidate.replace(/^\d+-|\.mdx$/g, '') === nameOrPath);
  const path = file === undefined ? nameOrPath : join(LESSONS, file);
  if (file === undefined && !existsSync(path)) {
    throw new Unusable(`there is no lesson and no file ${nameOrPath}; lessons are ${builtLessons().join(', ')}\n`);
  }
  const source = text(path);
  const parsed = await parseLesson(source);
  if (parsed.ok) return { name: file === undefined ? basename(path) : nameOrPath, lesson: parsed.lesson };
  throw new Unusable(parsed.problems.map((problem) => problemText({ ...problem, file: path }, source)).join(''));
}

export const isElf = (bytes: Uint8Array): boolean => bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c;

/** An executable: an ELF file as it is, a source assembled. Throws Unusable. */
export function readProgram(path: string): Uint8Array {
  const bytes = read(path);
  return isElf(bytes) ? bytes : assembled(path, new TextDecoder().decode(bytes));
}

/** A program's source with the kernel's headers, as the page builds it. Throws Unusable. */
export function assembled(file: string, source: string): Uint8Array {
  const refuse = (problems: readonly SourceProblem[]): never => {
    throw new Unusable(problems.map((problem) => problemText(problem, problem.file === file ? source : null)).join(''));
  };
  const include = (path: string): string | null => {
    const name = basename(path);
    return /^\w+\.h$/.test(name) && existsSync(HEADERS + name) ? text(HEADERS + name) : null;
  };
  const result = assemble(source, { fileName: file, include });
  if (isRejected(result)) return refuse(result.problems);
  const linked = link([{ name: file, object: result.object, listing: result.listing }]);
  return 'problems' in linked ? refuse(linked.problems) : filledUp(linked.program);
}

export const builtKernel = (): Uint8Array => read(`${BUILT}emergence.elf`);
/** A built program by its module string. */
export const builtProgram = (module: string): Uint8Array => read(`${BUILT}${module.split(' ', 1)[0]}.elf`);
