import type { Plain } from './bus.ts';
import type { SavedState } from './savedState.ts';

const ICW1 = { needsIcw4: 1, single: 2, level: 8, select: 0x10 } as const;
const ICW4 = { autoEoi: 2, fullyNested: 0x10, bits: 0x1f } as const;
const OCW3 = { select: 8, readIsr: 1, readChoice: 2, poll: 4, specialMask: 0x20, maskChoice: 0x40 } as const;
/** Which word the data port takes next. */
const EXPECT = { mask: 0, icw2: 2, icw3: 3, icw4: 4 } as const;

/** Input a request is answered with that was gone by the time of the acknowledge. */
export const SPURIOUS = 7;

/** One Intel 8259A. Both bus ports, priorities and in-service tracking; the pair around it does the cascade. */
export class Pic8259Chip {
  /** Levels on IR0..IR7. */
  #lines = 0;
  /** Edge sense latches. */
  #edges = 0;
  #inService = 0;
  #mask = 0xff;
  #vectorBase = 0;
  #icw1 = 0;
  #icw3 = 0;
  #icw4 = 0;
  #expect: number = EXPECT.mask;
  /** Set by ICW1, cleared by the last ICW; before it and until then the chip asks for nothing. */
  #initialized = false;
  /** Input of lowest priority. */
  #lowest = 7;
  #specialMask = false;
  #rotateOnAutoEoi = false;
  #readIsr = false;
  #poll = false;
  /** Edge/level control register of the PC chip sets: one bit per level-triggered input. */
  #elcr = 0;
  readonly #elcrWritable: number;
  readonly #isMaster: boolean;

  /** `elcrWritable`: inputs that may be made level-triggered. */
  constructor(isMaster: boolean, elcrWritable: number) {
    this.#isMaster = isMaster;
    this.#elcrWritable = elcrWritable;
  }

  setLine(input: number, level: boolean): void {
    const bit = 1 << input;
    if (level) {
      if ((this.#lines & bit) === 0) this.#edges |= bit;
      this.#lines |= bit;
    } else {
      // A request must stay until its acknowledge: when the line falls first, the latch forgets it.
      this.#lines &= ~bit;
      this.#edges &= ~bit;
    }
  }

  get requests(): number {
    // A slave drops INT at its acknowledge and raises it again for the next request: here its level alone says so.
    const level = this.#icw1 & ICW1.level ? 0xff : this.#elcr | this.slaves;
    return this.#lines & (this.#edges | level);
  }

  get elcr(): number {
    return this.#elcr;
  }

  set elcr(value: number) {
    this.#elcr = value & this.#elcrWritable;
  }

  /** Inputs with a slave behind them (the master's ICW3). */
  get slaves(): number {
    return this.#isMaster && !(this.#icw1 & ICW1.single) ? this.#icw3 : 0;
  }

  /** The input that drives INT now, or -1. */
  pending(): number {
    if (!this.#initialized) return -1;
    const requests = this.requests & ~this.#mask;
    // In special mask mode a masked input in service holds nobody back.
    const blocking = this.#specialMask ? this.#inService & ~this.#mask : this.#inService;
    for (let rank = 1; rank <= 8; rank++) {
      const input = (this.#lowest + rank) & 7;
      const bit = 1 << input;
      if (blocking & bit) {
        // Specially fully nested: a slave in service may interrupt again with one of its higher inputs.
        const nested = this.#icw4 & ICW4.fullyNested && this.slaves & bit && requests & bit;
        return nested ? input : -1;
      }
      if (requests & bit) return input;
    }
    return -1;
  }

  /** Interrupt acknowledge: marks the input as in service and returns it; `SPURIOUS`, unmarked, if there is none. */
  acknowledge(): number {
    const input = this.pending();
    if (input < 0) return SPURIOUS;
    this.#edges &= ~(1 << input);
    if (this.#icw4 & ICW4.autoEoi) {
      if (this.#rotateOnAutoEoi) this.#lowest = input;
    } else {
      this.#inService |= 1 << input;
    }
    return input;
  }

  vector(input: number): number {
    return this.#vectorBase | input;
  }

  /** `a0`: 0 for the command port, 1 for the data port. */
  read(a0: number): number {
    if (this.#poll) {
      this.#poll = false;
      return this.pending() < 0 ? 0 : 0x80 | this.acknowledge();
    }
    if (a0 === 1) return this.#mask;
    return this.#readIsr ? this.#inService : this.requests;
  }

  write(a0: number, value: number): void {
    if (a0 === 1) this.#writeData(value);
    else if (value & ICW1.select) this.#startInitialization(value);
    else if (value & OCW3.select) this.#writeOcw3(value);
    else this.#writeOcw2(value);
  }

  reset(): void {
    this.#startInitialization(0);
    this.#expect = EXPECT.mask;
    this.#mask = 0xff;
    this.#lines = 0;
    this.#vectorBase = 0;
    this.#icw3 = 0;
    this.#elcr = 0;
  }

  save(): Plain {
    return {
      lines: this.#lines,
      edges: this.#edges,
      inService: this.#inService,
      mask: this.#mask,
      vectorBase: this.#vectorBase,
      icw1: this.#icw1,
      icw3: this.#icw3,
      icw4: this.#icw4,
      expect: this.#expect,
      initialized: this.#initialized,
      lowest: this.#lowest,
      specialMask: this.#specialMask,
      rotateOnAutoEoi: this.#rotateOnAutoEoi,
      readIsr: this.#readIsr,
      poll: this.#poll,
      elcr: this.#elcr,
    };
  }

  restore(saved: SavedState): void {
    this.#lines = saved.byte('lines');
    this.#edges = saved.byte('edges');
    this.#inService = saved.byte('inService');
    this.#mask = saved.byte('mask');
    this.#vectorBase = saved.byte('vectorBase') & 0xf8;
    this.#icw1 = saved.byte('icw1');
    this.#icw3 = saved.byte('icw3');
    this.#icw4 = saved.byte('icw4');
    this.#expect = saved.number('expect', 0, 4);
    this.#initialized = saved.boolean('initialized');
    this.#lowest = saved.number('lowest', 0, 7);
    this.#specialMask = saved.boolean('specialMask');
    this.#rotateOnAutoEoi = saved.boolean('rotateOnAutoEoi');
    this.#readIsr = saved.boolean('readIsr');
    this.#poll = saved.boolean('poll');
    this.elcr = saved.byte('elcr');
  }

  /** 8259A data sheet, "Initialization Command Words 1 and 2": what ICW1 clears. */
  #startInitialization(icw1: number): void {
    this.#icw1 = icw1;
    this.#icw4 = 0;
    this.#edges = 0;
    this.#inService = 0;
    this.#mask = 0;
    this.#lowest = 7;
    this.#specialMask = false;
    this.#rotateOnAutoEoi = false;
    this.#readIsr = false;
    this.#poll = false;
    this.#initialized = false;
    this.#expect = EXPECT.icw2;
  }

  #writeData(value: number): void {
    switch (this.#expect) {
      case EXPECT.icw2:
        this.#vectorBase = value & 0xf8;
        this.#expectAfter(this.#icw1 & ICW1.single ? EXPECT.icw3 : EXPECT.icw2);
        break;
      case EXPECT.icw3:
        this.#icw3 = value;
        this.#expectAfter(EXPECT.icw3);
        break;
      case EXPECT.icw4:
        this.#icw4 = value & ICW4.bits;
        this.#expectAfter(EXPECT.icw4);
        break;
      default:
        this.#mask = value;
    }
  }

  #expectAfter(done: number): void {
    if (done === EXPECT.icw2) this.#expect = EXPECT.icw3;
    else if (done === EXPECT.icw3 && this.#icw1 & ICW1.needsIcw4) this.#expect = EXPECT.icw4;
    else {
      this.#expect = EXPECT.mask;
      this.#initialized = true;
    }
  }

  #writeOcw2(value: number): void {
    const level = value & 7;
    switch (value >>> 5) {
      case 0:
        this.#rotateOnAutoEoi = false;
        break;
      case 1:
        this.#endHighest();
        break;
      case 3:
        this.#inService &= ~(1 << level);
        break;
      case 4:
        this.#rotateOnAutoEoi = true;
        break;
      case 5: {
        const ended = this.#endHighest();
        if (ended >= 0) this.#lowest = ended;
        break;
      }
      case 6:
        this.#lowest = level;
        break;
      case 7:
        this.#inService &= ~(1 << level);
        this.#lowest = level;
        break;
      // 2 is "no operation".
    }
  }

  /** Non-specific EOI. In special mask mode it passes over masked inputs. Returns the input, or -1. */
  #endHighest(): number {
    const candidates = this.#specialMask ? this.#inService & ~this.#mask : this.#inService;
    for (let rank = 1; rank <= 8; rank++) {
      const input = (this.#lowest + rank) & 7;
      if (candidates & (1 << input)) {
        this.#inService &= ~(1 << input);
        return input;
      }
    }
    return -1;
  }

  #writeOcw3(value: number): void {
    if (value & OCW3.maskChoice) this.#specialMask = (value & OCW3.specialMask) !== 0;
    if (value & OCW3.poll) this.#poll = true;
    else if (value & OCW3.readChoice) this.#readIsr = (value & OCW3.readIsr) !== 0;
  }
}
