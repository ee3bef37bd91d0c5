/** Tells the page what the machine has printed since its last reset, as the machine runs, goes back and goes elsewhere. */
import type { History } from '../debugger/history/history.ts';
import type { MachineListener } from './protocol.ts';

type Told = Pick<MachineListener, 'serial' | 'rewound'>;

/** Offset in the whole output at which that of the boot begins in which the machine stands. */
export function bootOutput({ events, position, output }: History): number {
  for (let n = position.events - 1; n >= 0; n--) {
    const done = events[n];
    if (done?.event.kind !== 'reset' && done?.event.kind !== 'load') continue;
    // A reset is a turn: what was sent after it has a later one.
    let [low, high] = [output.dropped, output.known];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((output.sent(middle)?.turn ?? 0) <= done.at.turn) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return 0;
}

export class OutputFeed {
  private base = -1;
  private shown = 0;

  /** The page is to be told everything again: it has the output of another history or branch. */
  forget(): void {
    this.base = -1;
  }

  tell(history: History, listener: Told): void {
    const { output } = history;
    const base = bootOutput(history);
    if (base !== this.base) {
      listener.rewound(0);
      this.base = base;
      this.shown = base;
    }
    if (output.length < this.shown) listener.rewound(output.length - base);
    else if (output.length > this.shown) listener.serial(output.slice(this.shown, output.length));
    this.shown = output.length;
  }
}
