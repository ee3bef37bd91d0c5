import type { GuestClock, Timer } from './bus.ts';

/** A guest clock moved by hand, for tests of devices alone. */
export class ManualClock implements GuestClock {
  #now = 0;
  readonly #armed = new Map<Timer, number>();

  now(): number {
    return this.#now;
  }

  arm(timer: Timer, at: number): void {
    this.#armed.set(timer, at);
  }

  disarm(timer: Timer): void {
    this.#armed.delete(timer);
  }

  /** Time of the earliest armed timer, or null. */
  next(): number | null {
    return this.#armed.size === 0 ? null : Math.min(...this.#armed.values());
  }

  /** Moves time to `to`, firing timers in order of time, then of name. */
  advanceTo(to: number): void {
    for (;;) {
      const due = [...this.#armed].filter(([, at]) => at <= to);
      due.sort(([a, x], [b, y]) => x - y || (a.name < b.name ? -1 : 1));
      const first = due[0];
      if (first === undefined) break;
      const [timer, at] = first;
      this.#armed.delete(timer);
      this.#now = Math.max(this.#now, at);
      timer.fire(this.#now);
    }
    this.#now = Math.max(this.#now, to);
  }

  advance(by: number): void {
    this.advanceTo(this.#now + by);
  }
}

/** An interrupt line that remembers its level and counts rising edges. */
export class ProbeLine {
  level = false;
  rises = 0;

  set(level: boolean): void {
    if (level && !this.level) this.rises += 1;
    this.level = level;
  }
}
