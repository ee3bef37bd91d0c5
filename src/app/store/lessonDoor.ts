/** Whether the lessons are open, and at which. The lessons themselves are fetched when the door opens first. */
import { create } from 'zustand';
import { useSettings } from './settings.ts';

export type WantedLesson =
  /** One that comes with the page, by its name. */
  | { readonly kind: 'built-in'; readonly name: string }
  /** The text of a lesson file. */
  | { readonly kind: 'text'; readonly text: string }
  /** A compressed text, as a link has it. */
  | { readonly kind: 'packed'; readonly packed: string };

interface LessonDoor {
  readonly open: boolean;
  /** What is to be opened once the lessons are there. */
  readonly wanted: WantedLesson | null;
}

export const useLessonDoor = create<LessonDoor>()(() => ({ open: false, wanted: null }));

export function openLessons(wanted: WantedLesson | null = null): void {
  useLessonDoor.setState({ open: true, ...(wanted !== null && { wanted }) });
  useSettings.setState({ phoneTab: 'lesson' });
}

export function closeLessons(): void {
  useLessonDoor.setState({ open: false });
  if (useSettings.getState().phoneTab === 'lesson') useSettings.setState({ phoneTab: 'state' });
}

const PACKED = /^#?lesson=([\w-]+)$/;

/** True for the fragment of a link to a lesson. */
export const isLessonLink = (hash: string): boolean => PACKED.test(hash);

/** Opens the lesson that an address names: `?lesson=NAME`, or `#lesson=` and a compressed lesson file. */
export function openLessonFrom({ search, hash }: Pick<Location, 'search' | 'hash'>): void {
  const packed = PACKED.exec(hash)?.[1];
  const name = new URLSearchParams(search).get('lesson');
  if (packed !== undefined) openLessons({ kind: 'packed', packed });
  else if (name !== null) openLessons({ kind: 'built-in', name });
}

/** At the start, and whenever the address of the open page gets such a fragment. */
export function followLessonLinks(): void {
  openLessonFrom(location);
  window.addEventListener('hashchange', () => {
    if (isLessonLink(location.hash)) openLessonFrom({ search: '', hash: location.hash });
  });
}
