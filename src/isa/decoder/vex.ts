import { Prefix } from '../instruction.ts';
import { OpcodeMap, PrefixClass } from '../table/encodingRow.ts';
import { cursor, readU8 } from './cursor.ts';
import { prefixState } from './prefixes.ts';

const PREFIX_BY_PP = [PrefixClass.none, PrefixClass.p66, PrefixClass.f3, PrefixClass.f2];

/**
 * Reads the rest of a VEX prefix whose first byte (C4 or C5) has been read (SDM vol. 2A, 2.3.5) and returns the opcode
 * map, or -1 when the prefix raises #UD: after LOCK, 66, F2, F3 or REX, or with a map that does not exist.
 */
export function readVex(first: number): number {
  const forbidden = Prefix.lock | Prefix.repne | Prefix.rep | Prefix.operandSize | Prefix.rex;
  if ((prefixState.prefixes & forbidden) !== 0) return -1;
  let map = 1;
  let second = readU8();
  cursor.rexR = (~second & 0x80) >> 4;
  if (first === 0xc4) {
    cursor.rexX = (~second & 0x40) >> 3;
    cursor.rexB = (~second & 0x20) >> 2;
    map = second & 0x1f;
    second = readU8();
    prefixState.rexW = (second & 0x80) !== 0;
  }
  cursor.vvvv = (~second >> 3) & 15;
  if (!cursor.in64) {
    // Only eight registers: R and X are 1 (inverted 0) here by the LES/LDS test, B and vvvv's top bit are not looked at.
    cursor.rexB = 0;
    cursor.vvvv &= 7;
    prefixState.rexW = false;
  }
  cursor.rex = true;
  prefixState.vexL = (second >> 2) & 1;
  prefixState.prefixClass = PREFIX_BY_PP[second & 3] as number;
  return map >= 1 && map <= 3 ? map + OpcodeMap.vexOf - 1 : -1;
}
