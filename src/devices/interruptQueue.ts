import type { Plain } from './bus.ts';
import type { SavedState } from './savedState.ts';
import { VectorSet } from './vectorSet.ts';

/** The requests of a local APIC and their priorities (SDM vol. 3A, 10.8). A vector's class is its upper four bits. */
export class InterruptQueue {
  readonly #irr = new VectorSet();
  readonly #isr = new VectorSet();
  /** Which requests came level-triggered. */
  readonly #tmr = new VectorSet();
  #taskPriority = 0;

  get taskPriority(): number {
    return this.#taskPriority;
  }

  set taskPriority(value: number) {
    this.#taskPriority = value & 0xff;
  }

  /** PPR: the higher of the task's class and that of the interrupt in service. */
  get processorPriority(): number {
    const inService = Math.max(this.#isr.highest(), 0);
    return this.#taskPriority >>> 4 >= inService >>> 4 ? this.#taskPriority : inService & 0xf0;
  }

  /** The request to deliver now, or -1: its class must lie above the processor's. */
  deliverable(): number {
    const vector = this.#irr.highest();
    return vector >= 0 && vector >>> 4 > this.processorPriority >>> 4 ? vector : -1;
  }

  request(vector: number, levelTriggered: boolean): void {
    this.#irr.add(vector);
    if (levelTriggered) this.#tmr.add(vector);
    else this.#tmr.delete(vector);
  }

  /** Moves the deliverable request into service and returns it, or -1. */
  acknowledge(): number {
    const vector = this.deliverable();
    if (vector >= 0) {
      this.#irr.delete(vector);
      this.#isr.add(vector);
    }
    return vector;
  }

  /** Ends the highest interrupt in service. Returns its vector if the I/O APIC is to hear of it, else -1. */
  endOfInterrupt(): number {
    const vector = this.#isr.highest();
    if (vector < 0) return -1;
    this.#isr.delete(vector);
    return this.#tmr.has(vector) ? vector : -1;
  }

  /** One 32-bit register of ISR (0-7), TMR (8-15) or IRR (16-23). */
  word(index: number): number {
    const set = index < 8 ? this.#isr : index < 16 ? this.#tmr : this.#irr;
    return set.word(index & 7);
  }

  reset(): void {
    for (const set of [this.#irr, this.#isr, this.#tmr]) set.clear();
    this.#taskPriority = 0;
  }

  save(): Plain {
    return {
      irr: this.#irr.save(),
      isr: this.#isr.save(),
      tmr: this.#tmr.save(),
      taskPriority: this.#taskPriority,
    };
  }

  restore(saved: SavedState): void {
    this.#irr.restore(saved.bytes('irr', 32));
    this.#isr.restore(saved.bytes('isr', 32));
    this.#tmr.restore(saved.bytes('tmr', 32));
    this.#taskPriority = saved.byte('taskPriority');
  }
}
