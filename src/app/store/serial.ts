import { create } from 'zustand';

/** Enough for a long boot log; older bytes fall off the front. */
const capacity = 512 * 1024;

export interface SerialState {
  /** Everything the guest sent since its reset, in arrival order. */
  readonly chunks: readonly Uint8Array[];
  /** Bytes dropped from the front of `chunks`. */
  readonly dropped: number;
  readonly size: number;
  /** Counts restarts of the line: a terminal that has drawn another generation must clear itself. */
  readonly generation: number;
}

const empty: SerialState = { chunks: [], dropped: 0, size: 0, generation: 0 };

export const useSerial = create<SerialState>()(() => empty);

/** The log after `chunk` arrived, kept within `limit` bytes by dropping whole old chunks. */
export function appendChunk(state: SerialState, chunk: Uint8Array, limit = capacity): SerialState {
  const chunks = [...state.chunks, chunk];
  let { dropped } = state;
  let size = state.size + chunk.length;
  while (size > limit && chunks.length > 1) {
    const oldest = chunks.shift();
    if (oldest === undefined) break;
    size -= oldest.length;
    dropped += oldest.length;
  }
  return { ...state, chunks, dropped, size };
}

/** The last `limit` bytes or a little more, as text; bytes that are not UTF-8 become U+FFFD. */
export function serialText(state: SerialState, limit = Number.POSITIVE_INFINITY): string {
  const decoder = new TextDecoder();
  let text = '';
  let skip = state.size - limit;
  for (const chunk of state.chunks) {
    if (skip < chunk.length) text += decoder.decode(skip > 0 ? chunk.subarray(skip) : chunk, { stream: true });
    skip -= chunk.length;
  }
  return (text + decoder.decode()).replace(/\r\n?/g, '\n');
}

/** All bytes kept, in one piece, and how many were dropped before them. */
export function serialBytes(): { readonly bytes: Uint8Array; readonly dropped: number } {
  flush();
  const { chunks, size, dropped } = useSerial.getState();
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, dropped };
}

/** The log up to `length` bytes since reset, as a new generation; as it is when it is no longer than that. */
export function endAt(state: SerialState, length: number): SerialState {
  if (state.dropped + state.size <= length) return state;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const keep = Math.max(0, length - state.dropped);
  for (const chunk of state.chunks) {
    const part = chunk.subarray(0, Math.min(chunk.length, keep - size));
    if (part.length > 0) chunks.push(part);
    size += part.length;
  }
  return { chunks, dropped: Math.min(state.dropped, length), size, generation: state.generation + 1 };
}

let pending: Uint8Array[] = [];
let scheduled = false;

function flush(): void {
  scheduled = false;
  if (pending.length === 0) return;
  const total = pending.reduce((sum, chunk) => sum + chunk.length, 0);
  const joined = new Uint8Array(total);
  let at = 0;
  for (const chunk of pending) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  pending = [];
  useSerial.setState((state) => appendChunk(state, joined));
}

/** Takes bytes from the machine; they reach the page once per frame however many messages there are. */
export function receiveSerial(bytes: Uint8Array): void {
  pending.push(bytes);
  if (scheduled) return;
  scheduled = true;
  setTimeout(flush, 16);
}

/** Takes back what was printed after the first `length` bytes. */
export function rewindSerial(length: number): void {
  flush();
  useSerial.setState((state) => endAt(state, length));
}
