/** What the present kernel is linked from, out of the files of the checkout. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArchive } from '../assembler/index.ts';
import { type KernelParts, withTexts } from '../debugger/building/parts.ts';

const KERNEL = fileURLToPath(new URL('../kernel/', import.meta.url));
const ARCH = 'arch/x86_64/';

export const kernelText = (path: string): string => readFileSync(KERNEL + path, 'utf8');
const names = (folder: string, ending: string): string[] =>
  readdirSync(KERNEL + folder).filter((name) => name.endsWith(ending));

/** The parts of the present build, with changed texts of some sources. */
export function presentParts(changed: Readonly<Record<string, string>> = {}): KernelParts {
  const archive = new Uint8Array(readFileSync(new URL('../../public/kernel/kernel.a', import.meta.url)));
  const objects = readArchive(archive);
  if (typeof objects === 'string') throw new Error(objects);
  const files = names(ARCH, '.S').map((name) => ARCH + name);
  const parts: KernelParts = {
    sources: new Map(files.sort().map((file) => [file, kernelText(file)])),
    headers: Object.fromEntries(
      names(`${ARCH}include`, '.h').map((name) => [name, kernelText(`${ARCH}include/${name}`)]),
    ),
    objects,
    script: kernelText('kernel.ld'),
  };
  return withTexts(parts, changed);
}
