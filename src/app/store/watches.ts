/** Pieces of state whose changes a person wants to go back to. */
import { create } from 'zustand';
import type { Target } from '../../worker/protocol.ts';
import { report } from './commands.ts';
import { runBackToChange } from './history.ts';

export interface Watch {
  /** "RAX", "descriptor 18", "16 bytes at 400000". */
  readonly name: string;
  readonly target: Target;
}

/** More are not asked about at once. */
export const mostWatches = 32;

export const useWatches = create<{ readonly watches: readonly Watch[] }>()(() => ({ watches: [] }));

/** Two targets that name the same state are one. */
const keyOf = (target: Target): string =>
  JSON.stringify(target, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString(16) : value));

export const isWatched = (watches: readonly Watch[], target: Target): boolean =>
  watches.some((watch) => keyOf(watch.target) === keyOf(target));

export function addWatch(watch: Watch): void {
  useWatches.setState(({ watches }) =>
    isWatched(watches, watch.target) ? {} : { watches: [...watches, watch].slice(-mostWatches) },
  );
}

export function removeWatch(target: Target): void {
  useWatches.setState(({ watches }) => ({ watches: watches.filter((watch) => keyOf(watch.target) !== keyOf(target)) }));
}

/** To right before the last change of anything watched. */
export async function toWatchedChange(): Promise<void> {
  const { watches } = useWatches.getState();
  if (watches.length > 0) return runBackToChange(watches.map(({ target }) => target));
  report({ title: 'Nothing is watched', detail: 'Press a value and choose Watch, or name it under “Go to a place”.' });
}
