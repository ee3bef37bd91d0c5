/** New, renamed, deleted, stored and fetched programs. */
import { report } from '../../store/commands.ts';
import { assembleNow, textOf } from '../../store/editing.ts';
import { chooseFiles } from '../../store/kernelFile.ts';
import { firstProgram, freeName, type Program, programFile, usePrograms } from '../../store/programs.ts';
import { fileName, selectFile } from '../../store/sources.ts';
import { exampleText } from './examples.ts';

const LARGEST = 1 << 20;

/** Adds a program under a free name, opens it and runs it. */
export async function addProgram(wanted: string, text: string): Promise<void> {
  const file = programFile(freeName(wanted, [firstProgram, ...Object.keys(usePrograms.getState().programs)]));
  usePrograms.setState(({ programs }) => ({ programs: { ...programs, [file]: { text, revision: 0 } } }));
  selectFile(file);
  await assembleNow(file, true);
}

export async function addExample(name: string): Promise<void> {
  await addProgram(name === 'empty' ? 'program' : name, await exampleText(name));
}

export async function uploadPrograms(): Promise<void> {
  for (const file of await chooseFiles(true)) {
    if (file.size > LARGEST)
      report({ title: `${file.name} is too large`, detail: 'A program may have 1 MiB of text.' });
    else await addProgram(file.name, (await file.text()).replace(/\r\n?/g, '\n'));
  }
}

export function downloadProgram(file: string): void {
  const text = textOf(file);
  if (typeof text !== 'string') return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = fileName(file);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** `record` with the entry of one key under another, or without it. */
function moved<T>(record: Readonly<Record<string, T>>, from: string, to: string | null): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      key !== from ? [[key, value]] : to === null ? [] : [[to, value]],
    ),
  );
}

function move(from: string, to: string | null): void {
  usePrograms.setState(({ programs, builds, problems, breakpoints, cursors, running }) => ({
    programs: moved(programs, from, to),
    builds: moved(builds, from, to),
    problems: moved(problems, from, to),
    breakpoints: moved(breakpoints, from, to),
    cursors: moved(cursors, from, to),
    running: running === from ? (to ?? firstProgram) : running,
  }));
}

export function renameProgram(file: string, name: string): void {
  move(file, programFile(name));
  selectFile(programFile(name));
}

export interface Deleted {
  readonly file: string;
  readonly program: Program;
}

/** Takes a program away; what is returned can bring it back. The built one goes back to its original. */
export function deleteProgram(file: string): Deleted | null {
  const program = usePrograms.getState().programs[file];
  if (program === undefined) return null;
  move(file, null);
  selectFile(firstProgram);
  return { file, program };
}

export function undelete({ file, program }: Deleted): void {
  usePrograms.setState(({ programs }) => ({
    programs: { ...programs, [file]: { ...program, revision: program.revision + 1 } },
  }));
  selectFile(file);
}

/** The text as it was built, as one edit that the editor can undo. */
export async function restoreOriginal(file: string, original: string): Promise<void> {
  usePrograms.setState(({ programs }) => ({
    programs: {
      ...programs,
      [file]: { ...programs[file], text: original, revision: (programs[file]?.revision ?? 0) + 1 },
    },
  }));
  await assembleNow(file, true);
}
