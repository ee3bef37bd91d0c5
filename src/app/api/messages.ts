/**
 * `window.playground` for the page that embeds this one, by postMessage (API.md). Only the parent of an embedded page is
 * listened to, and only the one who asked is answered, at the origin it asked from.
 */
import { methods } from './methods.ts';
import { onEvent } from './state.ts';

/** Answers that may be owed at one time. */
const mostUnderWay = 64;
const mostArguments = 4;
const longestId = 64;

interface Request {
  readonly id: string | number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A request, or null for what is none; other programs on the page may send messages too. */
export function readRequest(data: unknown): Request | null {
  if (typeof data !== 'object' || data === null || !('playground' in data) || data.playground !== 1) return null;
  const { id, method, params = [] } = data as { id?: unknown; method?: unknown; params?: unknown };
  const named = (typeof id === 'string' && id.length <= longestId) || (typeof id === 'number' && Number.isFinite(id));
  if (!named || typeof method !== 'string' || method.length > longestId) return null;
  if (!Array.isArray(params) || params.length > mostArguments) return null;
  return { id, method, params };
}

type Reply = (message: object) => void;

let underWay = 0;
const followed = new Map<string, () => void>();

/** Sends the events of a name from now on to the one who asked, or no longer. */
function follow(name: unknown, on: boolean, reply: Reply): Promise<null> {
  if (name !== 'stop' && name !== 'output') throw new Error('Events: stop or output.');
  followed.get(name)?.();
  followed.delete(name);
  if (on)
    followed.set(
      name,
      onEvent(name, (value) => reply({ event: name, value })),
    );
  return Promise.resolve(null);
}

async function answer({ method, params }: Request, reply: Reply): Promise<unknown> {
  if (method === 'subscribe' || method === 'unsubscribe') return follow(params[0], method === 'subscribe', reply);
  const known = methods.get(method);
  if (known === undefined) throw new Error('There is no method of this name.');
  if (underWay >= mostUnderWay) throw new Error(`${mostUnderWay} requests are under way: wait for an answer.`);
  underWay += 1;
  try {
    return await known(...params);
  } finally {
    underWay -= 1;
  }
}

async function receive({ data, source, origin }: MessageEvent): Promise<void> {
  if (source === null || source !== window.parent) return;
  const request = readRequest(data);
  if (request === null) return;
  const { id } = request;
  // A frame without an origin of its own ("null") can only be addressed by its window, which is what `source` is.
  const targetOrigin = origin === 'null' ? '*' : origin;
  const reply: Reply = (message) => source.postMessage({ playground: 1, ...message }, { targetOrigin });
  try {
    reply({ id, ok: true, value: (await answer(request, reply)) ?? null });
  } catch (error) {
    reply({ id, ok: false, error: error instanceof Error ? error.message : 'It failed.' });
  }
}

/** Listens when this page is embedded in another one. */
export function offerMessages(): void {
  if (window.parent !== window) window.addEventListener('message', receive);
}
