import { create } from 'zustand';
import type { Build, KernelSource, ModuleFile, SourceProblem } from '../../worker/protocol.ts';

/** A user program of the person's own, or a changed copy of a built one or of a source of the kernel. */
export interface Program {
  readonly text: string;
  /** Grows when the text comes from elsewhere than the editor, which then has to take it over. */
  readonly revision: number;
  /** What it was before, oldest first, at pauses in the typing: a reload forgets the editor's own way back. */
  readonly earlier?: readonly string[];
}

/** Texts kept of one program, and their characters all together. */
const MOST_EARLIER = 40;
const MOST_CHARACTERS = 400_000;

/** `earlier` with one more text, without the oldest when they become too many. */
export function withEarlier(earlier: readonly string[], text: string): readonly string[] {
  if (earlier.at(-1) === text) return earlier;
  const all = [...earlier, text].slice(-MOST_EARLIER);
  let characters = all.reduce((sum, { length }) => sum + length, 0);
  while (all.length > 0 && characters > MOST_CHARACTERS) characters -= all.shift()?.length ?? 0;
  return all;
}

/** The last text of a program that could be assembled, and what became of it. */
export interface BuiltProgram extends Build {
  readonly text: string;
}

/** A text that the person had typed when the machine went to where it has another one. */
export interface AsideText {
  /** What the machine had then: where it has that again, the text is shown again. */
  readonly base: string;
  readonly text: string;
}

export interface Cursor {
  readonly line: number;
  readonly column: number;
}

/** Everything the person made in the editor; all of it but `problems` and `pending` survives a reload. */
export interface ProgramsState {
  /** By path: "user/userprog.S". A file that is not here stands as it was built. */
  readonly programs: Readonly<Record<string, Program>>;
  readonly builds: Readonly<Record<string, BuiltProgram>>;
  /** What is wrong with the newest text that was looked at; empty when nothing is. */
  readonly problems: Readonly<Record<string, readonly SourceProblem[]>>;
  /** A text that has not been looked at yet. */
  readonly pending: string | null;
  /** The program that runs as process 1 unless the command line names one. */
  readonly running: string;
  /** Run a changed program to its end or a breakpoint; otherwise it stops at its first SYSCALL. */
  readonly runAfterEdit: boolean;
  /** Boot the kernel again for every changed program, rather than go on from where it reads the program. */
  readonly rebootAfterEdit: boolean;
  /** The kernel made of the changed sources; null while it is the built one. */
  readonly kernel: Uint8Array | null;
  /** What it was made of; null when it is not known, and for the built one. */
  readonly kernelSource: KernelSource | null;
  /** Lines to stop at, ascending, by file. */
  readonly breakpoints: Readonly<Record<string, readonly number[]>>;
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Newer texts of the person's than those that the editor shows where the machine stands in the past, oldest first. */
  readonly aside: Readonly<Record<string, readonly AsideText[]>>;
  /** Edit in a plain text area, for those whose tools read it better. */
  readonly plainEditor: boolean;
}

/** The program of the built kernel's first screen. */
export const firstProgram = 'user/userprog.S';

export const initialPrograms: ProgramsState = {
  programs: {},
  builds: {},
  problems: {},
  pending: null,
  running: firstProgram,
  runAfterEdit: true,
  rebootAfterEdit: false,
  kernel: null,
  kernelSource: null,
  breakpoints: {},
  cursors: {},
  aside: {},
  plainEditor: false,
};

export const usePrograms = create<ProgramsState>()(() => initialPrograms);

/** User programs in assembly; what the programs in C are linked with is none. */
export function isProgram(file: string): boolean {
  return /^user\/[\w.-]+\.S$/.test(file) && file !== 'user/start.S';
}

/** Everything that is not a user program's. */
export function isKernelFile(file: string): boolean {
  return !file.startsWith('user/');
}

/** The kernel's assembly, which is assembled in the page; its C is not compiled here. */
export function isKernelAssembly(file: string): boolean {
  return /^arch\/x86_64\/\w+\.S$/.test(file);
}

export function isEditable(file: string): boolean {
  return isProgram(file) || isKernelAssembly(file);
}

/** "user/hello.S" is the module "hello". */
export function moduleName(file: string): string {
  return file.replace(/^user\//, '').replace(/\.S$/, '');
}

export function programFile(name: string): string {
  return `user/${name}.S`;
}

/** The person's programs as boot modules, the running one first; alone unless the command line may name others. */
export function editedModules({ programs, builds, running }: ProgramsState, commandLine: string): ModuleFile[] {
  const files = Object.keys(programs)
    .filter(isProgram)
    .sort((a, b) => Number(b === running) - Number(a === running));
  const wanted = /(^|\s)init=/.test(commandLine) ? files : files.filter((file) => file === running);
  return wanted.flatMap((file) => {
    const build = builds[file];
    return build === undefined ? [] : [{ name: moduleName(file), bytes: build.executable, text: build.text }];
  });
}

/** What is wrong with a name for a program, or null. The kernel keeps 31 characters of it. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (!/^[A-Za-z][\w-]*$/.test(name)) return 'Use letters, digits, - and _, a letter first.';
  if (name.length > 31) return 'At most 31 characters.';
  if (name === 'start') return 'start.S is part of the kernel’s own programs.';
  return taken.includes(programFile(name)) ? `There is a program ${name} already.` : null;
}

/** A name like `wanted` that is not taken: "hello", "hello-2". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base =
    wanted
      .replace(/\.[sS]$/, '')
      .replace(/[^\w-]+/g, '-')
      .replace(/^[^A-Za-z]+/, '')
      .slice(0, 26) || 'program';
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (nameProblem(name, taken) === null) return name;
  }
}

/** Lines moved as an edit moves them that replaced lines `from`..`to` by `count` lines. */
export function shiftLines(lines: readonly number[], from: number, to: number, count: number): readonly number[] {
  const moved = lines.map((line) => {
    if (line < from) return line;
    if (line > to) return line + count - (to - from + 1);
    return Math.max(1, Math.min(line, from + count - 1));
  });
  return [...new Set(moved)].sort((a, b) => a - b);
}

/** The lines in which two texts differ: `from`..`to` of the old one have become `count` lines. */
export function changedLines(before: string, after: string): { from: number; to: number; count: number } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { from: head + 1, to: a.length - tail, count: b.length - tail - head };
}

/** `lines` with `line` added, or taken out. */
export function toggled(lines: readonly number[], line: number): readonly number[] {
  return lines.includes(line) ? lines.filter((l) => l !== line) : [...lines, line].sort((a, b) => a - b);
}
