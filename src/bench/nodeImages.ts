import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { FILES, type FileName, type Images } from './images.ts';

export const pathOf = (name: FileName): string => fileURLToPath(new URL(FILES[name], import.meta.url));
export const V86_WASM = createRequire(import.meta.url).resolve('v86/build/v86.wasm');

export function nodeImages(): Images {
  const names = Object.keys(FILES) as FileName[];
  const files = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(pathOf(name)))]));
  return { files: files as Images['files'], v86Wasm: V86_WASM };
}
