import type { Round } from './conversation.ts';

/** An emulator with the bench guest in it, up and waiting for a command. */
export interface Contestant {
  /** Runs `units` of the program with this letter (guest/main.c). The emulator stands still before and after. */
  round(program: string, units: number): Promise<Round>;
  close(): Promise<void>;
}

/** The programs' arrays end below this (guest/bench.ld). */
export const MEMORY_BYTES = 160 << 20;
