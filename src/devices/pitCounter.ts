import type { Plain } from './bus.ts';
import type { SavedState } from './savedState.ts';

/** Access modes, bits 5:4 of the control word. */
const LOW_ONLY = 1;
const HIGH_ONLY = 2;

/**
 * One counter of an Intel 8254. It is not ticked: its state is the tick at which the counting element was loaded, and
 * everything visible is computed from the present tick. Callers pass ticks that never decrease.
 *
 * A count written at tick T is in the counting element at tick T + 1 ("the next CLK pulse"); a gate edge acts likewise.
 */
export class PitCounter {
  #mode = 0;
  #access = 3;
  #bcd = false;
  /** Count register as written: 0 stands for 65536 (10000 in BCD). `null` until the first count of this mode. */
  #initial: number | null = null;
  /** Tick at which the counting element held the initial count; `null` while nothing counts. */
  #start: number | null = null;
  /** A count written while another counts: it waits for the end of the (half) period, or for the next trigger. */
  #next: number | null = null;
  /** Modes 2 and 3: tick at which `#next` takes over. */
  #nextAt: number | null = null;
  /** Tick at which the gate stopped counting (modes 0, 2, 3, 4). */
  #frozenAt: number | null = null;
  #gate: boolean;
  /** What the counting element held before a load that the next CLK pulse brings. */
  #residue = 0;
  /** Mode 4: the tick of the strobe, once the gate has stopped counting at or after it. */
  #strobeTick: number | null = null;
  /** OUT until that load, in the modes whose OUT it does not change at once: 1, 4 and 5. */
  #outBefore = true;
  #writeHigh = false;
  #writeLow = 0;
  #readHigh = false;
  #latchedCount: number | null = null;
  #latchedStatus: number | null = null;

  constructor(gate: boolean) {
    this.#gate = gate;
  }

  /** Control word with bits 7:6 cut off. Bits 5:4 = 0 is the latch command. */
  control(word: number, tick: number): void {
    if ((word & 0x30) === 0) {
      this.latchCount(tick);
      return;
    }
    this.#residue = this.#countingElement(tick);
    const mode = (word >>> 1) & 7;
    this.#mode = mode > 5 ? mode - 4 : mode;
    this.#access = (word >>> 4) & 3;
    this.#bcd = (word & 1) !== 0;
    this.#initial = null;
    this.#start = null;
    this.#strobeTick = null;
    this.#next = null;
    this.#nextAt = null;
    this.#frozenAt = null;
    this.#writeHigh = false;
    this.#readHigh = false;
    this.#latchedCount = null;
    this.#latchedStatus = null;
  }

  /** Read-back command for this counter: bit 5 = 0 latches the count, bit 4 = 0 the status. */
  readBack(command: number, tick: number): void {
    if ((command & 0x20) === 0) this.latchCount(tick);
    if ((command & 0x10) === 0 && this.#latchedStatus === null) this.#latchedStatus = this.#status(tick);
  }

  latchCount(tick: number): void {
    // A second latch before the first is read is ignored.
    if (this.#latchedCount === null) this.#latchedCount = this.#encode(this.#countingElement(tick));
  }

  write(byte: number, tick: number): void {
    if (this.#access === LOW_ONLY) this.#load(byte, tick);
    else if (this.#access === HIGH_ONLY) this.#load(byte << 8, tick);
    else if (this.#writeHigh) {
      this.#writeHigh = false;
      this.#load(this.#writeLow | (byte << 8), tick);
    } else {
      this.#writeLow = byte;
      this.#writeHigh = true;
      if (this.#mode === 0) {
        // The first of two bytes stops the countdown, with OUT low.
        this.#residue = this.#countingElement(tick);
        this.#start = null;
      }
    }
  }

  read(tick: number): number {
    if (this.#latchedStatus !== null) {
      const status = this.#latchedStatus;
      this.#latchedStatus = null;
      return status;
    }
    const count = this.#latchedCount ?? this.#encode(this.#countingElement(tick));
    if (this.#access === LOW_ONLY || this.#access === HIGH_ONLY) {
      this.#latchedCount = null;
      return this.#access === LOW_ONLY ? count & 0xff : count >>> 8;
    }
    const high = this.#readHigh;
    this.#readHigh = !high;
    if (high) this.#latchedCount = null;
    return high ? count >>> 8 : count & 0xff;
  }

  get gate(): boolean {
    return this.#gate;
  }

  setGate(level: boolean, tick: number): void {
    if (level === this.#gate) return;
    this.#settle(tick);
    this.#gate = level;
    switch (this.#mode) {
      case 0:
      case 4:
        if (level) this.#resume(tick);
        else if (this.#start !== null) {
          this.#frozenAt = Math.max(tick, this.#start);
          // The strobe lasts one pulse whether or not counting goes on.
          const strobe = this.#start + this.#period;
          if (this.#frozenAt >= strobe) this.#strobeTick ??= strobe;
        }
        break;
      case 2:
      case 3:
        // Low forces OUT high and stops; the rising edge starts a fresh period.
        if (!level) this.#frozenAt = Math.max(tick, this.#start ?? tick);
        else if (this.#initial !== null) {
          this.#residue = this.#countingElement(tick);
          this.#frozenAt = null;
          this.#start = tick + 1;
          this.#takeNext();
        }
        break;
      default:
        if (level && this.#initial !== null) {
          this.#outBefore = this.out(tick);
          this.#residue = this.#countingElement(tick);
          this.#start = tick + 1;
          this.#takeNext();
        }
    }
  }

  out(tick: number): boolean {
    this.#settle(tick);
    const start = this.#start;
    if (start === null) return this.#mode !== 0;
    const elapsed = this.#elapsed(start, tick);
    const period = this.#period;
    switch (this.#mode) {
      case 0:
        return elapsed >= period;
      case 1:
        return elapsed < 0 ? this.#outBefore : elapsed >= period;
      case 2:
        return this.#frozenAt !== null || elapsed < 0 || elapsed % period !== period - 1;
      case 3:
        return this.#frozenAt !== null || elapsed < 0 || elapsed % period < Math.ceil(period / 2);
      default:
        if (this.#strobeTick !== null) return tick !== this.#strobeTick;
        return elapsed < 0 ? this.#outBefore : elapsed !== period;
    }
  }

  /** First tick after `tick` at which OUT may change, or null while nothing is under way. */
  nextChange(tick: number): number | null {
    this.#settle(tick);
    const start = this.#start;
    if (this.#strobeTick !== null) return tick === this.#strobeTick ? tick + 1 : null;
    if (start === null) return null;
    // A strobe under way at a load ends there, even with the gate low.
    if (this.#mode >= 4 && tick < start && !this.#outBefore) return start;
    if (this.#frozenAt !== null) return null;
    const elapsed = tick - start;
    const period = this.#period;
    switch (this.#mode) {
      case 0:
        return elapsed < period ? start + period : null;
      case 1:
        if (elapsed < 0) return start;
        return elapsed < period ? start + period : null;
      case 2:
      case 3: {
        // A count of 1 is not allowed in these modes: OUT stays as it is.
        if (period === 1) return this.#nextAt;
        const low = this.#mode === 2 ? period - 1 : Math.ceil(period / 2);
        if (elapsed < 0) return start + low;
        const phase = elapsed % period;
        return tick - phase + (phase < low ? low : period);
      }
      default:
        if (elapsed < period) return start + period;
        return elapsed === period ? tick + 1 : null;
    }
  }

  save(): Plain {
    return {
      mode: this.#mode,
      access: this.#access,
      bcd: this.#bcd,
      initial: this.#initial,
      start: this.#start,
      next: this.#next,
      nextAt: this.#nextAt,
      frozenAt: this.#frozenAt,
      gate: this.#gate,
      residue: this.#residue,
      outBefore: this.#outBefore,
      strobeTick: this.#strobeTick,
      writeHigh: this.#writeHigh,
      writeLow: this.#writeLow,
      readHigh: this.#readHigh,
      latchedCount: this.#latchedCount,
      latchedStatus: this.#latchedStatus,
    };
  }

  restore(saved: SavedState): void {
    this.#mode = saved.number('mode', 0, 5);
    this.#access = saved.number('access', 1, 3);
    this.#bcd = saved.boolean('bcd');
    this.#initial = saved.numberOrNull('initial', 0, 0xffff);
    this.#start = saved.timeOrNull('start');
    this.#next = saved.numberOrNull('next', 0, 0xffff);
    this.#nextAt = saved.timeOrNull('nextAt');
    this.#frozenAt = saved.timeOrNull('frozenAt');
    this.#gate = saved.boolean('gate');
    this.#residue = saved.number('residue', 0, 0x10000);
    this.#strobeTick = saved.timeOrNull('strobeTick');
    this.#outBefore = saved.boolean('outBefore');
    this.#writeHigh = saved.boolean('writeHigh');
    this.#writeLow = saved.byte('writeLow');
    this.#readHigh = saved.boolean('readHigh');
    this.#latchedCount = saved.numberOrNull('latchedCount', 0, 0xffff);
    this.#latchedStatus = saved.numberOrNull('latchedStatus', 0, 0xff);
  }

  /** Length of a countdown in ticks: 1..65536 (10000 in BCD). */
  get #period(): number {
    return this.#value(this.#initial ?? 0);
  }

  get #modulus(): number {
    return this.#bcd ? 10_000 : 0x10000;
  }

  /** Number that a count register stands for. */
  #value(register: number): number {
    if (!this.#bcd) return register === 0 ? 0x10000 : register;
    const digit = (shift: number) => (register >>> shift) & 0xf;
    const value = digit(12) * 1000 + digit(8) * 100 + digit(4) * 10 + digit(0);
    return value % 10_000 === 0 ? 10_000 : value;
  }

  /** 16 bits as a guest reads them. */
  #encode(count: number): number {
    const value = count % this.#modulus;
    if (!this.#bcd) return value;
    const digit = (unit: number) => Math.floor(value / unit) % 10;
    return (digit(1000) << 12) | (digit(100) << 8) | (digit(10) << 4) | digit(1);
  }

  /** Ticks counted since the load; negative before it. */
  #elapsed(start: number, tick: number): number {
    return (this.#frozenAt === null ? tick : Math.min(tick, this.#frozenAt)) - start;
  }

  #countingElement(tick: number): number {
    this.#settle(tick);
    if (this.#start === null) return this.#residue;
    const elapsed = this.#elapsed(this.#start, tick);
    if (elapsed < 0) return this.#residue;
    const period = this.#period;
    if (this.#mode === 2) return period - (elapsed % period);
    if (this.#mode === 3) {
      // Counts down by two in each half; an odd count is loaded less one, and its high half is one tick longer.
      const high = Math.ceil(period / 2);
      const phase = elapsed % period;
      return period - (period & 1) - 2 * (phase < high ? phase : phase - high);
    }
    const modulus = this.#modulus;
    return (((period - elapsed) % modulus) + modulus) % modulus;
  }

  #status(tick: number): number {
    const out = this.out(tick);
    const loaded = this.#start !== null && tick >= this.#start && this.#next === null;
    return (out ? 0x80 : 0) | (loaded ? 0 : 0x40) | (this.#access << 4) | (this.#mode << 1) | (this.#bcd ? 1 : 0);
  }

  #load(register: number, tick: number): void {
    this.#settle(tick);
    const triggered = this.#mode === 1 || this.#mode === 5;
    const periodic = this.#mode === 2 || this.#mode === 3;
    if (this.#start !== null && tick >= this.#start && (triggered || periodic)) {
      this.#next = register;
      if (periodic && this.#frozenAt === null) this.#nextAt = this.#boundaryAfter(tick, this.#start);
      return;
    }
    this.#residue = this.#countingElement(tick);
    if (triggered) {
      this.#initial = register;
      return;
    }
    this.#outBefore = this.out(tick);
    this.#initial = register;
    this.#start = tick + 1;
    this.#strobeTick = null;
    this.#frozenAt = this.#gate ? null : tick + 1;
  }

  #resume(tick: number): void {
    if (this.#start !== null && this.#frozenAt !== null) this.#start += Math.max(0, tick - this.#frozenAt);
    this.#frozenAt = null;
  }

  /** End of the period (mode 2) or half period (mode 3) that `tick` is in. */
  #boundaryAfter(tick: number, start: number): number {
    const period = this.#period;
    const phase = (tick - start) % period;
    const high = Math.ceil(period / 2);
    return tick - phase + (this.#mode === 3 && phase < high ? high : period);
  }

  #takeNext(): void {
    if (this.#next === null) return;
    this.#initial = this.#next;
    this.#next = null;
    this.#nextAt = null;
  }

  /** Modes 2 and 3: lets a waiting count take over once its time has come. */
  #settle(tick: number): void {
    const boundary = this.#nextAt;
    if (boundary === null || this.#start === null || this.#frozenAt !== null || tick < boundary) return;
    const startsLow = this.#mode === 3 && (boundary - this.#start) % this.#period !== 0;
    this.#takeNext();
    // Halves alternate: after a high half comes the low half of the new count.
    this.#start = startsLow ? boundary - Math.ceil(this.#period / 2) : boundary;
  }
}
