/** Does what takes long in slices, so that messages are answered in between and the person can end it. */
import type { Work } from '../debugger/history/history.ts';

/** Work goes on for about this long before messages are looked at. */
const SLICE_MS = 12;
/** What is done sooner is not worth a progress bar. */
const TELL_AFTER_MS = 150;
const TELL_EVERY_MS = 80;

export const cancelled: unique symbol = Symbol('cancelled');

const channel = new MessageChannel();
let resume: (() => void) | undefined;
channel.port1.onmessage = () => resume?.();

/** Lets the messages that have arrived be handled. */
function lookAround(): Promise<void> {
  return new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(null);
  });
}

export class Driver {
  private ended = false;
  private driving = false;
  /** When messages were looked at last. */
  private breath = 0;

  /** Ends what is being driven; does nothing when nothing is. */
  cancel(): void {
    this.ended = this.driving;
  }

  /** Work of many parts that call `breathe` in between. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.driving = true;
    this.ended = false;
    this.breath = performance.now();
    try {
      return await work();
    } finally {
      this.driving = false;
    }
  }

  /** Looks at messages when it is time to; false once the work has been ended. */
  async breathe(): Promise<boolean> {
    if (performance.now() - this.breath > SLICE_MS) {
      await lookAround();
      this.breath = performance.now();
    }
    return !this.ended;
  }

  /**
   * Runs `work` to its end. `tell` hears how many instructions have been run, and null at the end if it heard anything.
   * Answers `cancelled` when the work was ended on the way: it stands wherever it had got to. With `giveUp`, that is
   * called instead, and the work goes on to its end.
   */
  async drive<Result>(
    work: Work<Result>,
    tell: (instructions: number | null) => void,
    giveUp?: () => void,
  ): Promise<Result | typeof cancelled> {
    const began = performance.now();
    let [sliceBegan, told, done] = [began, 0, 0];
    this.driving = true;
    this.ended = false;
    try {
      for (;;) {
        const step = work.next();
        if (step.done) return step.value;
        done += step.value;
        const now = performance.now();
        if (now - sliceBegan < SLICE_MS) continue;
        if (now - began > TELL_AFTER_MS && now - told > TELL_EVERY_MS) {
          tell(done);
          told = now;
        }
        await lookAround();
        if (this.ended && giveUp !== undefined) {
          giveUp();
          this.ended = false;
        } else if (this.ended) {
          work.return(undefined as Result);
          return cancelled;
        }
        sliceBegan = performance.now();
      }
    } finally {
      this.driving = false;
      if (told > 0) tell(null);
    }
  }
}
