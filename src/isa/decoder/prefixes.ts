import { type CodeSize, NO_REGISTER, Prefix, Segment } from '../instruction.ts';
import { PrefixClass } from '../table/encodingRow.ts';
import { cursor, readU8 } from './cursor.ts';

/** What the prefixes of the current instruction say. */
export const prefixState = {
  /** `Prefix` bits of every prefix seen. */
  prefixes: 0,
  /** A LOCK prefix that means LOCK. */
  lock: false,
  /** Last of F2 and F3, or 0. */
  repeat: 0 as 0 | 0xf2 | 0xf3,
  /** The same as a class: `PrefixClass.f3`, `.f2` or 0. */
  repeatClass: 0,
  /** One `PrefixClass` bit: the last of F3 and F2 wins over 66. */
  prefixClass: 0,
  /** REX.W, or VEX.W in 64-bit mode. */
  rexW: false,
  vexL: 0,
};

/** `Prefix` bit by byte, 0 for bytes that are no legacy prefix. */
const LEGACY = new Uint16Array(256);
LEGACY[0xf0] = Prefix.lock;
LEGACY[0xf2] = Prefix.repne;
LEGACY[0xf3] = Prefix.rep;
LEGACY[0x66] = Prefix.operandSize;
LEGACY[0x67] = Prefix.addressSize;
LEGACY[0x26] = Prefix.es;
LEGACY[0x2e] = Prefix.cs;
LEGACY[0x36] = Prefix.ss;
LEGACY[0x3e] = Prefix.ds;
LEGACY[0x64] = Prefix.fs;
LEGACY[0x65] = Prefix.gs;

/**
 * Reads the prefixes and returns the byte after them. A REX byte counts only directly before the opcode (SDM vol. 2A,
 * 2.2.1); of several segment prefixes the last counts, and in 64-bit mode only FS and GS do (vol. 1, 3.4.4).
 */
export function readPrefixes(code: CodeSize): number {
  let prefixes = 0;
  let repeat: 0 | 0xf2 | 0xf3 = 0;
  let segment: number = NO_REGISTER;
  let rex = 0;
  let byte = readU8();
  for (;;) {
    const bit = LEGACY[byte] as number;
    if (bit !== 0) {
      rex = 0;
      if (bit >= Prefix.es) {
        segment = segmentAfter(segment, bit, code);
        prefixes &= Prefix.es - 1;
      } else if (byte >= 0xf2) repeat = byte as 0xf2 | 0xf3;
      prefixes |= bit;
    } else if (code === 64 && (byte & 0xf0) === 0x40) rex = byte;
    else break;
    if (cursor.overrun) break;
    byte = readU8();
  }
  if (rex !== 0) prefixes |= (rex & 8) !== 0 ? Prefix.rex | Prefix.rexW : Prefix.rex;
  cursor.segmentOverride = segment;
  cursor.rex = rex !== 0;
  cursor.rexR = (rex & 4) << 1;
  cursor.rexX = (rex & 2) << 2;
  cursor.rexB = (rex & 1) << 3;
  cursor.vvvv = 0;
  cursor.modrm = 0;
  cursor.addressSize = addressSize(code, (prefixes & Prefix.addressSize) !== 0);
  prefixState.prefixes = prefixes;
  prefixState.lock = (prefixes & Prefix.lock) !== 0;
  prefixState.repeat = repeat;
  prefixState.repeatClass = repeat === 0xf3 ? PrefixClass.f3 : repeat === 0xf2 ? PrefixClass.f2 : 0;
  prefixState.prefixClass =
    prefixState.repeatClass || ((prefixes & Prefix.operandSize) !== 0 ? PrefixClass.p66 : PrefixClass.none);
  prefixState.rexW = (rex & 8) !== 0;
  prefixState.vexL = 0;
  return byte;
}

function segmentAfter(current: number, bit: number, code: CodeSize): number {
  switch (bit) {
    case Prefix.fs:
      return Segment.fs;
    case Prefix.gs:
      return Segment.gs;
    default:
      if (code === 64) return current;
      return bit === Prefix.es
        ? Segment.es
        : bit === Prefix.cs
          ? Segment.cs
          : bit === Prefix.ss
            ? Segment.ss
            : Segment.ds;
  }
}

function addressSize(code: CodeSize, has67: boolean): 16 | 32 | 64 {
  if (code === 64) return has67 ? 32 : 64;
  return (code === 16) === has67 ? 32 : 16;
}
