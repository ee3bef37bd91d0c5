/** The files a machine starts with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BootModule } from '../../machine/loader/planBoot.ts';
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';

const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));
const KERNEL = 'emergence.elf';
/** Runs first when the command line names no other. */
const FIRST_PROGRAM = 'userprog.elf';

export interface BootFiles {
  readonly kernel: Uint8Array;
  readonly modules: readonly BootModule[];
}

/** Reads kernel and modules. Without a kernel: Emergence, with its own programs unless modules are given. */
export function readBootFiles(kernelPath: string | null, moduleArguments: readonly string[]): BootFiles | Problem {
  const kernel = kernelPath === null ? readBuiltKernel() : readBytes(kernelPath);
  if (isProblem(kernel)) return kernel;
  const modules: BootModule[] = [];
  const wanted =
    kernelPath === null && moduleArguments.length === 0 ? builtPrograms() : moduleArguments.map(splitModule);
  for (const { file, text } of wanted) {
    const bytes = readBytes(file);
    if (isProblem(bytes)) return bytes;
    const name = basename(file);
    modules.push({ name: text === '' ? name : `${name} ${text}`, bytes });
  }
  return { kernel, modules };
}

interface WantedModule {
  readonly file: string;
  /** Arguments, or empty. */
  readonly text: string;
}

/** Splits at the first `=` before which a file's name ends, so that paths may contain one. */
function splitModule(argument: string): WantedModule {
  const splits: WantedModule[] = [];
  for (let at = argument.indexOf('='); at >= 0; at = argument.indexOf('=', at + 1)) {
    splits.push({ file: argument.slice(0, at), text: argument.slice(at + 1) });
  }
  splits.push({ file: argument, text: '' });
  return splits.find(({ file }) => existsSync(file)) ?? splits[0] ?? { file: argument, text: '' };
}

function readBuiltKernel(): Uint8Array | Problem {
  const path = join(BUILT, KERNEL);
  return existsSync(path)
    ? readBytes(path)
    : problem('No kernel', `${path} is not there: build it with npm run kernel`);
}

/** The user programs beside the built kernel, always in the same order. */
function builtPrograms(): WantedModule[] {
  const others = readdirSync(BUILT).filter((n) => n.endsWith('.elf') && n !== KERNEL && n !== FIRST_PROGRAM);
  return [FIRST_PROGRAM, ...others.sort()].map((name) => ({ file: join(BUILT, name), text: '' }));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

function readBytes(path: string): Uint8Array | Problem {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException;
    return problem('Cannot read the file', `${path}: ${REASONS[code ?? ''] ?? message}`);
  }
}
