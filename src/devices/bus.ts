/** What a device sees of the machine. Devices know no CPU and no page; time is retired instructions. */

/** Access width in bytes. */
export type Width = 1 | 2 | 4;

export interface PortDevice {
  /** Value read from an absolute port number; unused high bits are zero. */
  readPort(port: number, width: Width): number;
  writePort(port: number, width: Width, value: number): void;
}

/** A device with registers in physical memory instead of ports. */
export interface MemoryDevice {
  /** `offset` counts from the start of the device's range; wider accesses of the processor arrive as 4-byte ones. */
  readMemory(offset: number, width: Width): number;
  writeMemory(offset: number, width: Width, value: number): void;
}

/** One interrupt request line of a device: the level it drives. */
export interface InterruptLine {
  set(level: boolean): void;
}

/** Guest time. One retired instruction is one guest nanosecond. */
export interface GuestClock {
  /** Retired instructions since reset, plus those skipped while halted: a whole number below 2^53. */
  now(): number;
  /** Calls back at the first instruction boundary at or after `at`; a new call replaces the old one of the same timer. */
  arm(timer: Timer, at: number): void;
  disarm(timer: Timer): void;
}

export interface Timer {
  /** Unique in the machine, so that equal times fire in a fixed order. */
  readonly name: string;
  fire(now: number): void;
}

/** Saved device state: plain data only, so that it can be hashed, stored and sent. */
export type Plain =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Plain[]
  | { readonly [key: string]: Plain };

export interface Device {
  readonly name: string;
  /** Back to power-on state. */
  reset(): void;
  /** Everything that matters for the future of the device. */
  save(): Plain;
  /** Takes what `save` gave. */
  restore(state: Plain): void;
}
