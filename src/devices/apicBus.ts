/** How the APICs talk to each other: interrupt messages by destination, and EOI messages back. */

/** Delivery modes, bits 10:8 of the ICR, of LVT entries and of I/O APIC entries. */
export const Delivery = {
  fixed: 0,
  lowestPriority: 1,
  smi: 2,
  nmi: 4,
  init: 5,
  startup: 6,
  extInt: 7,
} as const;

export interface ApicMessage {
  readonly delivery: number;
  readonly vector: number;
  readonly levelTriggered: boolean;
  readonly destination: number;
  readonly logical: boolean;
}

/** What a local APIC offers to the bus. */
export interface ApicTarget {
  readonly id: number;
  matches(destination: number, logical: boolean): boolean;
  /** Lower is more willing: the processor priority register. */
  readonly processorPriority: number;
  accept(delivery: number, vector: number, levelTriggered: boolean): void;
}

export interface EoiListener {
  /** A level-triggered interrupt with this vector has been handled. */
  endOfInterrupt(vector: number): void;
}

export class ApicBus {
  readonly #targets: ApicTarget[] = [];
  readonly #listeners: EoiListener[] = [];

  addTarget(target: ApicTarget): void {
    this.#targets.push(target);
    this.#targets.sort((a, b) => a.id - b.id);
  }

  addListener(listener: EoiListener): void {
    this.#listeners.push(listener);
  }

  /** False if nobody is addressed. */
  send(message: ApicMessage): boolean {
    return this.#deliver(
      this.#targets.filter((target) => target.matches(message.destination, message.logical)),
      message,
    );
  }

  /** To all targets, or all but one: the ICR's shorthands. */
  broadcast(message: ApicMessage, except?: ApicTarget): boolean {
    return this.#deliver(
      this.#targets.filter((target) => target !== except),
      message,
    );
  }

  endOfInterrupt(vector: number): void {
    for (const listener of this.#listeners) listener.endOfInterrupt(vector);
  }

  #deliver(targets: readonly ApicTarget[], { delivery, vector, levelTriggered }: ApicMessage): boolean {
    const [first, ...others] = targets;
    if (first === undefined) return false;
    if (delivery !== Delivery.lowestPriority) {
      for (const target of targets) target.accept(delivery, vector, levelTriggered);
      return true;
    }
    // Equal priorities: the lowest id, so that the choice is always the same.
    let chosen = first;
    for (const target of others) if (target.processorPriority < chosen.processorPriority) chosen = target;
    chosen.accept(Delivery.fixed, vector, levelTriggered);
    return true;
  }
}
