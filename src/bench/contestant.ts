import type { Round } from './conversation.ts';

/** An emulator with a guest in it, or a process of the host, up and waiting for a command. */
export interface Contestant {
  /** Runs `units` of the program with this letter (guest/main.c). It stands still before and after. */
  round(program: string, units: number): Promise<Round>;
  close(): Promise<void>;
}

/** The programs' arrays end below this (guest/bench.ld). */
export const MEMORY_BYTES = 160 << 20;
