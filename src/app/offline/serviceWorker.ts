/**
 * Keeps the whole site, so that it opens without a network. The built site is a set of files that belong together: a new
 * version is fetched as a whole beside the old one, and takes its place when the last page of the old one is closed.
 */

/** Every file of the site, relative to it, and a digest over them; put in when the site is built. */
declare const FILES: readonly string[];
declare const VERSION: string;

const scope = globalThis as unknown as ServiceWorkerGlobalScope;
const PREFIX = 'emergence-';
const NAME = `${PREFIX}${VERSION}`;

async function keep(): Promise<void> {
  const cache = await caches.open(NAME);
  // 'reload': the host's cache may still have a file of the old version under the same name.
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })));
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
  );
  await scope.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request.mode === 'navigate' ? './' : request, {
    ignoreSearch: true,
    // Some hosts vary by Origin, which module scripts send and this worker does not.
    ignoreVary: true,
  });
  return kept ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(keep()));
scope.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return;
  event.respondWith(answer(request));
});
