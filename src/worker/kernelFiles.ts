/** The built kernel and its user programs, and the sources they were built from. */
import type { BootModule } from '../machine/loader/planBoot.ts';

/** The user program that runs when nothing else is said. */
const FIRST = 'userprog';
/** The others, which a command line with init= may name, and which the shell starts by name. */
const OTHERS = ['shell', 'hello', 'echo', 'counters', 'forktree', 'memory', 'errors', 'zoo', 'doors', 'fuzz'] as const;

/** Where `public/` is served: beside the built worker's folder, or at the root of the development server. */
const base = import.meta.env.DEV ? '/' : new URL('../', self.location.href).href;

const cache = new Map<string, Promise<Uint8Array>>();

function load(name: string): Promise<Uint8Array> {
  let file = cache.get(name);
  if (file === undefined) {
    file = fetch(`${base}kernel/${name}.elf`).then(async (answer) => {
      if (!answer.ok) throw new Error(`kernel/${name}.elf could not be loaded: HTTP status ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    });
    file.catch(() => cache.delete(name));
    cache.set(name, file);
  }
  return file;
}

export const builtKernel = (): Promise<Uint8Array> => load('emergence');

/** Modules for the built kernel: all programs when the command line chooses one, else the first alone. */
export async function builtPrograms(commandLine: string): Promise<BootModule[]> {
  const names = /(^|\s)init=/.test(commandLine) ? [FIRST, ...OTHERS] : [FIRST];
  return Promise.all(names.map(async (name) => ({ name, bytes: await load(name) })));
}

const SOURCES = import.meta.glob<string>('../kernel/**/*.{S,c,h,ld}', {
  query: '?raw',
  import: 'default',
});

/** Text of a source file by its path in the debug information ("user/userprog.S"), or null. */
export async function sourceText(file: string): Promise<string | null> {
  return (await SOURCES[`../kernel/${file}`]?.()) ?? null;
}
