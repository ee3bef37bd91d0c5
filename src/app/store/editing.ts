/** What happens when the person changes a program: it is assembled, and when that works it runs. */
import type { BuildAnswer, ModuleFile } from '../../worker/protocol.ts';
import { build } from './assembler.ts';
import { report, swapProgram } from './commands.ts';
import { useMachine } from './machine.ts';
import { assembleKernel } from './kernelEditing.ts';
import {
  changedLines,
  isEditable,
  isKernelAssembly,
  isProgram,
  moduleName,
  type Program,
  shiftLines,
  usePrograms,
  withEarlier,
} from './programs.ts';
import { useSources } from './sources.ts';
import { swapNext } from './swapping.ts';

/**
 * From the last key to the assembler. Assembling and starting again take less than a frame: all that is waited for are
 * keys that come at once, as when a word is pasted by an input method.
 */
const PAUSE_MS = 20;
/** A kernel is linked and booted every time: not for every letter of a word. */
const KERNEL_PAUSE_MS = 120;

/** Keys closer together than this are undone together after a reload. */
const PHRASE_MS = 1500;
const editedAt = new Map<string, number>();

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Text of a file as the editor shows it; undefined while it is being fetched, null when there is none. */
export function textOf(file: string): string | null | undefined {
  return usePrograms.getState().programs[file]?.text ?? useSources.getState().texts[file];
}

function edited(
  program: Program | undefined,
  before: string | null | undefined,
  text: string,
  isNew: boolean,
): Program {
  const { revision = 0, earlier = [] } = program ?? {};
  return { text, revision, earlier: isNew && typeof before === 'string' ? withEarlier(earlier, before) : earlier };
}

/** The person changed a text in the editor. */
export function editText(file: string, text: string): void {
  const before = textOf(file);
  if (before === text || !isEditable(file)) return;
  const now = performance.now();
  const isNewPhrase = now - (editedAt.get(file) ?? Number.NEGATIVE_INFINITY) > PHRASE_MS;
  editedAt.set(file, now);
  usePrograms.setState(({ programs, breakpoints }) => {
    const lines = breakpoints[file];
    const { from, to, count } = changedLines(before ?? '', text);
    return {
      programs: { ...programs, [file]: edited(programs[file], before, text, isNewPhrase) },
      pending: file,
      ...(lines && { breakpoints: { ...breakpoints, [file]: shiftLines(lines, from, to, count) } }),
    };
  });
  clearTimeout(timers.get(file));
  timers.set(
    file,
    setTimeout(() => assembleNow(file, true), isKernelAssembly(file) ? KERNEL_PAUSE_MS : PAUSE_MS),
  );
}

/** What was typed is not given to the assembler any more: another text has come. */
export function dropPending(file: string): void {
  clearTimeout(timers.get(file));
  editedAt.delete(file);
}

/** Texts of the person's other programs, which a program may .include. */
export function otherTexts(file: string): Record<string, string> {
  const others = Object.entries(usePrograms.getState().programs).filter(([name]) => name !== file && isProgram(name));
  return Object.fromEntries(others.map(([name, { text }]) => [name, text]));
}

/** Assembles the present text of a file, for its problems and its listing; with `run` the machine gets it. */
export async function assembleNow(file: string, run: boolean): Promise<void> {
  const text = textOf(file);
  if (typeof text !== 'string') return;
  let answer: BuildAnswer;
  try {
    if (isKernelAssembly(file)) return await assembleKernel(file, run);
    answer = await build({ file, text, others: otherTexts(file) });
  } catch (error) {
    report({ title: 'The assembler did not answer', detail: error instanceof Error ? error.message : String(error) });
    return;
  }
  if (textOf(file) !== text) return;
  const { builds } = usePrograms.getState();
  const before = builds[file]?.executable;
  usePrograms.setState(({ problems, pending, ...state }) => ({
    pending: pending === file ? null : pending,
    problems: { ...problems, [file]: answer.ok ? [] : answer.problems },
    ...(answer.ok && { builds: { ...state.builds, [file]: { ...answer.build, text } } }),
  }));
  if (!answer.ok || !run) return;
  const { running } = usePrograms.getState();
  if (running === file && before !== undefined && sameBytes(before, answer.build.executable)) return;
  await runProgram(file);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** True when the machine's kernel can be given this program: ours, or one that was booted with a module of that name. */
export function takesProgram(file: string): boolean {
  const { kernel, modules } = useMachine.getState().setup;
  return kernel === null || modules.some(({ name }) => name.split(' ', 1)[0] === moduleName(file));
}

/** Makes a program the running one, from before its first instruction. */
export async function runProgram(file: string): Promise<void> {
  const built = usePrograms.getState().builds[file];
  if (built === undefined || !takesProgram(file)) return;
  usePrograms.setState({ running: file });
  const program: ModuleFile = { name: moduleName(file), bytes: built.executable, text: built.text };
  await swapNext(() => swapProgram(program, usePrograms.getState().runAfterEdit ? 'run' : 'first-syscall'));
}

/** Looks at a file that was opened, so that its problems and its listing can be shown. */
export async function look(file: string): Promise<void> {
  const { builds, problems, programs } = usePrograms.getState();
  // The kernel's files are assembled when one of them is changed.
  if (!isEditable(file) || (isKernelAssembly(file) && programs[file] === undefined)) return;
  const text = textOf(file);
  if (typeof text !== 'string' || (builds[file]?.text === text && problems[file] !== undefined)) return;
  await assembleNow(file, false);
}
