/** When checkpoints are made: about as far apart as it takes to run from one to the next. */
import type { Machine } from '../../machine/machine.ts';

/** Work between checkpoints at the end of the history, and what each written page adds. */
const NEAREST = 1 << 23;
const FARTHEST = 1 << 24;
const PER_PAGE = 1 << 16;
/** Instructions after which the work since the last checkpoint is looked at; as many more as they are quick. */
const LOOK = 1 << 20;
/** A crossing of rings, exception or interrupt takes as long as so many other instructions. */
const PER_CROSSING = 32;
/** So many compiled instructions take as long as an interpreted one. */
const COMPILED_IN_ONE = 8;

export class Pace {
  /** Instructions since the start, as long as interpreted ones take. */
  executed = 0;
  /** The count at which to look whether a checkpoint is due. */
  wanted: number;
  private look = LOOK;

  constructor(count: number) {
    this.wanted = count + LOOK;
  }

  /** The machine has run `count` instructions, `compiled` of them compiled. */
  ran(count: number, compiled: number): void {
    this.executed += count - compiled + compiled / COMPILED_IN_ONE;
    this.look = compiled > count / 2 ? LOOK * COMPILED_IN_ONE : LOOK;
  }

  /** How long a run from the start to here takes: checkpoints are told apart by it, so that all are equally far in time. */
  work(crossings: number): number {
    return this.executed + crossings * PER_CROSSING;
  }

  /** True when it is time to look; the next look is then set. */
  looks({ retired }: Machine): boolean {
    if (retired < this.wanted) return false;
    this.wanted = retired + this.look;
    return true;
  }
  /** Everything beyond this count is forgotten. */
  cutTo(count: number): void {
    this.wanted = count + LOOK;
  }
}

/** Work after which a checkpoint is due when so many pages have been written since the last one. */
export const intervalFor = (dirty: number): number => Math.min(Math.max(dirty * PER_PAGE, NEAREST), FARTHEST);
