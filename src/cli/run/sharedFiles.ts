/** Files that links name: built ones from the folder of the kernel, sources assembled. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../../debugger/building/program.ts';
import type { BootFiles, KnownFiles } from '../../debugger/links/share.ts';
import { BuiltFiles } from '../../debugger/links/builtFiles.ts';
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

function header(path: string): readonly [string, string][] {
  const bytes = read(HEADERS + path);
  return bytes === null ? [] : [[path, new TextDecoder().decode(bytes)]];
}

function build(name: string, text: string): Uint8Array | Problem {
  const headers = Object.fromEntries(readdirSync(HEADERS).flatMap(header));
  const answer = buildProgram({ file: `user/${name}.S`, text, others: {} }, headers);
  if (answer.ok) return answer.build.executable;
  const [first] = answer.problems;
  const where = first === undefined ? 'it' : `its line ${first.line}`;
  return problem('An edited program of the link cannot be assembled', `This version refuses ${where}.`);
}

/** Everything that a shared machine boots. */
export const resolveShared = resolverOf(builtFiles, async (name, text) => build(name, text));

/** What a recording of a machine with these modules does not have to hold. */
export const knownFiles = (modules: BootFiles['modules']): Promise<KnownFiles> => knownOf(builtFiles, modules);
