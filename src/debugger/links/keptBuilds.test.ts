/** Built files that links may name are kept (FORMAT.md, "Builds"). */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isProblem } from '../../machine/loader/problem.ts';
import { builtFiles } from '../../testing/builtFiles.ts';
import { presentParts } from '../../testing/kernelParts.ts';
import { partsFile } from '../building/parts.ts';
import { contentHash } from './contentHash.ts';

const KERNEL = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));

test('the present build is kept: node .ci/runScript.js src/kernel/keepBuild.ts', async () => {
  const missing: string[] = [];
  for (const file of readdirSync(KERNEL).filter((name) => name.endsWith('.elf'))) {
    const hash = contentHash(new Uint8Array(readFileSync(KERNEL + file)));
    // Under a name that no present file has, only what is kept is found.
    const kept = await builtFiles.get('nosuchfile', hash);
    if (isProblem(kept) || contentHash(kept) !== hash) missing.push(file);
  }
  expect(missing).toEqual([]);
});

test('so is what the present kernel is linked from, for links to changed kernels', async () => {
  const present = presentParts();
  const kept = await builtFiles.parts(contentHash(partsFile(present)));
  expect(kept).toEqual(present);
});
