/**
 * The editor follows the machine: where a way through the history leads to other programs or another kernel, it shows what
 * those were made of. What the person had typed meanwhile is kept, and shown again where the machine has its program again.
 */
import type { SourcesView } from '../../worker/protocol.ts';
import { build, buildKernel } from './assembler.ts';
import { fail, loadSource } from './commands.ts';
import { assembleNow, dropPending, otherTexts, textOf } from './editing.ts';
import { useMachine } from './machine.ts';
import {
  type AsideText,
  changedLines,
  isKernelAssembly,
  isProgram,
  type ProgramsState,
  programFile,
  shiftLines,
  usePrograms,
  withEarlier,
} from './programs.ts';
import { isAside } from './programStorage.ts';
import { setKernelLines, useSources } from './sources.ts';

/** Texts kept of one file. */
const MOST_ASIDE = 20;

/** Texts that were put into the editor here: they are the machine's, and need not be kept. */
const taken = new Map<string, string>();

/** Of several places that the machine was taken to in a row the last one counts. */
let newest = 0;

export async function followSources(view: SourcesView): Promise<void> {
  const turn = ++newest;
  try {
    const wanted = await wantedTexts(view);
    if (turn !== newest) return;
    followRunning(view);
    if (view.kernel !== undefined) {
      usePrograms.setState({ kernel: view.kernel?.bytes ?? null, kernelSource: view.kernel?.source ?? null });
    }
    for (const [file, text] of wanted) show(file, text);
    await list(view, wanted, () => turn === newest);
  } catch (error) {
    fail(error);
  }
}

/** Texts of the machine for the files that the editor has, and, of a machine from elsewhere, for those that it has not. */
async function wantedTexts({ programs, kernel }: SourcesView): Promise<ReadonlyMap<string, string>> {
  const own = usePrograms.getState().programs;
  const found = new Map<string, string | null>();
  for (const { name, text } of programs) {
    const file = programFile(name);
    // A program that the person has not, or has taken away, does not join those that are saved.
    if (own[file] !== undefined || (text !== null && isAside())) found.set(file, text);
  }
  if (kernel !== undefined) {
    const texts = kernel?.source?.texts ?? {};
    for (const file of [...Object.keys(own).filter(isKernelAssembly), ...Object.keys(texts)])
      found.set(file, texts[file] ?? null);
  }
  const wanted = new Map<string, string>();
  for (const [file, text] of found) {
    if (text === null) await loadSource(file);
    const known = text ?? useSources.getState().texts[file];
    if (typeof known === 'string') wanted.set(file, known);
  }
  return wanted;
}

/** Without init= in the command line the first module is process 1. */
function followRunning({ first }: SourcesView): void {
  const file = programFile(first);
  if (!isProgram(file) || /(^|\s)init=/.test(useMachine.getState().setup.commandLine)) return;
  usePrograms.setState({ running: file });
}

/** Puts the machine's text of a file into the editor, or what the person had typed over it. */
function show(file: string, machines: string): void {
  const before = textOf(file);
  dropPending(file);
  usePrograms.setState((state) => {
    const kept = state.aside[file] ?? [];
    const back = kept.find(({ base }) => base === machines);
    const text = back?.text ?? machines;
    const left =
      typeof before === 'string' && taken.get(file) !== before
        ? [{ base: baseOf(state, file, before), text: before }]
        : [];
    const others = kept.filter(({ base }) => base !== machines && base !== left[0]?.base);
    if (back === undefined && text !== before) taken.set(file, text);
    else taken.delete(file);
    if (text === before) return { aside: withAside(state.aside, file, others) };
    return { ...replaced(state, file, before, text), aside: withAside(state.aside, file, [...others, ...left]) };
  });
}

/** What the machine had of a file before. */
function baseOf({ builds }: ProgramsState, file: string, shown: string): string {
  return builds[file]?.text ?? shown;
}

function withAside(aside: ProgramsState['aside'], file: string, texts: readonly AsideText[]): ProgramsState['aside'] {
  const { [file]: _, ...others } = aside;
  return texts.length === 0 ? others : { ...others, [file]: texts.slice(-MOST_ASIDE) };
}

/** Another text in the editor, as an edit that can be undone there. */
function replaced(
  { programs, breakpoints, pending }: ProgramsState,
  file: string,
  before: string | null | undefined,
  text: string,
): Partial<ProgramsState> {
  const { revision = 0, earlier = [] } = programs[file] ?? {};
  const lines = breakpoints[file];
  const { from, to, count } = changedLines(before ?? '', text);
  return {
    programs: {
      ...programs,
      [file]: {
        text,
        revision: revision + 1,
        earlier: typeof before === 'string' ? withEarlier(earlier, before) : earlier,
      },
    },
    pending: pending === file ? null : pending,
    ...(lines && { breakpoints: { ...breakpoints, [file]: shiftLines(lines, from, to, count) } }),
  };
}

/** Addresses and bytes of what the machine has now; what is typed over it is looked at for its problems. */
async function list(view: SourcesView, wanted: ReadonlyMap<string, string>, current: () => boolean): Promise<void> {
  for (const [file, text] of wanted) {
    if (!isProgram(file)) continue;
    const answer = await build({ file, text, others: otherTexts(file) });
    if (!current()) return;
    if (answer.ok) {
      usePrograms.setState(({ builds, problems }) => ({
        builds: { ...builds, [file]: { ...answer.build, text } },
        problems: { ...problems, [file]: [] },
      }));
    }
    if (textOf(file) !== text) await assembleNow(file, false);
  }
  if (view.kernel === undefined || ![...wanted.keys()].some(isKernelAssembly)) return;
  const { texts = {}, parts = null } = view.kernel?.source ?? {};
  const { answer } = await buildKernel({ texts, parts });
  if (!current() || !answer.ok) return;
  setKernelLines(answer.build.lines);
  const [file] = [...wanted.keys()].filter(isKernelAssembly);
  if (file !== undefined) await assembleNow(file, false);
}

/** Puts the newest text that was kept aside back, as an edit that the machine gets. */
export async function bringBack(file: string): Promise<void> {
  const newer = usePrograms.getState().aside[file]?.at(-1);
  if (newer === undefined) return;
  const before = textOf(file);
  taken.delete(file);
  usePrograms.setState((state) => ({
    ...replaced(state, file, before, newer.text),
    aside: withAside(state.aside, file, []),
  }));
  await assembleNow(file, true);
}

/** No longer says that there are newer texts; the editor's own undo still leads to them. */
export function forgetAside(file: string): void {
  usePrograms.setState(({ aside }) => ({ aside: withAside(aside, file, []) }));
}

/** Whether the text shown is the machine's of a place in the past. */
export const isOfPast = (file: string, text: string | undefined): boolean =>
  text !== undefined && taken.get(file) === text;
