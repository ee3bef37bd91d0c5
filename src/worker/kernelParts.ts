/** What the kernel is linked from, fetched when its first source is edited. */
import { type ArchiveMember, readArchive } from '../assembler/index.ts';
import type { KernelParts } from './buildKernel.ts';
import { headers } from './headers.ts';
import { servedFile } from './served.ts';

const SOURCES = import.meta.glob<string>('../kernel/arch/x86_64/*.S', { query: '?raw', import: 'default' });
const SCRIPT = import.meta.glob<string>('../kernel/kernel.ld', { query: '?raw', import: 'default' });

interface Built {
  readonly sources: readonly (readonly [file: string, text: string])[];
  readonly objects: readonly ArchiveMember[];
  readonly script: string;
}

let built: Promise<Built> | undefined;

async function fetchParts(): Promise<Built> {
  const paths = Object.keys(SOURCES).sort();
  const [archive, script, ...texts] = await Promise.all([
    servedFile('kernel.a'),
    SCRIPT['../kernel/kernel.ld']?.() ?? '',
    ...paths.map(async (path) => (await SOURCES[path]?.()) ?? ''),
  ]);
  const objects = readArchive(archive);
  if (typeof objects === 'string') throw new Error(`kernel/kernel.a: ${objects}`);
  return { sources: paths.map((path, n) => [path.replace('../kernel/', ''), texts[n] ?? '']), objects, script };
}

/** The parts of the built kernel, with changed texts of some sources. */
export async function kernelParts(changed: Readonly<Record<string, string>>): Promise<KernelParts> {
  built ??= fetchParts();
  built.catch(() => {
    built = undefined;
  });
  const { sources, objects, script } = await built;
  return { sources: new Map(sources.map(([file, text]) => [file, changed[file] ?? text])), headers, objects, script };
}
