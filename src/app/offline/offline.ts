/** Fetching the site takes place after what the person waits for: the first machine and the editor. */
const LATER_MS = 4000;

/** Makes the built site open without a network from its next visit on. */
export function keepOffline(): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  const register = () => {
    // A host without HTTPS, or a browser that keeps nothing, serves the page as well, only not offline.
    navigator.serviceWorker.register('./serviceWorker.js').catch(() => undefined);
  };
  setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(register) : register()), LATER_MS);
}
