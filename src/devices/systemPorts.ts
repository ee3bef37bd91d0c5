import type { Device, Plain, PortDevice, Width } from './bus.ts';
import { SavedState } from './savedState.ts';
import type { SystemLines } from './system.ts';

export const POST_PORT = 0x80;
export const SYSTEM_CONTROL_A_PORT = 0x92;
export const RESET_CONTROL_PORT = 0xcf9;

const FAST_RESET = 1;
const FAST_A20 = 2;
const RESET_CPU = 4;

/** Three one-byte registers of the chip set: POST code (80h), system control A (92h), reset control (CF9h). */
export class SystemPorts implements Device, PortDevice {
  readonly name = 'systemPorts';
  readonly #system: SystemLines;
  #post = 0;
  #controlA = FAST_A20;
  #resetControl = 0;

  constructor(system: SystemLines) {
    this.#system = system;
  }

  /** The last POST code; writes to port 80h are also used as a short delay. */
  get postCode(): number {
    return this.#post;
  }

  readPort(port: number, _width: Width): number {
    if (port === POST_PORT) return this.#post;
    return port === SYSTEM_CONTROL_A_PORT ? this.#controlA : this.#resetControl;
  }

  writePort(port: number, _width: Width, value: number): void {
    if (port === POST_PORT) this.#post = value;
    else if (port === SYSTEM_CONTROL_A_PORT) this.#writeControlA(value);
    else if (port === RESET_CONTROL_PORT) this.#writeResetControl(value);
  }

  reset(): void {
    this.#post = 0;
    this.#controlA = FAST_A20;
    this.#resetControl = 0;
  }

  save(): Plain {
    return { post: this.#post, controlA: this.#controlA, resetControl: this.#resetControl };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    this.#post = saved.byte('post');
    this.#controlA = saved.byte('controlA');
    this.#resetControl = saved.byte('resetControl');
  }

  #writeControlA(value: number): void {
    const changed = this.#controlA ^ value;
    this.#controlA = value;
    if (changed & FAST_A20) this.#system.setA20((value & FAST_A20) !== 0);
    if (changed & value & FAST_RESET) this.#system.reset();
  }

  /** Bit 2 going from 0 to 1 resets; bit 1 chooses a full reset or one of the processor alone, the same thing here. */
  #writeResetControl(value: number): void {
    const started = value & ~this.#resetControl & RESET_CPU;
    this.#resetControl = value & ~RESET_CPU;
    if (started) this.#system.reset();
  }
}
