/** From the names of files in links and saved machines to their bytes. */
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import type { BuiltFiles } from './builtFiles.ts';
import { type LinkedKernel, linkedKernel } from './linkedKernel.ts';
import type { BootFiles, KnownFiles, Resolver } from './share.ts';
import type { SharedFile } from './shared.ts';
import { usualPrograms } from './usual.ts';

const KERNEL = 'emergence';

/** "userprog", "userprog.elf ARGS": the file's name alone. */
export const plainName = (moduleString: string): string => (moduleString.split(' ', 1)[0] ?? '').replace(/\.elf$/, '');

/** Makes a program of a source text. */
export type Assemble = (name: string, text: string) => Promise<Uint8Array | Problem>;

/** `note` hears what linked kernels were made of. */
export function resolverOf(
  built: BuiltFiles,
  assemble: Assemble,
  note: (kernel: LinkedKernel) => void = () => undefined,
): Resolver {
  const bytesOf = async ({ name, bytes, text, hash }: SharedFile): Promise<Uint8Array | Problem> => {
    if (bytes !== undefined) return bytes;
    const plain = plainName(name);
    return text === undefined ? built.get(plain, hash) : assemble(plain, text);
  };
  const kernelOf = async (file: SharedFile): Promise<Uint8Array | Problem> => {
    if (file.sources === undefined) return bytesOf(file);
    const linked = await linkedKernel(built, file.sources);
    if (isProblem(linked)) return linked;
    note(linked);
    return linked.bytes;
  };
  return async ({ kernel, commandLine, modules }) => {
    const wanted: readonly SharedFile[] = modules ?? usualPrograms(commandLine).map((name) => ({ name }));
    const kernelBytes = await kernelOf(kernel ?? { name: KERNEL });
    if (isProblem(kernelBytes)) return kernelBytes;
    const loaded: { name: string; bytes: Uint8Array }[] = [];
    for (const file of wanted) {
      const bytes = await bytesOf(file);
      if (isProblem(bytes)) return bytes;
      loaded.push({ name: file.name, bytes });
    }
    return { kernel: kernelBytes, commandLine, modules: loaded };
  };
}

/** What a link to a machine with these modules does not have to carry. */
export async function knownOf(
  built: BuiltFiles,
  modules: BootFiles['modules'],
  sourceOf: KnownFiles['sourceOf'] = () => null,
  sourcesOf: KnownFiles['sourcesOf'] = () => null,
): Promise<KnownFiles> {
  // A machine that was booted with files of its own may still hold built ones.
  const names = new Set([KERNEL, ...modules.map(({ name }) => plainName(name))]);
  await Promise.all([...names].map((name) => built.get(name)));
  return { isBuilt: (bytes) => built.holds(bytes), sourceOf, sourcesOf };
}
