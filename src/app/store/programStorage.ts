/** Keeps what the person made in the editor in IndexedDB. A browser that has none, or refuses, forgets at the reload. */
import { initialPrograms, type ProgramsState, usePrograms } from './programs.ts';

const NAME = 'emergence';
const STORE = 'programs';
const KEY = 'state';
/** Of the record's shape; a record of another version is not read. */
const VERSION = 1;
/** A first screen does not wait longer than this for a slow disk. */
const WAIT_MS = 500;
const SAVE_AFTER_MS = 200;

type Saved = Omit<ProgramsState, 'problems' | 'pending'>;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another page holds an older version open'));
  });
}

function read(database: IDBDatabase): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).get(KEY);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let database: IDBDatabase | null = null;
let aside = false;
let saved: ProgramsState = initialPrograms;
let timer: ReturnType<typeof setTimeout> | undefined;

function save(): void {
  clearTimeout(timer);
  timer = undefined;
  const state = usePrograms.getState();
  if (database === null || aside || state === saved) return;
  saved = state;
  const { problems: _, pending: __, ...record } = state;
  const transaction = database.transaction(STORE, 'readwrite');
  transaction.objectStore(STORE).put({ version: VERSION, state: record }, KEY);
}

function isSaved(value: unknown): value is { readonly version: number; readonly state: Partial<Saved> } {
  return (
    typeof value === 'object' && value !== null && 'version' in value && 'state' in value && value.version === VERSION
  );
}

async function restore(): Promise<void> {
  try {
    database = await open();
    const value = await read(database);
    if (isSaved(value) && !aside) usePrograms.setState(value.state);
  } catch {
    // Private windows may refuse. The editor works without.
    database = null;
  }
  saved = usePrograms.getState();
  usePrograms.subscribe(() => {
    timer ??= setTimeout(save, SAVE_AFTER_MS);
  });
  document.addEventListener('visibilitychange', save);
  window.addEventListener('pagehide', save);
}

/** From now on the programs on the page are somebody else's: the person's own stay as they were saved last. */
export function keepAside(): void {
  if (aside) return;
  save();
  aside = true;
}

/** True while what is on the page is not saved. */
export const isAside = (): boolean => aside;

/** Brings back what was saved, and saves from now on. */
export function restorePrograms(): Promise<void> {
  return Promise.race([restore(), new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS))]);
}
