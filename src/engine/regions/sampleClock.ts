/** When a sample of the running code is due: often while the interpreter does most of the work, else less often. */

/** Interpreted instructions between two samples, at least; up to as many again are added by chance. */
const SAMPLE_EVERY = 2048;
const LONGEST_SLICE = 1 << 18;

export class SampleClock {
  private chance = 1;
  private slice = SAMPLE_EVERY;
  private since = 0;
  private interpretedSince = 0;
  private due = false;

  /** Whether a sample is due; the next is not until then. */
  takeDue(): boolean {
    const { due } = this;
    this.due = false;
    return due;
  }
  /** Instructions that may run before the next sample. */
  get left(): number {
    return Math.max(this.slice - this.since, 0);
  }

  /** So many instructions have run. `whole`: nothing else ended them; `telling`: where they ended says what is hot. */
  ran(retired: number, interpreted: number, whole: boolean, telling: boolean): void {
    this.since += retired;
    this.interpretedSince += interpreted;
    // A run that something else ended says nothing yet, and the next one is as much shorter.
    if (!whole || this.since < this.slice) return;
    this.due = telling;
    this.chance = (Math.imul(this.chance, 1103515245) + 12345) | 0;
    const every = SAMPLE_EVERY + ((this.chance >>> 16) & (SAMPLE_EVERY - 1));
    const slowed = every * (this.since / Math.max(this.interpretedSince, 1));
    this.slice = Math.floor(Math.min(slowed, LONGEST_SLICE));
    this.since = 0;
    this.interpretedSince = 0;
  }
}
