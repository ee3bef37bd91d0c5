/** Two frames: what has been changed is on the screen by then. */
const PAINTED_MS = 40;

/**
 * Acts once what is being shown has been painted and the browser has nothing better to do, for which it waits two seconds
 * at most. Returns how to call it off.
 */
export function whenIdle(act: () => void): () => void {
  let idle: number | null = null;
  const painted = setTimeout(() => {
    if ('requestIdleCallback' in window) idle = requestIdleCallback(act, { timeout: 2000 });
    else act();
  }, PAINTED_MS);
  return () => {
    clearTimeout(painted);
    if (idle !== null) cancelIdleCallback(idle);
  };
}
