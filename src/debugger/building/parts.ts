/** What a kernel is linked from: its sources in assembly, and what was made of the others when it was built. */
import type { ArchiveMember } from '../../assembler/index.ts';
import { fromBase64Url, toBase64Url } from '../links/base64.ts';

export interface KernelParts {
  /** Texts of all sources in assembly, by path, in the order of the link. */
  readonly sources: ReadonlyMap<string, string>;
  /** What they include, by file name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Objects of the C sources, in the order of the link; they come behind those of the assembly. */
  readonly objects: readonly ArchiveMember[];
  readonly script: string;
}

/** The parts as they are kept, the same for the same parts (src/debugger/FORMAT.md, "Builds"). */
export function partsFile({ sources, headers, objects, script }: KernelParts): Uint8Array {
  const text = JSON.stringify({
    sources: [...sources].sort(byName),
    headers: Object.entries(headers).sort(byName),
    objects: objects.map(({ name, bytes }) => [name, toBase64Url(bytes)]),
    script,
  });
  return new TextEncoder().encode(text);
}
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

interface Kept {
  readonly sources: readonly (readonly [path: string, text: string])[];
  readonly headers: readonly (readonly [name: string, text: string])[];
  readonly objects: readonly (readonly [name: string, bytes: string])[];
  readonly script: string;
}

/** What `partsFile` gave: the hash of its content has been looked at. */
export function readParts(file: Uint8Array): KernelParts {
  const { sources, headers, objects, script } = JSON.parse(new TextDecoder().decode(file)) as Kept;
  return {
    sources: new Map(sources),
    headers: Object.fromEntries(headers),
    objects: objects.map(([name, bytes]) => ({ name, bytes: fromBase64Url(bytes) ?? new Uint8Array() })),
    script,
  };
}

/** The parts with other texts of some sources. */
export function withTexts(parts: KernelParts, texts: Readonly<Record<string, string>>): KernelParts {
  return { ...parts, sources: new Map([...parts.sources].map(([file, text]) => [file, texts[file] ?? text])) };
}
