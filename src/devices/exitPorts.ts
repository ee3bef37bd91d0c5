import type { Device, Plain, PortDevice, Width } from './bus.ts';
import { SavedState } from './savedState.ts';
import type { SystemLines } from './system.ts';

export const DEBUG_EXIT_PORT = 0xf4;
/** ACPI PM1a control: of QEMU's chip set, and where Bochs and old QEMU had it. */
export const POWER_PORTS = [0x604, 0xb004] as const;

/** QEMU's isa-debug-exit: a write ends the run with code `(value << 1) | 1`, so never 0. Reads give 0. */
export class DebugExit implements Device, PortDevice {
  readonly name = 'debugExit';
  readonly #system: SystemLines;

  constructor(system: SystemLines) {
    this.#system = system;
  }

  readPort(_port: number, _width: Width): number {
    return 0;
  }

  writePort(_port: number, _width: Width, value: number): void {
    this.#system.exit(((value << 1) | 1) >>> 0);
  }

  /** Nothing is kept. */
  reset(): void {}

  save(): Plain {
    return null;
  }

  restore(_state: Plain): void {}
}

const SLP_EN = 0x2000;
const SLP_TYP_SHIFT = 10;
/** Sleep types as QEMU's ACPI tables number them: 0 soft off, 2 suspend to disk; both turn the power off. */
const POWER_OFF_TYPES: readonly number[] = [0, 2];

/** The ACPI PM1a control register, 16 bits (ACPI specification, 4.8.3.2.1). */
export class PowerControl implements Device, PortDevice {
  readonly name: string;
  readonly #system: SystemLines;
  readonly #base: number;
  #control = 0;

  constructor(system: SystemLines, base: number) {
    this.name = `power${base.toString(16)}`;
    this.#system = system;
    this.#base = base;
  }

  readPort(port: number, width: Width): number {
    return width === 1 ? (this.#control >>> ((port - this.#base) * 8)) & 0xff : this.#control;
  }

  writePort(port: number, width: Width, value: number): void {
    let written = value & 0xffff;
    if (width === 1) {
      const shift = (port - this.#base) * 8;
      written = (this.#control & ~(0xff << shift)) | (value << shift);
    }
    // SLP_EN always reads as 0.
    this.#control = written & ~SLP_EN;
    if (written & SLP_EN && POWER_OFF_TYPES.includes((written >>> SLP_TYP_SHIFT) & 7)) this.#system.powerOff();
  }

  reset(): void {
    this.#control = 0;
  }

  save(): Plain {
    return { control: this.#control };
  }

  restore(state: Plain): void {
    this.#control = new SavedState(state).number('control', 0, 0xffff);
  }
}
