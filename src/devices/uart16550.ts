import type { Device, GuestClock, InterruptLine, Plain, PortDevice, Timer, Width } from './bus.ts';
import { NS_PER_SECOND } from './rate.ts';
import { SavedState } from './savedState.ts';

/** Interrupt enable register. */
const IER = { receivedData: 1, transmitterEmpty: 2, lineStatus: 4, modemStatus: 8 } as const;
/** Interrupt identification, bits 3:0, highest priority first. */
const IIR = { none: 1, lineStatus: 6, receivedData: 4, timeout: 0xc, transmitterEmpty: 2, modemStatus: 0 } as const;
const LSR = { dataReady: 1, overrun: 2, errors: 0x1e, transmitterEmpty: 0x60 } as const;
const LCR_DIVISOR = 0x80;
const MCR = { dtr: 1, rts: 2, out1: 4, out2: 8, loop: 0x10 } as const;
const MSR = {
  deltaCts: 1,
  deltaDsr: 2,
  trailingRi: 4,
  deltaDcd: 8,
  cts: 0x10,
  dsr: 0x20,
  ri: 0x40,
  dcd: 0x80,
} as const;
/** A terminal is plugged in: CTS, DSR and DCD are asserted. */
const CONNECTED = MSR.cts | MSR.dsr | MSR.dcd;
const TRIGGER_LEVELS = [1, 4, 8, 14] as const;
const FIFO_SIZE = 16;
const CRYSTAL_HZ = 1_843_200;
/** 9600 baud, as firmware leaves it; the chip's own reset does not touch the divisor. */
const DEFAULT_DIVISOR = 12;
const MAX_WAITING = 1 << 24;

export interface UartOptions {
  readonly name: string;
  readonly base: number;
  readonly clock: GuestClock;
  readonly irq: InterruptLine;
  /** Called with each byte sent, at the write of the port. */
  readonly transmit: (byte: number) => void;
}

/**
 * National 16550A. Sending takes no guest time, so the transmitter is always empty and its interrupt comes back at once.
 * Received bytes wait on the line until the guest first looks at the receiver (by FCR, LSR, RBR or IER bit 0) and then
 * for room; only loopback can overrun it. All 8 bits are sent whatever the word length. As on a PC, MCR.OUT2 gates the
 * interrupt request.
 */
export class Uart16550 implements Device, PortDevice, Timer {
  readonly name: string;
  readonly #options: UartOptions;
  #divisor = DEFAULT_DIVISOR;
  #ier = 0;
  #fifoControl = 0;
  #lcr = 0;
  #mcr = 0;
  #lsrErrors = 0;
  #msrDelta = 0;
  #scratch = 0;
  #modemLines: number = CONNECTED;
  #transmitPending = false;
  #timeout = false;
  #timeoutAt: number | null = null;
  #received: number[] = [];
  /** Bytes on the line, before the receiver. */
  #waiting: number[] = [];
  /** The guest has looked at the receiver; before, the other end holds its bytes back, so that set-up loses none. */
  #listening = false;

  constructor(options: UartOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** A byte from outside. It enters the receiver once there is room. */
  receive(byte: number): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(byte & 0xff);
    this.#fill();
    this.#update();
  }

  readPort(port: number, _width: Width): number {
    switch (port - this.#options.base) {
      case 0:
        return this.#lcr & LCR_DIVISOR ? this.#divisor & 0xff : this.#readData();
      case 1:
        return this.#lcr & LCR_DIVISOR ? this.#divisor >>> 8 : this.#ier;
      case 2:
        return this.#readIdentification();
      case 3:
        return this.#lcr;
      case 4:
        return this.#mcr;
      case 5:
        return this.#readLineStatus();
      case 6:
        return this.#readModemStatus();
      default:
        return this.#scratch;
    }
  }

  writePort(port: number, _width: Width, value: number): void {
    switch (port - this.#options.base) {
      case 0:
        if (this.#lcr & LCR_DIVISOR) this.#divisor = (this.#divisor & 0xff00) | value;
        else this.#send(value);
        break;
      case 1:
        if (this.#lcr & LCR_DIVISOR) this.#divisor = (this.#divisor & 0xff) | (value << 8);
        else this.#writeInterruptEnable(value);
        break;
      case 2:
        this.#writeFifoControl(value);
        break;
      case 3:
        this.#lcr = value;
        break;
      case 4:
        this.#mcr = value & 0x1f;
        this.#updateModemLines();
        break;
      case 7:
        this.#scratch = value;
        break;
      // LSR and MSR are read-only.
    }
    this.#update();
  }

  /** The receiver held data below its trigger level for four character times without a read or a new byte. */
  fire(_now: number): void {
    this.#timeoutAt = null;
    this.#timeout = this.#received.length > 0;
    this.#update();
  }

  reset(): void {
    this.#divisor = DEFAULT_DIVISOR;
    this.#ier = 0;
    this.#fifoControl = 0;
    this.#lcr = 0;
    this.#mcr = 0;
    this.#lsrErrors = 0;
    this.#msrDelta = 0;
    this.#scratch = 0;
    this.#modemLines = CONNECTED;
    this.#transmitPending = false;
    this.#received = [];
    this.#waiting = [];
    this.#listening = false;
    this.#stopTimeout();
    this.#update();
  }

  save(): Plain {
    return {
      divisor: this.#divisor,
      ier: this.#ier,
      fifoControl: this.#fifoControl,
      lcr: this.#lcr,
      mcr: this.#mcr,
      lsrErrors: this.#lsrErrors,
      msrDelta: this.#msrDelta,
      scratch: this.#scratch,
      modemLines: this.#modemLines,
      transmitPending: this.#transmitPending,
      timeout: this.#timeout,
      timeoutAt: this.#timeoutAt,
      received: [...this.#received],
      waiting: [...this.#waiting],
      listening: this.#listening,
    };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    this.#divisor = saved.number('divisor', 0, 0xffff);
    this.#ier = saved.number('ier', 0, 0xf);
    this.#fifoControl = saved.byte('fifoControl');
    this.#lcr = saved.byte('lcr');
    this.#mcr = saved.number('mcr', 0, 0x1f);
    this.#lsrErrors = saved.byte('lsrErrors') & LSR.errors;
    this.#msrDelta = saved.number('msrDelta', 0, 0xf);
    this.#scratch = saved.byte('scratch');
    this.#modemLines = saved.byte('modemLines');
    this.#transmitPending = saved.boolean('transmitPending');
    this.#timeout = saved.boolean('timeout');
    this.#timeoutAt = saved.timeOrNull('timeoutAt');
    this.#received = saved.byteList('received', FIFO_SIZE);
    this.#waiting = saved.byteList('waiting', MAX_WAITING);
    this.#listening = saved.boolean('listening');
    if (this.#timeoutAt === null) this.#options.clock.disarm(this);
    else this.#options.clock.arm(this, this.#timeoutAt);
  }

  get #fifoOn(): boolean {
    return (this.#fifoControl & 1) !== 0;
  }

  #readData(): number {
    this.#listen();
    const byte = this.#received.shift() ?? 0;
    this.#fill();
    this.#restartTimeout();
    this.#update();
    return byte;
  }

  #send(byte: number): void {
    // The write ends a pending interrupt; the byte leaves at once, so the register is empty again and asks anew.
    this.#transmitPending = true;
    if (this.#mcr & MCR.loop) this.#accept(byte);
    else this.#options.transmit(byte);
  }

  #writeInterruptEnable(value: number): void {
    const enabled = value & ~this.#ier;
    this.#ier = value & 0xf;
    // Enabling it while the holding register is empty raises the interrupt at once.
    if (enabled & IER.transmitterEmpty) this.#transmitPending = true;
    if (enabled & IER.receivedData) this.#listen();
  }

  #writeFifoControl(value: number): void {
    const toggled = ((value ^ this.#fifoControl) & 1) !== 0;
    if (toggled || (value & 3) === 3) {
      this.#received = [];
      this.#stopTimeout();
    }
    // An emptied transmitter asks again, as in QEMU.
    if (toggled || (value & 5) === 5) this.#transmitPending = true;
    // Other bits count only while bit 0 is 1; the two reset bits clear themselves.
    this.#fifoControl = value & 1 ? value & 0xc9 : 0;
    this.#listening = true;
    this.#fill();
  }

  #readIdentification(): number {
    const cause = this.#cause();
    if (cause === IIR.transmitterEmpty) this.#transmitPending = false;
    this.#update();
    return cause | (this.#fifoOn ? 0xc0 : 0);
  }

  #readLineStatus(): number {
    this.#listen();
    const value = LSR.transmitterEmpty | this.#lsrErrors | (this.#received.length > 0 ? LSR.dataReady : 0);
    this.#lsrErrors = 0;
    this.#update();
    return value;
  }

  #readModemStatus(): number {
    const value = this.#modemLines | this.#msrDelta;
    this.#msrDelta = 0;
    this.#update();
    return value;
  }

  /** In loopback the four outputs are wired to the four inputs. */
  #updateModemLines(): void {
    const mcr = this.#mcr;
    let lines: number = CONNECTED;
    if (mcr & MCR.loop) {
      lines =
        (mcr & MCR.rts ? MSR.cts : 0) |
        (mcr & MCR.dtr ? MSR.dsr : 0) |
        (mcr & MCR.out1 ? MSR.ri : 0) |
        (mcr & MCR.out2 ? MSR.dcd : 0);
    }
    const changed = lines ^ this.#modemLines;
    if (changed & MSR.cts) this.#msrDelta |= MSR.deltaCts;
    if (changed & MSR.dsr) this.#msrDelta |= MSR.deltaDsr;
    if (changed & this.#modemLines & MSR.ri) this.#msrDelta |= MSR.trailingRi;
    if (changed & MSR.dcd) this.#msrDelta |= MSR.deltaDcd;
    this.#modemLines = lines;
    this.#fill();
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#fill();
  }

  /** Takes bytes off the line while there is room. Loopback cuts the receiver off from the line. */
  #fill(): void {
    const room = this.#fifoOn ? FIFO_SIZE : 1;
    while (this.#listening && this.#received.length < room && !(this.#mcr & MCR.loop)) {
      const byte = this.#waiting.shift();
      if (byte === undefined) break;
      this.#accept(byte);
    }
  }

  #accept(byte: number): void {
    if (this.#fifoOn && this.#received.length >= FIFO_SIZE) {
      // The FIFO keeps its contents; the byte in the shift register is lost.
      this.#lsrErrors |= LSR.overrun;
    } else if (!this.#fifoOn && this.#received.length > 0) {
      // Without FIFO the new byte overwrites the unread one.
      this.#lsrErrors |= LSR.overrun;
      this.#received[0] = byte;
    } else {
      this.#received.push(byte);
    }
    this.#restartTimeout();
  }

  #restartTimeout(): void {
    this.#timeout = false;
    if (!this.#fifoOn || this.#received.length === 0) {
      this.#stopTimeout();
      return;
    }
    // Four characters of 10 bits, 16 baud clocks per bit.
    const divisor = this.#divisor === 0 ? 0x10000 : this.#divisor;
    const delay = Math.ceil((4 * 10 * 16 * divisor * NS_PER_SECOND) / CRYSTAL_HZ);
    this.#timeoutAt = this.#options.clock.now() + delay;
    this.#options.clock.arm(this, this.#timeoutAt);
  }

  #stopTimeout(): void {
    this.#timeout = false;
    this.#timeoutAt = null;
    this.#options.clock.disarm(this);
  }

  #cause(): number {
    const ier = this.#ier;
    if (ier & IER.lineStatus && this.#lsrErrors !== 0) return IIR.lineStatus;
    if (ier & IER.receivedData) {
      const trigger = this.#fifoOn ? (TRIGGER_LEVELS[this.#fifoControl >>> 6] ?? 1) : 1;
      if (this.#received.length >= trigger) return IIR.receivedData;
      if (this.#timeout) return IIR.timeout;
    }
    if (ier & IER.transmitterEmpty && this.#transmitPending) return IIR.transmitterEmpty;
    if (ier & IER.modemStatus && this.#msrDelta !== 0) return IIR.modemStatus;
    return IIR.none;
  }

  #update(): void {
    this.#options.irq.set(this.#cause() !== IIR.none && (this.#mcr & MCR.out2) !== 0);
  }
}
