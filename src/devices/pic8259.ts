import type { Device, InterruptLine, Plain, PortDevice, Width } from './bus.ts';
import { Pic8259Chip } from './pic8259Chip.ts';
import { SavedState } from './savedState.ts';

const MASTER = 0x20;
const SLAVE = 0xa0;
const ELCR = 0x4d0;
/** The master's input the slave hangs on. */
const CASCADE = 2;

/**
 * The PC's two 8259A: ports 20h-21h, A0h-A1h and the edge/level registers 4D0h-4D1h. IRQ 0-7 are the master's inputs,
 * 8-15 the slave's; IRQ 2 is the cascade and cannot be driven.
 */
export class Pic8259 implements Device, PortDevice {
  readonly name = 'pic';
  // The timer, keyboard and cascade inputs, the clock and the coprocessor stay edge-triggered (PIIX data sheet, ELCR).
  readonly #master = new Pic8259Chip(true, 0xf8);
  readonly #slave = new Pic8259Chip(false, 0xde);
  readonly #intr: InterruptLine;

  /** `intr` is the processor's INTR pin. */
  constructor(intr: InterruptLine) {
    this.#intr = intr;
  }

  line(irq: number): InterruptLine {
    if (irq === CASCADE || irq < 0 || irq > 15) throw new RangeError(`no such interrupt line: ${irq}`);
    return { set: (level) => this.#setLine(irq, level) };
  }

  /** The processor's two INTA cycles: returns the vector and moves the request into service. */
  acknowledge(): number {
    const input = this.#master.acknowledge();
    let vector = this.#master.vector(input);
    if (input === CASCADE && this.#master.slaves & (1 << CASCADE)) {
      vector = this.#slave.vector(this.#slave.acknowledge());
    }
    this.#update();
    return vector;
  }

  readPort(port: number, _width: Width): number {
    if (port === ELCR) return this.#master.elcr;
    if (port === ELCR + 1) return this.#slave.elcr;
    const value = (port < SLAVE ? this.#master : this.#slave).read(port & 1);
    this.#update();
    return value;
  }

  writePort(port: number, _width: Width, value: number): void {
    if (port === ELCR) this.#master.elcr = value;
    else if (port === ELCR + 1) this.#slave.elcr = value;
    else (port < SLAVE ? this.#master : this.#slave).write(port & 1, value);
    this.#update();
  }

  reset(): void {
    this.#master.reset();
    this.#slave.reset();
    this.#update();
  }

  save(): Plain {
    return { master: this.#master.save(), slave: this.#slave.save() };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    this.#master.restore(saved.record('master'));
    this.#slave.restore(saved.record('slave'));
    this.#update();
  }

  #setLine(irq: number, level: boolean): void {
    if (irq < 8) this.#master.setLine(irq, level);
    else this.#slave.setLine(irq - 8, level);
    this.#update();
  }

  #update(): void {
    this.#master.setLine(CASCADE, this.#slave.pending() >= 0);
    this.#intr.set(this.#master.pending() >= 0);
  }
}

/** Ports the pair decodes. */
export const PIC_PORTS: readonly (readonly [first: number, last: number])[] = [
  [MASTER, MASTER + 1],
  [SLAVE, SLAVE + 1],
  [ELCR, ELCR + 1],
];
