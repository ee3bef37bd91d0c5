/** Machines from links and files, in place of the present one. */
import { create } from 'zustand';
import type { OpenedMachine, Problem } from '../../worker/protocol.ts';
import { placeBreakpoints } from './breakpoints.ts';
import { fail, machine, report, stopAt } from './commands.ts';
import { assembleNow } from './editing.ts';
import { isLessonLink } from './lessonDoor.ts';
import { acceptBoot, initialSetup, type Setup, useMachine } from './machine.ts';
import { showPanels } from './panelNames.ts';
import { initialPrograms, programFile, usePrograms } from './programs.ts';
import { keepAside } from './programStorage.ts';
import { forgetSources, showPlace } from './sources.ts';

interface OpeningState {
  /** A machine is being opened. */
  readonly opening: boolean;
  /** The present machine came from elsewhere, and its programs are not among the person's own. */
  readonly foreign: boolean;
}

export const useOpening = create<OpeningState>()(() => ({ opening: false, foreign: false }));

/** The fragment of an address as a link's, or null when it has none. */
export function linkIn(hash: string): string | null {
  const fragment = hash.replace(/^#/, '');
  return fragment === '' ? null : fragment;
}

export const openLink = (fragment: string): Promise<boolean> => open(() => machine().openLink(fragment));
export const openFile = (bytes: Uint8Array): Promise<boolean> => open(() => machine().openFile(bytes));

/** The machine of the link in this page's address, if there is one. */
export async function openFromAddress(): Promise<boolean> {
  const fragment = isLessonLink(location.hash) ? null : linkIn(location.hash);
  return fragment !== null && (await openLink(fragment));
}

/** Opens links that are put into the address of the open page. */
export function followAddress(): void {
  window.addEventListener('hashchange', openFromAddress);
}

/** Ends the opening, or the way through the history, that is under way. */
export async function cancel(): Promise<void> {
  try {
    await machine().cancel();
  } catch (error) {
    fail(error);
  }
}

/** True when a machine was opened. Otherwise the present one is as it was, and the person has been told why. */
async function open(ask: () => Promise<OpenedMachine | Problem>): Promise<boolean> {
  if (useOpening.getState().opening) return false;
  useOpening.setState({ opening: true });
  try {
    if (useMachine.getState().running !== null) stopAt(await machine().pause());
    const answer = await ask();
    if ('title' in answer) {
      report(answer);
      return false;
    }
    await accept(answer);
    return true;
  } catch (error) {
    fail(error);
    return false;
  } finally {
    useOpening.setState({ opening: false });
  }
}

async function accept(opened: OpenedMachine): Promise<void> {
  const { view, kernel, emergence, commandLine, modules, memoryMiB, cpu, edited } = opened;
  const setup: Setup = {
    ...initialSetup,
    kernel: kernel === null ? null : { name: 'kernel', bytes: kernel },
    commandLine,
    modules,
    memoryMiB,
    cpu,
    stopAt: kernel === null ? 'first-syscall' : 'entry',
  };
  keepAside();
  takePrograms(edited, emergence);
  forgetSources();
  useMachine.setState((state) => acceptBoot(state, view, setup));
  useOpening.setState({ foreign: true });
  performance.mark('opened');
  showPanels(opened.panels);
  // The lines of a program are known once it has been assembled here too.
  await Promise.all(edited.map(({ name }) => assembleNow(programFile(name), false)));
  placeBreakpoints(opened.breakpoints, await machine().lines(opened.breakpoints));
  showPlace(view);
  if (opened.warning !== null) report(opened.warning);
}

function takePrograms(edited: OpenedMachine['edited'], emergence: OpenedMachine['emergence']): void {
  usePrograms.setState(({ programs, plainEditor, runAfterEdit }) => {
    const taken = (file: string, text: string) =>
      [file, { text, revision: (programs[file]?.revision ?? 0) + 1 }] as const;
    const own = edited.map(({ name, text }) => taken(programFile(name), text));
    const sources = Object.entries(emergence?.source?.texts ?? {}).map(([file, text]) => taken(file, text));
    return {
      ...initialPrograms,
      programs: Object.fromEntries([...own, ...sources]),
      running: own[0]?.[0] ?? initialPrograms.running,
      kernel: emergence?.bytes ?? null,
      kernelSource: emergence?.source ?? null,
      plainEditor,
      runAfterEdit,
    };
  });
}

/** Back to the first screen, with the person's own programs. */
export function leaveLink(): void {
  const own = new URL(location.href);
  own.hash = '';
  history.replaceState(null, '', own);
  location.reload();
}
