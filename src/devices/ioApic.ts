import { type ApicBus, Delivery, type EoiListener } from './apicBus.ts';
import type { Device, InterruptLine, MemoryDevice, Plain, Width } from './bus.ts';
import { SavedState } from './savedState.ts';

export const IO_APIC_BASE = 0xfec00000;
const PINS = 24;
/** Version 11h with 24 entries. */
const VERSION = ((PINS - 1) << 16) | 0x11;
const SELECT = 0x00;
const WINDOW = 0x10;
const INDEX = { id: 0, version: 1, arbitration: 2, table: 0x10 } as const;
/** Low half of a redirection entry. */
const ENTRY = { logical: 0x800, remoteIrr: 0x4000, level: 0x8000, masked: 0x10000, writable: 0x1afff } as const;

/** Intel 82093AA I/O APIC: 24 inputs, each with a redirection entry that makes messages of its requests. */
export class IoApic implements Device, MemoryDevice, EoiListener {
  readonly name = 'ioApic';
  readonly #bus: ApicBus;
  readonly #low = new Array<number>(PINS).fill(ENTRY.masked);
  readonly #high = new Array<number>(PINS).fill(0);
  #lines = 0;
  #select = 0;
  #id = 0;

  constructor(bus: ApicBus) {
    this.#bus = bus;
    bus.addListener(this);
  }

  line(pin: number): InterruptLine {
    if (!(pin >= 0 && pin < PINS)) throw new RangeError(`no such I/O APIC input: ${pin}`);
    return { set: (level) => this.#setLine(pin, level) };
  }

  endOfInterrupt(vector: number): void {
    for (let pin = 0; pin < PINS; pin++) {
      const entry = this.#low[pin] ?? 0;
      if ((entry & 0xff) !== vector || !(entry & ENTRY.remoteIrr)) continue;
      this.#low[pin] = entry & ~ENTRY.remoteIrr;
      this.#serveLevel(pin);
    }
  }

  readMemory(offset: number, width: Width): number {
    let value = 0;
    if ((offset & ~3) === SELECT) value = this.#select;
    else if ((offset & ~3) === WINDOW) value = this.#read(this.#select);
    value >>>= (offset & 3) * 8;
    return width === 4 ? value >>> 0 : value & (width === 2 ? 0xffff : 0xff);
  }

  writeMemory(offset: number, width: Width, value: number): void {
    // The index may be written as a byte; data only as a dword.
    if (offset === SELECT) this.#select = value & 0xff;
    else if (offset === WINDOW && width === 4) this.#write(this.#select, value >>> 0);
  }

  reset(): void {
    this.#low.fill(ENTRY.masked);
    this.#high.fill(0);
    this.#select = 0;
    this.#id = 0;
  }

  save(): Plain {
    return { low: [...this.#low], high: [...this.#high], lines: this.#lines, select: this.#select, id: this.#id };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    const low = saved.numbers('low', PINS, 0xffffffff);
    const high = saved.numbers('high', PINS, 0xffffffff);
    for (let pin = 0; pin < PINS; pin++) {
      this.#low[pin] = (low[pin] ?? 0) & (ENTRY.writable | ENTRY.remoteIrr);
      this.#high[pin] = high[pin] ?? 0;
    }
    this.#lines = saved.number('lines', 0, 2 ** PINS - 1);
    this.#select = saved.byte('select');
    this.#id = saved.number('id', 0, 0xf);
  }

  #setLine(pin: number, level: boolean): void {
    const bit = 1 << pin;
    const rising = level && (this.#lines & bit) === 0;
    this.#lines = level ? this.#lines | bit : this.#lines & ~bit;
    const entry = this.#low[pin] ?? ENTRY.masked;
    if (entry & ENTRY.level) this.#serveLevel(pin);
    // An edge on a masked input is lost (82093AA data sheet, 3.2.4).
    else if (rising && !(entry & ENTRY.masked)) this.#send(pin);
  }

  /** A level-triggered input asks again only when the last request was acknowledged by EOI. */
  #serveLevel(pin: number): void {
    const entry = this.#low[pin] ?? ENTRY.masked;
    const asks = (this.#lines & (1 << pin)) !== 0 && (entry & ENTRY.level) !== 0;
    if (!asks || entry & (ENTRY.masked | ENTRY.remoteIrr)) return;
    if (this.#send(pin)) this.#low[pin] = entry | ENTRY.remoteIrr;
  }

  #send(pin: number): boolean {
    const entry = this.#low[pin] ?? 0;
    const delivery = (entry >>> 8) & 7;
    // The 8259 pair reaches the processor over LINT0, not from here.
    if (delivery === Delivery.extInt) return false;
    return this.#bus.send({
      delivery,
      vector: entry & 0xff,
      levelTriggered: (entry & ENTRY.level) !== 0,
      destination: (this.#high[pin] ?? 0) >>> 24,
      logical: (entry & ENTRY.logical) !== 0,
    });
  }

  #read(index: number): number {
    if (index === INDEX.id || index === INDEX.arbitration) return this.#id << 24;
    if (index === INDEX.version) return VERSION;
    const pin = (index - INDEX.table) >>> 1;
    if (index < INDEX.table || pin >= PINS) return 0;
    return (index & 1 ? this.#high : this.#low)[pin] ?? 0;
  }

  #write(index: number, value: number): void {
    if (index === INDEX.id) this.#id = (value >>> 24) & 0xf;
    const pin = (index - INDEX.table) >>> 1;
    if (index < INDEX.table || pin >= PINS) return;
    if (index & 1) {
      this.#high[pin] = (value & 0xff000000) >>> 0;
      return;
    }
    // Remote IRR is read-only, and means nothing for an edge-triggered entry.
    const remote = value & ENTRY.level ? (this.#low[pin] ?? 0) & ENTRY.remoteIrr : 0;
    this.#low[pin] = (value & ENTRY.writable) | remote;
    this.#serveLevel(pin);
  }
}
