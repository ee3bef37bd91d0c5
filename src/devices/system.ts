import type { InterruptLine } from './bus.ts';

/** What devices ask of the machine as a whole. */
export interface SystemLines {
  /** The guest ends the run with this code (isa-debug-exit: `(value << 1) | 1`). */
  exit(code: number): void;
  powerOff(): void;
  /** RESET# or INIT#: the machine starts again at the next instruction boundary. */
  reset(): void;
  /** Gate of address line 20; while off, bit 20 of every physical address reads as 0. */
  setA20(enabled: boolean): void;
}

/** What a local APIC asks of its processor besides interrupts. */
export interface ProcessorLines {
  readonly intr: InterruptLine;
  nmi(): void;
  init(): void;
  /** Start-up message: begin in real mode at `page` * 4096. */
  startup(page: number): void;
}
