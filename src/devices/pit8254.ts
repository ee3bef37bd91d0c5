import type { Device, GuestClock, InterruptLine, Plain, PortDevice, Timer, Width } from './bus.ts';
import { PitCounter } from './pitCounter.ts';
import { ticksAt, timeOfTick } from './rate.ts';
import { SavedState } from './savedState.ts';

/** Input clock of the PC's timer. */
export const PIT_HZ = 1_193_182;
const FIRST = 0x40;
const CONTROL = 0x43;
const SYSTEM_CONTROL_B = 0x61;
/** Memory refresh asks every 18 ticks (15.1 us); port 61h bit 4 changes each time. */
const REFRESH_TICKS = 18;
/** Changes are made up for one by one over this many ticks, two full periods. */
const MOST_LATE = 0x20000;

/** Ports the timer decodes. */
export const PIT_PORTS: readonly (readonly [first: number, last: number])[] = [
  [FIRST, CONTROL],
  [SYSTEM_CONTROL_B, SYSTEM_CONTROL_B],
];

/**
 * Intel 8254 in the PC: counter 0 drives IRQ 0, counter 1 was the memory refresh, counter 2 the speaker, with its gate
 * and output in port 61h. The ticks of its input clock are counted exactly from guest time.
 */
export class Pit8254 implements Device, PortDevice, Timer {
  readonly name = 'pit';
  readonly #clock: GuestClock;
  readonly #irq: InterruptLine;
  readonly #counters = [new PitCounter(true), new PitCounter(true), new PitCounter(false)] as const;
  /** Bits 1:0 gate and speaker, 3:2 parity and channel check disable. */
  #controlB = 0;
  /** Level last driven on IRQ 0, and the tick of counter 0's next change. */
  #level = false;
  #nextTick: number | null = null;

  constructor(clock: GuestClock, irq: InterruptLine) {
    this.#clock = clock;
    this.#irq = irq;
  }

  readPort(port: number, _width: Width): number {
    const tick = this.#tick();
    if (port === SYSTEM_CONTROL_B) return this.#readControlB(tick);
    // The control word cannot be read.
    return this.#counter(port - FIRST)?.read(tick) ?? 0;
  }

  writePort(port: number, _width: Width, value: number): void {
    const tick = this.#tick();
    if (port === SYSTEM_CONTROL_B) {
      this.#controlB = value & 0xf;
      this.#counters[2].setGate((value & 1) !== 0, tick);
      return;
    }
    if (port === CONTROL) this.#control(value, tick);
    else this.#counter(port - FIRST)?.write(value, tick);
    this.#follow(tick);
  }

  fire(now: number): void {
    const tick = ticksAt(now, PIT_HZ);
    // When called late, no pulse in between may be lost.
    if (this.#nextTick !== null && tick - this.#nextTick < MOST_LATE) {
      while (this.#nextTick !== null && this.#nextTick < tick) this.#step(this.#nextTick);
    }
    this.#follow(tick);
  }

  /** Level of the speaker's input: counter 2's output while port 61h bit 1 lets it through. */
  get speaker(): boolean {
    return (this.#controlB & 2) !== 0 && this.#counters[2].out(this.#tick());
  }

  reset(): void {
    const tick = this.#tick();
    // The data sheet leaves the modes undefined at power-on; here every counter waits in mode 3 for its first count.
    for (const counter of this.#counters) counter.control(0x36, tick);
    this.#counters[2].setGate(false, tick);
    this.#controlB = 0;
    this.#follow(tick);
  }

  save(): Plain {
    return {
      controlB: this.#controlB,
      level: this.#level,
      nextTick: this.#nextTick,
      counters: this.#counters.map((counter) => counter.save()),
    };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    this.#controlB = saved.number('controlB', 0, 0xf);
    saved.records('counters', this.#counters.length).forEach((record, i) => {
      this.#counter(i)?.restore(record);
    });
    this.#level = saved.boolean('level');
    this.#nextTick = saved.timeOrNull('nextTick');
    this.#arm();
  }

  #tick(): number {
    return ticksAt(this.#clock.now(), PIT_HZ);
  }

  #counter(index: number): PitCounter | undefined {
    return this.#counters[index];
  }

  #control(word: number, tick: number): void {
    const select = word >>> 6;
    if (select < 3) {
      this.#counter(select)?.control(word & 0x3f, tick);
      return;
    }
    this.#counters.forEach((counter, i) => {
      if (word & (2 << i)) counter.readBack(word, tick);
    });
  }

  #readControlB(tick: number): number {
    const refresh = Math.floor(tick / REFRESH_TICKS) & 1;
    return this.#controlB | (refresh << 4) | (this.#counters[2].out(tick) ? 0x20 : 0);
  }

  /** Brings IRQ 0 to counter 0's output and asks to be called at its next change. */
  #follow(tick: number): void {
    this.#step(tick);
    this.#arm();
  }

  #step(tick: number): void {
    const counter = this.#counters[0];
    this.#level = counter.out(tick);
    this.#irq.set(this.#level);
    this.#nextTick = counter.nextChange(tick);
  }

  #arm(): void {
    if (this.#nextTick === null) this.#clock.disarm(this);
    else this.#clock.arm(this, timeOfTick(this.#nextTick, PIT_HZ));
  }
}
