import type { GuestClock, Plain, Timer } from './bus.ts';
import type { SavedState } from './savedState.ts';

/** The timer's input clock ticks once per guest ns, like QEMU's. */
const ONE_SHOT = 0;
const PERIODIC = 1;

/**
 * The counter of a local APIC's timer (SDM vol. 3A, 10.5.4): counts down from the initial count at the divided clock. It
 * holds the time at which the count was last set, and computes the rest.
 */
export class ApicTimer implements Timer {
  readonly name: string;
  readonly #clock: GuestClock;
  readonly #expired: () => void;
  #mode = ONE_SHOT;
  #divide = 2;
  #initial = 0;
  /** `#startCount` was in the counter at `#startTime`; null while stopped. */
  #startTime: number | null = null;
  #startCount = 0;

  constructor(name: string, clock: GuestClock, expired: () => void) {
    this.name = name;
    this.#clock = clock;
    this.#expired = expired;
  }

  get initial(): number {
    return this.#initial;
  }

  /** Writing 0 stops the timer, anything else starts it. */
  setInitial(count: number): void {
    this.#initial = count;
    this.#startTime = count === 0 ? null : this.#clock.now();
    this.#startCount = count;
    this.#arm();
  }

  /** LVT bits 18:17: 0 one-shot, 1 periodic; the others do not count here. */
  setMode(mode: number): void {
    this.#rebase();
    this.#mode = mode;
    this.#arm();
  }

  /** 1, 2, 4 .. 128. */
  setDivide(divide: number): void {
    this.#rebase();
    this.#divide = divide;
    this.#arm();
  }

  current(): number {
    if (this.#startTime === null || this.#mode > PERIODIC) return 0;
    const ticks = Math.floor((this.#clock.now() - this.#startTime) / this.#divide);
    if (ticks < this.#startCount) return this.#startCount - ticks;
    if (this.#mode === ONE_SHOT) return 0;
    return this.#initial - ((ticks - this.#startCount) % this.#initial);
  }

  fire(now: number): void {
    if (this.#startTime === null) return;
    if (this.#mode === PERIODIC) {
      // From the time it was due, so that nothing drifts; periods missed by a late call are left out.
      const due = this.#startTime + this.#startCount * this.#divide;
      const period = this.#initial * this.#divide;
      this.#startTime = due + Math.floor((now - due) / period) * period;
      this.#startCount = this.#initial;
    } else {
      this.#startTime = null;
    }
    this.#arm();
    this.#expired();
  }

  reset(): void {
    this.#mode = ONE_SHOT;
    this.#divide = 2;
    this.#initial = 0;
    this.#startTime = null;
    this.#startCount = 0;
    this.#arm();
  }

  save(): Plain {
    return {
      mode: this.#mode,
      divide: this.#divide,
      initial: this.#initial,
      startTime: this.#startTime,
      startCount: this.#startCount,
    };
  }

  restore(saved: SavedState): void {
    this.#mode = saved.number('mode', 0, 3);
    this.#divide = saved.number('divide', 1, 128);
    this.#initial = saved.number('initial', 0, 0xffffffff);
    this.#startTime = this.#initial === 0 ? null : saved.timeOrNull('startTime');
    this.#startCount = saved.number('startCount', 0, 0xffffffff);
    this.#arm();
  }

  /** Makes the present count the starting point before the way of counting changes. */
  #rebase(): void {
    if (this.#startTime === null) return;
    this.#startCount = this.current();
    this.#startTime = this.#startCount === 0 ? null : this.#clock.now();
  }

  #arm(): void {
    if (this.#startTime === null || this.#mode > PERIODIC) this.#clock.disarm(this);
    else this.#clock.arm(this, this.#startTime + this.#startCount * this.#divide);
  }
}
