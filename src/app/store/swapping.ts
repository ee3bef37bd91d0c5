type Swap = () => Promise<void>;

let waiting: Swap | null = null;
let swapping = false;

/** Gives the machine something edited. One at a time; of several that wait for it the newest goes. */
export async function swapNext(swap: Swap): Promise<void> {
  waiting = swap;
  if (swapping) return;
  swapping = true;
  try {
    while (waiting !== null) {
      const next: Swap = waiting;
      waiting = null;
      await next();
    }
  } finally {
    swapping = false;
  }
}
