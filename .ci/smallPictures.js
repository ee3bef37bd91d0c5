/** Writes PNG files again in few colours: `node .ci/smallPictures.js`, after the pictures in `e2e/pictures` were taken anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pngOf, readPng } from './png.js';

const folder = 'e2e/pictures';
for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith('.png')) continue;
  const path = join(folder, name);
  const picture = readPng(readFileSync(path));
  // It is small already.
  if (picture !== null) writeFileSync(path, pngOf(picture));
}
