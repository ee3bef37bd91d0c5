/** Files that links name: built ones from the folder of the kernel, sources assembled. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assemble, isRejected, link } from '../../assembler/index.ts';
import type { BootFiles, KnownFiles } from '../../debugger/links/share.ts';
import { BuiltFiles } from '../../debugger/links/builtFiles.ts';
import { filledUp } from '../../debugger/links/filledUp.ts';
import { knownOf, resolverOf } from '../../debugger/links/resolve.ts';
import { type Problem, problem } from '../../machine/loader/problem.ts';

const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));
const HEADERS = fileURLToPath(new URL('../../kernel/arch/x86_64/include/', import.meta.url));

function read(path: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return null;
  }
}

const builtFiles = new BuiltFiles((path) => Promise.resolve(read(BUILT + path)));

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

/** Everything that a shared machine boots. */
export const resolveShared = resolverOf(builtFiles, async (name, text) => build(name, text));

/** What a recording of a machine with these modules does not have to hold. */
export const knownFiles = (modules: BootFiles['modules']): Promise<KnownFiles> => knownOf(builtFiles, modules);
