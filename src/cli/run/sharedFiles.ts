/** Files that links name: built ones from the folder of the kernel, sources assembled. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assemble, isRejected, link } from '../../assembler/index.ts';
import type { BootFiles, KnownFiles } from '../../debugger/links/share.ts';
import { filledUp } from '../../debugger/links/filledUp.ts';
import type { SharedFile, SharedFiles } from '../../debugger/links/shared.ts';
import { usualPrograms } from '../../debugger/links/usual.ts';
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';

const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));
const HEADERS = fileURLToPath(new URL('../../kernel/arch/x86_64/include/', import.meta.url));
const NAME = /^[a-z][a-z0-9]*$/;

function read(path: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return null;
  }
}

/** "userprog", "userprog.elf ARGS": the file's name alone. */
const plainName = (moduleString: string): string => (moduleString.split(' ')[0] ?? '').replace(/\.elf$/, '');

function builtFile(moduleString: string): Uint8Array | null {
  const name = plainName(moduleString);
  return NAME.test(name) ? read(`${BUILT}${name}.elf`) : null;
}

function build(name: string, text: string): Uint8Array | Problem {
  const header = (path: string): string | null => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const bytes = /^\w+\.h$/.test(name) ? read(HEADERS + name) : null;
    return bytes && new TextDecoder().decode(bytes);
  };
  const title = 'The edited program cannot be built';
  const file = `user/${name}.S`;
  const assembled = assemble(text, { fileName: file, include: header });
  if (isRejected(assembled)) return problem(title, assembled.problems[0]?.message ?? 'it is rejected');
  const linked = link([{ name: file, object: assembled.object, listing: assembled.listing }]);
  return 'problems' in linked
    ? problem(title, linked.problems[0]?.message ?? 'it is rejected')
    : filledUp(linked.program);
}

function bytesOf({ name, bytes, text }: SharedFile): Uint8Array | Problem {
  if (bytes !== undefined) return bytes;
  if (text !== undefined) return build(name.split(' ', 1)[0] ?? '', text);
  return builtFile(name) ?? problem('A file is missing', 'one that the link names is not among the built ones');
}

/** Everything that a shared machine boots. */
export async function resolveShared({ kernel, commandLine, modules }: SharedFiles): Promise<BootFiles | Problem> {
  const kernelBytes = bytesOf(kernel ?? { name: 'emergence' });
  if (isProblem(kernelBytes)) return kernelBytes;
  const loaded: { name: string; bytes: Uint8Array }[] = [];
  for (const file of modules ?? usualPrograms(commandLine).map((name) => ({ name }))) {
    const bytes = bytesOf(file);
    if (isProblem(bytes)) return bytes;
    loaded.push({ name: file.name, bytes });
  }
  return { kernel: kernelBytes, commandLine, modules: loaded };
}

/** What a recording does not have to hold. */
export const knownFiles: KnownFiles = {
  built: (name) => builtFile(name) ?? undefined,
  usual: usualPrograms,
  sourceOf: () => null,
};
