/** What the kernel is linked from, fetched when its first source is edited. */
import { readArchive } from '../assembler/index.ts';
import { type KernelParts, partsFile, withTexts } from '../debugger/building/parts.ts';
import { contentHash } from '../debugger/links/contentHash.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { headers } from './headers.ts';
import { builtFiles } from './keptFiles.ts';
import { servedFile } from './served.ts';

const SOURCES = import.meta.glob<string>('../kernel/arch/x86_64/*.S', { query: '?raw', import: 'default' });
const SCRIPT = import.meta.glob<string>('../kernel/kernel.ld', { query: '?raw', import: 'default' });

let present: Promise<KernelParts> | undefined;

async function fetchParts(): Promise<KernelParts> {
  const paths = Object.keys(SOURCES).sort();
  const [archive, script, ...texts] = await Promise.all([
    servedFile('kernel.a'),
    SCRIPT['../kernel/kernel.ld']?.() ?? '',
    ...paths.map(async (path) => (await SOURCES[path]?.()) ?? ''),
  ]);
  const objects = readArchive(archive);
  if (typeof objects === 'string') throw new Error(`kernel/kernel.a: ${objects}`);
  const sources = new Map(paths.map((path, n) => [path.replace('../kernel/', ''), texts[n] ?? '']));
  return { sources, headers, objects, script };
}

/** The parts of the present build, or of another one by their hash, with changed texts of some sources. */
export async function kernelParts(
  changed: Readonly<Record<string, string>>,
  hash: string | null,
): Promise<{ readonly parts: KernelParts; readonly hash: string }> {
  present ??= fetchParts();
  present.catch(() => {
    present = undefined;
  });
  const parts = await present;
  const presentHash = hashOf(parts);
  if (hash === null || hash === presentHash) return { parts: withTexts(parts, changed), hash: presentHash };
  const kept = await builtFiles.parts(hash);
  if (isProblem(kept)) throw new Error(kept.detail);
  return { parts: withTexts(kept, changed), hash };
}

const hashes = new WeakMap<KernelParts, string>();
function hashOf(parts: KernelParts): string {
  const hash = hashes.get(parts) ?? contentHash(partsFile(parts));
  hashes.set(parts, hash);
  return hash;
}
