/**
 * node .ci/runScript.js src/kernel/keepBuild.ts: keeps the built kernel and programs for links that are made with them.
 * Run it when the kernel has been built anew, and commit what it writes (src/debugger/FORMAT.md, "Builds").
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { partsFile } from '../debugger/building/parts.ts';
import { keptPath } from '../debugger/links/builtFiles.ts';
import { compress } from '../debugger/links/compression.ts';
import { contentHash } from '../debugger/links/contentHash.ts';
import { presentParts } from '../testing/kernelParts.ts';

const BUILT = fileURLToPath(new URL('../../public/kernel/', import.meta.url));

mkdirSync(`${BUILT}builds`, { recursive: true });
for (const name of readdirSync(BUILT).filter((file) => file.endsWith('.elf'))) {
  const bytes = new Uint8Array(readFileSync(BUILT + name));
  const path = BUILT + keptPath(contentHash(bytes));
  if (existsSync(path)) continue;
  writeFileSync(path, await compress(bytes));
  process.stdout.write(`kept ${name} as ${path}\n`);
}

const parts = partsFile(presentParts());
const partsPath = BUILT + keptPath(contentHash(parts), 'parts');
if (!existsSync(partsPath)) {
  writeFileSync(partsPath, await compress(parts));
  process.stdout.write(`kept what the kernel is linked from as ${partsPath}\n`);
}
