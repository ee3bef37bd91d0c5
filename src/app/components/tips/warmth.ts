/** While one tooltip is open, or just was, the next one needs no waiting for. Only one is open at a time. */

const COOL_AFTER_MS = 500;

let present: (() => void) | null = null;
let cooling = 0;
let isCooling = false;

/** A tooltip opens; `close` closes it when another one opens. */
export function warm(close: () => void): void {
  clearTimeout(cooling);
  isCooling = false;
  const before = present;
  present = close;
  if (before !== null && before !== close) before();
}

/** The tooltip of this `close` is closed. */
export function coolDown(close: () => void): void {
  if (present !== close) return;
  present = null;
  isCooling = true;
  cooling = window.setTimeout(() => {
    isCooling = false;
  }, COOL_AFTER_MS);
}

export const isWarm = (): boolean => present !== null || isCooling;
