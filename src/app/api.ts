import type { BootOptions, MachineView, Problem, RunTarget } from '../worker/protocol.ts';
import type { MachinePort } from './store/port.ts';

/** The machine of this page, for its tests and for scripts at the console: `window.playground`. */
export interface PlaygroundApi {
  boot(options: BootOptions): Promise<MachineView | Problem>;
  run(target: RunTarget): Promise<void>;
  pause(): Promise<MachineView>;
  step(): Promise<MachineView>;
  microStep(): Promise<MachineView>;
  /** Bytes at a linear address; null for bytes of pages that are not present. */
  readMemory(address: bigint, length: number): Promise<readonly (number | null)[]>;
  /** Sixteen hexadecimal digits over every bit of guest-visible state. */
  stateHash(): Promise<string>;
}

declare global {
  interface Window {
    playground?: PlaygroundApi;
  }
}

export function offerApi(port: MachinePort): void {
  window.playground = {
    boot: (options) => port.boot(options),
    run: (target) => port.run(target),
    pause: () => port.pause(),
    step: () => port.step(),
    microStep: () => port.microStep(),
    readMemory: (address, length) => port.readMemory(address, length),
    stateHash: () => port.stateHash(),
  };
}
