/** Register layout of the local APIC in xAPIC mode: SDM vol. 3A, table 10-1. */

/** Version 14h (integrated), six LVT entries. */
export const APIC_VERSION = 0x00050014;

/** Offsets in its page; 16 bytes apart, 32 bits wide. */
export const REG = {
  id: 0x20,
  version: 0x30,
  tpr: 0x80,
  apr: 0x90,
  ppr: 0xa0,
  eoi: 0xb0,
  ldr: 0xd0,
  dfr: 0xe0,
  svr: 0xf0,
  isr: 0x100,
  esr: 0x280,
  icrLow: 0x300,
  icrHigh: 0x310,
  lvt: 0x320,
  initial: 0x380,
  current: 0x390,
  divide: 0x3e0,
} as const;

/** Entries of the local vector table, in order of offset. */
export const LVT = { timer: 0, thermal: 1, performance: 2, lint0: 3, lint1: 4, error: 5 } as const;
/** Bits of each entry that can be written. */
export const LVT_WRITABLE = [0x700ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff] as const;
export const LVT_MASKED = 0x10000;
export const LVT_LEVEL = 0x8000;

export const SVR = { vector: 0xff, enable: 0x100, writable: 0x3ff } as const;
export const ESR = { sendIllegalVector: 0x20, receivedIllegalVector: 0x40, illegalRegister: 0x80 } as const;
export const ICR = { logical: 0x800, assert: 0x4000, writable: 0xccfff } as const;

/** Vectors below are reserved for exceptions. */
export const FIRST_VECTOR = 16;
