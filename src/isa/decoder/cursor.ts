/**
 * The bytes being decoded and what has been read of them. One shared object: decoding is never re-entrant, and fields
 * of a fixed-shape object cost the least.
 */
export const cursor = {
  bytes: new Uint8Array(0) as Uint8Array,
  position: 0,
  /** First byte that may not be read: end of the buffer or 15 bytes from the start. */
  limit: 0,
  /** A read went past `limit`. Reads return 0 then; the decoder looks at this before it answers. */
  overrun: false,
  in64: false,
  addressSize: 32 as 16 | 32 | 64,
  operandSize: 32 as 16 | 32 | 64,
  /** Effective REX (or VEX) extension bits, shifted: 0 or 8. */
  rexR: 0,
  rexX: 0,
  rexB: 0,
  /** A REX byte is in effect: SPL, BPL, SIL, DIL in place of AH, CH, DH, BH. */
  rex: false,
  vvvv: 0,
  segmentOverride: -1,
  modrm: 0,
  opcode: 0,
};

export function readU8(): number {
  if (cursor.position >= cursor.limit) {
    cursor.overrun = true;
    return 0;
  }
  return cursor.bytes[cursor.position++] as number;
}

export function readI8(): number {
  return (readU8() << 24) >> 24;
}

export function readU16(): number {
  const low = readU8();
  return low | (readU8() << 8);
}

/** Signed, as all 32-bit parts of an instruction are kept. */
export function readI32(): number {
  const low = readU16();
  return low | (readU16() << 16);
}
