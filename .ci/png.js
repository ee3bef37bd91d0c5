/** PNG files of the page, read and written in few colours, which makes them a third as large. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { nearest, paletteOf } from './colours.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;

/** @param {{ width: number, height: number, pixels: Uint32Array }} picture pixels as 0xRRGGBB, row by row */
export function pngOf({ width, height, pixels }) {
  const palette = paletteOf([pixels], COLOURS);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits each, which are indices.
  header.set([8, 3, 0, 0, 0], 8);
  const indexed = Uint8Array.from(pixels, nearest(palette));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(indexed.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A picture of red, green, blue (and alpha, which is not looked at), as browsers write it; null for others. */
export function readPng(file) {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const bytes = { 2: 3, 6: 4 }[file[25]];
  if (file[24] !== 8 || bytes === undefined || file[28] !== 0) return null;
  const data = [];
  for (let at = SIGNATURE.length; at < file.length; at += file.readUInt32BE(at) + 12) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(file.subarray(at + 8, at + 8 + length));
  }
  const rows = inflateSync(Buffer.concat(data));
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(width * bytes);
  for (let y = 0; y < height; y++) {
    const from = y * (width * bytes + 1);
    above = unfiltered(rows[from], rows.subarray(from + 1, from + 1 + width * bytes), above, bytes);
    for (let x = 0; x < width; x++) {
      const at = x * bytes;
      pixels[y * width + x] = (above[at] << 16) | (above[at + 1] << 8) | above[at + 2];
    }
  }
  return { width, height, pixels };
}

/** A row from what it was written as: less the pixel before it, above it, or what both let expect. */
function unfiltered(filter, row, above, bytes) {
  const line = new Uint8Array(row.length);
  for (let n = 0; n < row.length; n++) {
    const [a, b, c] = [line[n - bytes] ?? 0, above[n], above[n - bytes] ?? 0];
    line[n] = row[n] + [0, a, b, (a + b) >> 1, expected(a, b, c)][filter];
  }
  return line;
}

/** Of left, above and left above, the one nearest to left + above - left above (PNG specification, Paeth). */
function expected(a, b, c) {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
