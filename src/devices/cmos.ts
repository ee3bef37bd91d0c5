import type { Device, GuestClock, InterruptLine, Plain, PortDevice, Timer, Width } from './bus.ts';
import { type CalendarTime, fromSeconds, toSeconds } from './calendar.ts';
import { NS_PER_SECOND, ticksAt, timeOfTick } from './rate.ts';
import { BadStateError, SavedState } from './savedState.ts';

const INDEX = 0x70;
const SIZE = 128;
/** Register numbers, MC146818A data sheet; the century is where PC firmware keeps it. */
const REG = { seconds: 0, minutes: 2, hours: 4, weekday: 6, day: 7, month: 8, year: 9, a: 10, b: 11, c: 12, d: 13 };
const CENTURY = 0x32;
const ALARM = [1, 3, 5] as const;
const A_UPDATING = 0x80;
const B = { set: 0x80, periodic: 0x40, alarm: 0x20, updateEnded: 0x10, binary: 4, hours24: 2 } as const;
const C = { request: 0x80, periodic: 0x40, alarm: 0x20, updateEnded: 0x10 } as const;
const D_VALID = 0x80;
const CRYSTAL_HZ = 32_768;
/** UIP comes 244 us before an update cycle of 1984 us (32 kHz time base); the registers change at its end. */
const UPDATE_NS = 244_000 + 1_984_000;
const SECONDS_PER_DAY = 86_400;
/** Seconds between 1970 and any date the registers can hold, and more. */
const FARTHEST = 2 ** 40;

export interface CmosOptions {
  readonly clock: GuestClock;
  readonly irq: InterruptLine;
  /** Date and time at guest time 0, in seconds since 1 January 1970 UTC. */
  readonly startSeconds: number;
  /** Guest memory, for the size fields firmware leaves. */
  readonly memoryBytes: number;
}

/** MC146818 real-time clock and CMOS memory behind ports 70h and 71h. Its time is the start date plus guest time. */
export class Cmos implements Device, PortDevice, Timer {
  readonly name = 'cmos';
  readonly #options: CmosOptions;
  readonly #ram = new Uint8Array(SIZE);
  #index = 0;
  /** Calendar seconds at guest time 0; the guest moves it by setting the clock. */
  #offset: number;
  /** Calendar seconds held while register B's SET stops updates, else null. */
  #held: number | null = null;
  #flags = 0;
  /** Updates and periodic ticks up to here have their flags. */
  #seenSecond = 0;
  #seenPeriod = 0;

  constructor(options: CmosOptions) {
    this.#options = options;
    this.#offset = options.startSeconds;
    this.#setDefaults();
  }

  readPort(port: number, _width: Width): number {
    // The index register cannot be read.
    if (port === INDEX) return 0xff;
    this.#sync();
    switch (this.#index) {
      case REG.a:
        return (this.#ram[REG.a] ?? 0) | (this.#updating ? A_UPDATING : 0);
      case REG.c: {
        const flags = this.#flags | (this.#flags & this.#b ? C.request : 0);
        this.#flags = 0;
        this.#update();
        return flags;
      }
      case REG.d:
        return D_VALID;
    }
    return this.#clockRegister(this.#index) ?? this.#ram[this.#index] ?? 0;
  }

  writePort(port: number, _width: Width, value: number): void {
    if (port === INDEX) {
      // Bit 7 masks NMI, which nothing raises here.
      this.#index = value & (SIZE - 1);
      return;
    }
    this.#sync();
    if (this.#index === REG.a) {
      this.#ram[REG.a] = value & ~A_UPDATING;
      this.#seenPeriod = this.#periods();
    } else if (this.#index === REG.b) this.#writeB(value);
    else if (this.#index !== REG.c && this.#index !== REG.d && !this.#setClock(value)) this.#ram[this.#index] = value;
    this.#update();
  }

  fire(_now: number): void {
    this.#sync();
    this.#update();
  }

  /** The chip is kept alive by its battery: a reset clears interrupt enables and flags only. */
  reset(): void {
    this.#ram[REG.b] = this.#b & ~(B.periodic | B.alarm | B.updateEnded);
    this.#flags = 0;
    this.#index = 0;
    this.#update();
  }

  save(): Plain {
    return {
      ram: this.#ram.slice(),
      index: this.#index,
      offset: this.#offset,
      held: this.#held,
      flags: this.#flags,
      seenSecond: this.#seenSecond,
      seenPeriod: this.#seenPeriod,
    };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    const ram = saved.bytes('ram', SIZE);
    const seenSecond = saved.time('seenSecond');
    const seenPeriod = saved.time('seenPeriod');
    if (seenSecond > this.#seconds) throw new BadStateError('seenSecond lies in the future');
    this.#ram.set(ram);
    this.#index = saved.number('index', 0, SIZE - 1);
    this.#offset = saved.number('offset', -FARTHEST, FARTHEST);
    this.#held = saved.numberOrNull('held', -FARTHEST, FARTHEST);
    this.#flags = saved.number('flags', 0, 0x7f);
    this.#seenSecond = seenSecond;
    this.#seenPeriod = seenPeriod;
    this.#arm();
  }

  #setDefaults(): void {
    const ram = this.#ram;
    const put16 = (register: number, value: number) => {
      ram[register] = value & 0xff;
      ram[register + 1] = value >>> 8;
    };
    ram[REG.a] = 0x26;
    ram[REG.b] = B.hours24;
    const kib = Math.floor(this.#options.memoryBytes / 1024);
    put16(0x15, Math.min(640, kib));
    const extended = Math.max(0, Math.min(0xffff, kib - 1024));
    put16(0x17, extended);
    put16(0x30, extended);
    // Memory above 16 MiB in units of 64 KiB.
    put16(0x34, Math.max(0, Math.min(0xffff, Math.floor((kib - 16_384) / 64))));
  }

  get #b(): number {
    return this.#ram[REG.b] ?? 0;
  }

  /** Whole seconds of guest time. */
  get #seconds(): number {
    return Math.floor(this.#options.clock.now() / NS_PER_SECOND);
  }

  get #updating(): boolean {
    return (this.#b & B.set) === 0 && this.#options.clock.now() % NS_PER_SECOND >= NS_PER_SECOND - UPDATE_NS;
  }

  #time(): CalendarTime {
    return fromSeconds(this.#held ?? this.#offset + this.#seconds);
  }

  #clockRegister(register: number): number | null {
    const time = this.#time();
    switch (register) {
      case REG.seconds:
        return this.#encode(time.second);
      case REG.minutes:
        return this.#encode(time.minute);
      case REG.hours:
        return this.#encodeHour(time.hour);
      case REG.weekday:
        return time.weekday;
      case REG.day:
        return this.#encode(time.day);
      case REG.month:
        return this.#encode(time.month);
      case REG.year:
        return this.#encode(time.year % 100);
      case CENTURY:
        return this.#encode(Math.floor(time.year / 100));
    }
    return null;
  }

  /** Writes a time register; false if it is none. The day of the week follows from the date and cannot be set. */
  #setClock(value: number): boolean {
    const time = this.#time();
    const number = this.#decode(value);
    let set: Partial<CalendarTime>;
    switch (this.#index) {
      case REG.seconds:
        set = { second: number };
        break;
      case REG.minutes:
        set = { minute: number };
        break;
      case REG.hours:
        set = { hour: this.#decodeHour(value) };
        break;
      case REG.weekday:
        return true;
      case REG.day:
        set = { day: number };
        break;
      case REG.month:
        set = { month: Math.min(12, Math.max(1, number)) };
        break;
      case REG.year:
        set = { year: time.year - (time.year % 100) + (number % 100) };
        break;
      case CENTURY:
        set = { year: (number % 100) * 100 + (time.year % 100) };
        break;
      default:
        return false;
    }
    const seconds = toSeconds({ ...time, ...set });
    if (this.#held === null) this.#offset = seconds - this.#seconds;
    else this.#held = seconds;
    return true;
  }

  #writeB(value: number): void {
    if (value & B.set && this.#held === null) this.#held = this.#offset + this.#seconds;
    if (!(value & B.set) && this.#held !== null) {
      this.#offset = this.#held - this.#seconds;
      this.#held = null;
    }
    // Setting SET also clears the update-ended enable.
    this.#ram[REG.b] = value & B.set ? value & ~B.updateEnded : value;
  }

  #encode(value: number): number {
    return this.#b & B.binary ? value : (Math.floor(value / 10) << 4) | (value % 10);
  }

  #decode(value: number): number {
    return this.#b & B.binary ? value : (value >>> 4) * 10 + (value & 0xf);
  }

  #encodeHour(hour: number): number {
    if (this.#b & B.hours24) return this.#encode(hour);
    return this.#encode(hour % 12 === 0 ? 12 : hour % 12) | (hour >= 12 ? 0x80 : 0);
  }

  #decodeHour(value: number): number {
    if (this.#b & B.hours24) return this.#decode(value);
    return (this.#decode(value & 0x7f) % 12) + (value & 0x80 ? 12 : 0);
  }

  /** Crystal ticks of one periodic interrupt, or 0 for none (register A bits 3:0). */
  get #periodTicks(): number {
    const rate = (this.#ram[REG.a] ?? 0) & 0xf;
    if (rate === 0) return 0;
    return 1 << (rate <= 2 ? rate + 6 : rate - 1);
  }

  #periods(): number {
    const ticks = this.#periodTicks;
    return ticks === 0 ? 0 : Math.floor(ticksAt(this.#options.clock.now(), CRYSTAL_HZ) / ticks);
  }

  /** Sets the flags of everything that happened since the last look. */
  #sync(): void {
    const second = this.#seconds;
    if (second > this.#seenSecond) {
      if (this.#held === null) {
        this.#flags |= C.updateEnded;
        if (this.#alarmBetween(this.#seenSecond, second)) this.#flags |= C.alarm;
      }
      this.#seenSecond = second;
    }
    const periods = this.#periods();
    if (periods !== this.#seenPeriod) {
      this.#flags |= C.periodic;
      this.#seenPeriod = periods;
    }
  }

  #alarmBetween(after: number, upTo: number): boolean {
    const first = Math.max(after + 1, upTo - SECONDS_PER_DAY + 1);
    for (let second = first; second <= upTo; second++) {
      const time = fromSeconds(this.#offset + second);
      const registers = [this.#encode(time.second), this.#encode(time.minute), this.#encodeHour(time.hour)];
      // An alarm byte of C0h or more matches everything.
      const matches = ALARM.every((register, i) => {
        const value = this.#ram[register] ?? 0;
        return value >= 0xc0 || value === registers[i];
      });
      if (matches) return true;
    }
    return false;
  }

  #update(): void {
    this.#options.irq.set((this.#flags & this.#b & (C.periodic | C.alarm | C.updateEnded)) !== 0);
    this.#arm();
  }

  #arm(): void {
    const b = this.#b;
    let at = Number.POSITIVE_INFINITY;
    if (b & (B.alarm | B.updateEnded)) at = (this.#seenSecond + 1) * NS_PER_SECOND;
    const ticks = this.#periodTicks;
    if (b & B.periodic && ticks > 0) at = Math.min(at, timeOfTick((this.#seenPeriod + 1) * ticks, CRYSTAL_HZ));
    if (at === Number.POSITIVE_INFINITY) this.#options.clock.disarm(this);
    else this.#options.clock.arm(this, at);
  }
}
