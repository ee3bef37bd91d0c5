/**
 * A small GIF89a encoder for pictures of the page: one palette for all frames, and of each frame only the rectangle in
 * which it differs from the one before, in it only the pixels that do.
 */

import { nearest, paletteOf } from './colours.js';

/** Indices of a palette; the last one stands for what was there before. */
const INDICES = 256;
const UNCHANGED = INDICES - 1;
const COLOURS = INDICES - 1;
/** A GIF code is at most twelve bits. */
const MOST_CODES = 4096;

/**
 * @param {{ width: number, height: number, frames: readonly { pixels: Uint32Array, ms: number }[] }} film
 *   pixels as 0xRRGGBB, row by row
 */
export function gifOf({ width, height, frames }) {
  const palette = paletteOf(
    frames.map(({ pixels }) => pixels),
    COLOURS,
  );
  const indexed = frames.map(({ pixels }) => Uint8Array.from(pixels, nearest(palette)));
  const bytes = [...Buffer.from('GIF89a'), ...word(width), ...word(height), 0xf7, 0, 0];
  for (let n = 0; n < INDICES; n++) {
    const colour = palette[n] ?? 0;
    bytes.push((colour >> 16) & 0xff, (colour >> 8) & 0xff, colour & 0xff);
  }
  // Again and again.
  bytes.push(0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0);
  frames.forEach(({ ms }, n) => {
    const box = changedBox(indexed[n], indexed[n - 1], width, height);
    // Drawn over what is there; with a colour that is not drawn.
    bytes.push(0x21, 0xf9, 4, 0x05, ...word(Math.round(ms / 10)), UNCHANGED, 0);
    bytes.push(0x2c, ...word(box.x), ...word(box.y), ...word(box.width), ...word(box.height), 0);
    append(bytes, compressed(cut(indexed[n], indexed[n - 1], width, box)));
  });
  bytes.push(0x3b);
  return Buffer.from(bytes);
}

const word = (value) => [value & 0xff, value >> 8];

/** The rectangle outside which both are alike; one pixel where they are alike everywhere. */
function changedBox(now, before, width, height) {
  if (before === undefined) return { x: 0, y: 0, width, height };
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 0; at < now.length; at++) {
    if (now[at] === before[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function cut(now, before, width, box) {
  return Uint8Array.from({ length: box.width * box.height }, (_, n) => {
    const at = (box.y + Math.floor(n / box.width)) * width + box.x + (n % box.width);
    return now[at] === before?.[at] ? UNCHANGED : now[at];
  });
}

/** LZW with codes of growing width, as GIF has it. */
function compressed(pixels) {
  const [clear, end] = [INDICES, INDICES + 1];
  const out = [];
  let [bits, held, size] = [0, 0, 9];
  let codes = new Map();
  let next = end + 1;
  const emit = (code) => {
    held |= code << bits;
    bits += size;
    for (; bits >= 8; bits -= 8, held >>>= 8) out.push(held & 0xff);
  };
  emit(clear);
  let prefix = pixels[0];
  for (let n = 1; n < pixels.length; n++) {
    const key = prefix * INDICES + pixels[n];
    const known = codes.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    emit(prefix);
    if (next === MOST_CODES) {
      emit(clear);
      codes = new Map();
      next = end + 1;
      size = 9;
    } else {
      codes.set(key, next);
      if (next === 1 << size) size++;
      next++;
    }
    prefix = pixels[n];
  }
  emit(prefix);
  emit(end);
  if (bits > 0) out.push(held & 0xff);
  return out;
}

/** In blocks of at most 255 bytes. */
function append(bytes, data) {
  bytes.push(8);
  for (let at = 0; at < data.length; at += 255) {
    const block = data.slice(at, at + 255);
    bytes.push(block.length, ...block);
  }
  bytes.push(0);
}
