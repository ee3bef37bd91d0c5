/** The built kernel and its user programs, and the sources they were built from. */
import { usualPrograms } from '../debugger/links/usual.ts';
import type { BootModule } from '../machine/loader/planBoot.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { builtFiles } from './keptFiles.ts';

async function load(name: string): Promise<Uint8Array> {
  const file = await builtFiles.get(name);
  if (isProblem(file)) throw new Error(`kernel/${name}.elf could not be loaded`);
  return file;
}

/** The built kernel ("emergence") or program of a name; undefined when there is none of it. */
export async function builtFile(name: string): Promise<Uint8Array | undefined> {
  const file = await builtFiles.get(name);
  return isProblem(file) ? undefined : file;
}

export const builtKernel = (): Promise<Uint8Array> => load('emergence');

/** One built program alone, with its arguments: "zoo by-iretq". */
export async function builtProgram(module: string): Promise<BootModule[]> {
  return [{ name: module, bytes: await load(module.split(' ', 1)[0] ?? module) }];
}

/** Modules for the built kernel: all programs when the command line chooses one, else the first alone. */
export async function builtPrograms(commandLine: string): Promise<BootModule[]> {
  return Promise.all(usualPrograms(commandLine).map(async (name) => ({ name, bytes: await load(name) })));
}

const SOURCES = import.meta.glob<string>('../kernel/**/*.{S,c,h,ld}', {
  query: '?raw',
  import: 'default',
});

/** Paths of all sources, as the debug information has them. */
export function sourceFiles(): readonly string[] {
  return Object.keys(SOURCES).map((path) => path.replace('../kernel/', ''));
}

/** Text of a source file by its path in the debug information ("user/userprog.S"), or null. */
export async function sourceText(file: string): Promise<string | null> {
  return (await SOURCES[`../kernel/${file}`]?.()) ?? null;
}
