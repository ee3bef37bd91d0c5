/** Armed timers of the devices, in the order in which they fire: by time, then by name. */
import type { Timer } from '../devices/bus.ts';

export interface ArmedTimer {
  readonly timer: Timer;
  /** Guest time. */
  readonly at: number;
}

export class Timers {
  private readonly armed: ArmedTimer[] = [];

  arm(timer: Timer, at: number): void {
    this.disarm(timer);
    const before = (a: ArmedTimer): boolean => a.at < at || (a.at === at && a.timer.name < timer.name);
    let i = 0;
    while (i < this.armed.length && before(this.armed[i] as ArmedTimer)) i++;
    this.armed.splice(i, 0, { timer, at });
  }

  disarm(timer: Timer): void {
    const i = this.armed.findIndex((a) => a.timer === timer);
    if (i >= 0) this.armed.splice(i, 1);
  }

  /** Guest time of the next timer, or Infinity. */
  get next(): number {
    return this.armed[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Fires everything due at `now`. */
  fire(now: number): void {
    for (let first = this.armed[0]; first !== undefined && first.at <= now; first = this.armed[0]) {
      this.armed.shift();
      first.timer.fire(now);
    }
  }

  save(): readonly ArmedTimer[] {
    return [...this.armed];
  }
  restore(armed: readonly ArmedTimer[]): void {
    this.armed.splice(0, this.armed.length, ...armed);
  }
}
