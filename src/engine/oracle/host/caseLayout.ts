/** Cases and outcomes as harness.c reads and writes them, and where things stand while a case runs. */

/** The code stands so near the end of its page that no case decodes much more than itself. */
export const CODE = 0x10000fe0;
/** Two pages that may be written; what lies beyond them is not mapped. */
export const DATA = 0x10020000;
export const DATA_BYTES = 0x2000;
/** The parts of DATA that a case fills and compares: around the boundary of its pages, and its end. */
export const FIRST = DATA + 0xfa0;
export const FIRST_BYTES = 192;
export const LAST = DATA + 0x1fc0;
export const LAST_BYTES = 64;
export const MEMORY_BYTES = FIRST_BYTES + LAST_BYTES;
/** A page that may only be read, all zeros. */
export const READ_ONLY = 0x10040000;
export const GS_BASE = 0x10010000;

/** Code of a case; what is not used is HLT. */
export const CODE_BYTES = 30;

/** A case: byte offsets. */
export const CASE = {
  code: 0,
  /** Several instructions: how many bytes they take, and where the case ends. 0 for one instruction. */
  end: 30,
  flags: 31,
  registers: 32,
  rflags: 160,
  memory: 168,
  bytes: 168 + MEMORY_BYTES,
} as const;
/** `CASE.flags`: a repeated string instruction; 32-bit and 16-bit code. */
export const REPEATED = 1;
export const CODE32 = 2;
export const CODE16 = 4;
export type Mode = 64 | 32 | 16;

export const modeOf = (flags: number): Mode => ((flags & CODE16) !== 0 ? 16 : (flags & CODE32) !== 0 ? 32 : 64);

/** Segments of 16-bit code: data ends with DATA, the extra segment grows down to this limit, the stack has B = 0. */
export const BASE16 = DATA;
export const LIMIT16 = DATA_BYTES - 1;
export const EXPAND_DOWN_LIMIT = 0x7ff;
/** RIP of the instruction: its offset in the code segment. */
export const startOf = (mode: Mode): number => (mode === 16 ? CODE % 0x1000 : CODE);

/** An outcome: byte offsets. The vector is 1 when no exception was raised. */
export const OUTCOME = {
  registers: 0,
  rip: 128,
  rflags: 136,
  cr2: 144,
  vector: 152,
  error: 156,
  memory: 160,
  bytes: 160 + MEMORY_BYTES,
} as const;

/** Place in a case's memory of a linear address, or -1. */
export function memoryIndex(linear: number): number {
  if (linear >= FIRST && linear < FIRST + FIRST_BYTES) return linear - FIRST;
  if (linear >= LAST && linear < LAST + LAST_BYTES) return linear - LAST + FIRST_BYTES;
  return -1;
}
