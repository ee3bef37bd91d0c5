import type { CodeSize } from '../instruction.ts';

/** Bytes given to each string: the longest instruction and one more. */
export const SLOT = 16;
export const CODE_SIZES: readonly CodeSize[] = [16, 32, 64];

/** A small deterministic generator (xorshift, 32 bits). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 1;
  }

  /** 0..2^32-1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  below(limit: number): number {
    return this.next() % limit;
  }
}

/** Prefix sets of the systematic strings: each alone, and the pairs whose interplay has rules. */
const PREFIX_SETS: readonly (readonly number[])[] = [
  [],
  [0x66],
  [0xf2],
  [0xf3],
  [0x66, 0xf2],
  [0xf3, 0x66],
  [0x67],
  [0xf0],
  [0x66, 0xf0],
  [0xf2, 0xf0],
  [0xf0, 0xf3],
  [0x64],
  [0x3e],
  [0x26, 0x65],
  [0x48],
  [0x4f],
  [0x40],
  [0x66, 0x48],
  [0xf3, 0x48],
  [0xf2, 0x4d],
  [0xf3, 0x41],
  [0x48, 0x66],
];
/** What comes before the opcode byte: nothing or an escape; and VEX in its useful variations, with few prefixes. */
const ESCAPES: readonly (readonly number[])[] = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];
const VEX: readonly (readonly number[])[] = [
  [0xc5, 0xf8],
  [0xc4, 0xe2, 0x78],
  [0xc4, 0xe2, 0xf9],
  [0xc4, 0xe2, 0x7a],
  [0xc4, 0xc2, 0x6b],
  [0xc4, 0xe3, 0x7b],
];
const VEX_PREFIXES: readonly (readonly number[])[] = [[], [0x67], [0x64]];

const HEADS: readonly (readonly number[])[] = [
  ...ESCAPES.flatMap((opcodeEscape) => PREFIX_SETS.map((prefixes) => [...prefixes, ...opcodeEscape])),
  ...VEX.flatMap((vex) => VEX_PREFIXES.map((prefixes) => [...prefixes, ...vex])),
];

/** How many systematic strings there are: every code size, head, opcode and ModRM byte. */
export const SYSTEMATIC = CODE_SIZES.length * HEADS.length * 65536;

/** Writes string number `n` (below SYSTEMATIC) at `at`; what follows ModRM is random. Returns the code size. */
export function systematic(n: number, random: Random, bytes: Uint8Array, at: number): CodeSize {
  fill(random, bytes, at);
  const rest = Math.floor(n / 65536);
  let p = at;
  for (const byte of HEADS[rest % HEADS.length] ?? []) bytes[p++] = byte;
  bytes[p++] = n >> 8;
  bytes[p++] = n;
  return CODE_SIZES[Math.floor(rest / HEADS.length)] ?? 64;
}

const COMMON_PREFIXES = [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x48, 0x41, 0x44, 0x4c];

/** Writes random bytes at `at`, half of the time behind up to fourteen prefixes and an escape. */
export function randomString(random: Random, bytes: Uint8Array, at: number): CodeSize {
  fill(random, bytes, at);
  const shape = random.below(8);
  let p = at;
  if (shape >= 4) {
    const count = shape === 7 ? random.below(15) : random.below(4);
    for (let i = 0; i < count; i++) bytes[p++] = COMMON_PREFIXES[random.below(COMMON_PREFIXES.length)] ?? 0x66;
    for (const byte of ESCAPES[random.below(4)] ?? []) if (p < at + SLOT) bytes[p++] = byte;
  }
  return CODE_SIZES[random.below(3)] ?? 64;
}

function fill(random: Random, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < SLOT; i += 4) {
    const word = random.next();
    bytes[at + i] = word;
    bytes[at + i + 1] = word >>> 8;
    bytes[at + i + 2] = word >>> 16;
    bytes[at + i + 3] = word >>> 24;
  }
}
