/** Links to the present machine, and machines in files. */
import { create } from 'zustand';
import type { Problem } from '../../worker/protocol.ts';
import { fail, machine, report } from './commands.ts';
import { openDialog } from './dialogs.ts';
import { useMachine } from './machine.ts';
import { visiblePanels } from './panelNames.ts';

/** Longer ones open as well, but chats and mail programs cut them off or refuse them. */
export const longLink = 8000;

export interface SharedLink {
  readonly url: string;
  /** Whether the browser let the page put it on the clipboard. */
  readonly copied: boolean;
  /** Where it leads. */
  readonly instructions: number;
}

export type ShareState =
  | { readonly step: 'making' }
  | { readonly step: 'made'; readonly link: SharedLink }
  | { readonly step: 'refused'; readonly problem: Problem };

export const useShare = create<{ readonly share: ShareState }>()(() => ({ share: { step: 'making' } }));

/** This page without what says which machine it shows. */
export function pageAddress(): string {
  const url = new URL(location.href);
  url.hash = '';
  for (const name of ['embed', 'panels']) url.searchParams.delete(name);
  return url.href;
}

/** The address that opens the present machine where it stands, with its history. A running machine is paused for it. */
export async function makeLink(): Promise<string | Problem> {
  const fragment = await machine().share({ panels: visiblePanels() });
  return typeof fragment === 'string' ? `${pageAddress()}#${fragment}` : fragment;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed here: in a frame, or too long after the press. The dialog offers the text.
    return false;
  }
}

/** Makes a link, copies it and shows that it did. */
export async function share(): Promise<void> {
  const { view, booting } = useMachine.getState();
  if (view === null || booting) return;
  useShare.setState({ share: { step: 'making' } });
  openDialog('share');
  try {
    const url = await makeLink();
    if (typeof url !== 'string') return useShare.setState({ share: { step: 'refused', problem: url } });
    const instructions = useMachine.getState().view?.instructions ?? 0;
    const link = { url, copied: await copy(url), instructions };
    useShare.setState({ share: { step: 'made', link } });
  } catch (error) {
    fail(error);
  }
}

/** Opens the machine as it stands on the whole page, in a tab of its own. */
export async function openElsewhere(): Promise<void> {
  // At once, while the press still allows it; where to is known later.
  const tab = window.open('about:blank', '_blank');
  try {
    const url = await makeLink();
    if (typeof url !== 'string') report(url);
    if (tab === null)
      return report({ title: 'The browser did not open a tab', detail: 'This frame may not open any.' });
    tab.opener = null;
    tab.location.href = typeof url === 'string' ? url : pageAddress();
  } catch (error) {
    tab?.close();
    fail(error);
  }
}

/** Puts a link that was made before on the clipboard. */
export async function copyAgain(link: SharedLink): Promise<void> {
  useShare.setState({ share: { step: 'made', link: { ...link, copied: await copy(link.url) } } });
}

/** The present machine with its history as a file, its kernel included when it is not the built one. */
export async function saveMachine(): Promise<void> {
  try {
    const bytes = await machine().saveFile({ panels: visiblePanels() });
    if (!(bytes instanceof Uint8Array)) return report(bytes);
    const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = `machine-at-${useMachine.getState().view?.instructions ?? 0}.emergence`;
    anchor.click();
    // The browser reads it while it saves.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    fail(error);
  }
}
