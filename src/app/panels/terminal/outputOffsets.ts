/**
 * Which byte of the serial line stands where on the screen. A logical line is what stands between two line feeds; it
 * is counted from the last one up, since the oldest may have scrolled away.
 */

const feed = 10;
const escapeCode = 0x1b;

/** Where the bytes begin of the logical line `back` lines before the last (0: the last); -1 when there are fewer. */
export function lineStart(bytes: Uint8Array, back: number): number {
  let at = bytes.length;
  for (let left = back; ; left--) {
    const before = at === 0 ? -1 : bytes.lastIndexOf(feed, at - 1);
    if (left === 0) return before + 1;
    if (before < 0) return -1;
    at = before;
  }
}

/** Length of an escape sequence: ESC [ … letter, or ESC and one more. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 0x5b) return 2;
  let end = at + 2;
  while (end < bytes.length && !((bytes[end] as number) >= 0x40 && (bytes[end] as number) <= 0x7e)) end++;
  return end + 1 - at;
}

/** Offset of the byte drawn in each column of the logical line that begins at `start`. */
export function columnOffsets(bytes: Uint8Array, start: number): number[] {
  const columns: number[] = [];
  let column = 0;
  for (let at = start; at < bytes.length && bytes[at] !== feed; at++) {
    const byte = bytes[at] as number;
    if (byte === escapeCode) at += sequenceLength(bytes, at) - 1;
    else if (byte === 13) column = 0;
    else if (byte === 8) column = Math.max(0, column - 1);
    else if (byte === 9) column = (column + 8) & ~7;
    // Bytes of a character after its first, and other control codes, take no column.
    else if (byte >= 32 && (byte & 0xc0) !== 0x80) columns[column++] = at;
  }
  return columns;
}
