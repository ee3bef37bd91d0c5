/** Cases and outcomes as harness.c reads and writes them. */

export const CODE = 0x10000ff0;
export const DATA = 0x10020000;
export const DATA_BYTES = 0x2000;
/** The memory of a case, across the boundary of two pages. */
export const BLOCK = DATA + 0xec0;
export const BLOCK_BYTES = 640;
export const IMAGE_BYTES = 416;

export const CASE = {
  code: 0,
  registers: 16,
  rflags: 144,
  image: 152,
  memory: 152 + IMAGE_BYTES,
  bytes: 152 + IMAGE_BYTES + BLOCK_BYTES,
} as const;

export const OUTCOME = {
  registers: 0,
  rip: 128,
  rflags: 136,
  vector: 144,
  image: 152,
  memory: 152 + IMAGE_BYTES,
  bytes: 152 + IMAGE_BYTES + BLOCK_BYTES,
} as const;

/** Fields of an FXSAVE image. */
export const IMAGE = {
  fcw: 0,
  fsw: 2,
  ftw: 4,
  fop: 6,
  fip: 8,
  fdp: 16,
  mxcsr: 24,
  mask: 28,
  st: 32,
  xmm: 160,
} as const;
