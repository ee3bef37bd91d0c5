import type { CodeSize } from '../../isa/instruction.ts';

const hex = (text: string): number[] => text.split(' ').map((byte) => Number.parseInt(byte, 16));

/** The NOPs of one to eleven bytes GNU as fills code with for 32- and 64-bit processors. */
const LONG: readonly number[][] = [
  '90',
  '66 90',
  '0f 1f 00',
  '0f 1f 40 00',
  '0f 1f 44 00 00',
  '66 0f 1f 44 00 00',
  '0f 1f 80 00 00 00 00',
  '0f 1f 84 00 00 00 00 00',
  '66 0f 1f 84 00 00 00 00 00',
  '66 2e 0f 1f 84 00 00 00 00 00',
  '66 66 2e 0f 1f 84 00 00 00 00 00',
].map(hex);
/** The same for 16-bit code: LEA SI,[SI+0]. */
const SHORT: readonly number[][] = ['90', '66 90', '8d 74 00', '8d b4 00 00'].map(hex);
/** Runs of more single NOPs than this are jumped over. */
const MOST = { long: 7, short: 2 };
const LONGEST_SHORT_JUMP = 127;

/** `count` bytes of padding between instructions, as GNU as chooses them (measured with version 2.40). */
export function nops(count: number, mode: CodeSize): Uint8Array {
  const patterns = mode === 16 ? SHORT : LONG;
  const bytes = new Uint8Array(count);
  let at = 0;
  const longest = patterns.length;
  const most = mode === 16 ? MOST.short : MOST.long;
  if (Math.floor(count / longest) > most || (mode === 16 && count > 11)) {
    if (count - 2 <= LONGEST_SHORT_JUMP) {
      bytes.set([0xeb, count - 2]);
      at = 2;
    } else {
      const jump = mode === 16 ? [0x66, 0xe9] : [0xe9];
      at = jump.length + 4;
      bytes.set(jump);
      new DataView(bytes.buffer).setInt32(jump.length, count - at, true);
    }
  }
  while (at < count) {
    const pattern = patterns[Math.min(longest, count - at) - 1] ?? [0x90];
    bytes.set(pattern, at);
    at += pattern.length;
  }
  return bytes;
}
