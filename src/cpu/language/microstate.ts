/**
 * The language of micro-steps that also become code. Whoever implements `Microstate` decides what a step is: done at
 * once to a machine (`atOnce.ts`: all values are constants then), or code for generated handlers (`inCode.ts`).
 */
import type { Val } from './expr.ts';

export interface Microstate {
  /** A word of the state block (i32). */
  word(offset: number): Val;
  /** 64 bits of it (i64). */
  wide(offset: number): Val;
  setWide(offset: number, value: Val): void;
  /** RFLAGS (i32). */
  rflags(): Val;
  setRflags(value: Val): void;
  /** Address of the next instruction (i64). */
  nextRip(): Val;
  setRip(value: Val): void;
  /** Loads CS or SS with base 0, limit 4 GiB and these attributes; no descriptor is read. */
  setFlatSegment(segment: number, selector: Val, attributes: number): void;
  setCpl(cpl: 0 | 3): void;
}
