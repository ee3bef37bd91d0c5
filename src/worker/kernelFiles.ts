/** The built kernel and its user programs, and the sources they were built from. */
import { usualPrograms } from '../debugger/links/usual.ts';
import type { BootModule } from '../machine/loader/planBoot.ts';

const KERNEL = 'emergence';
const BUILT: ReadonlySet<string> = new Set([KERNEL, ...usualPrograms('init=')]);

/** Where `public/` is served: beside the built worker's folder, or at the root of the development server. */
const base = import.meta.env.DEV ? '/' : new URL('../', self.location.href).href;

const cache = new Map<string, Promise<Uint8Array>>();
const loaded = new Map<string, Uint8Array>();

function load(name: string): Promise<Uint8Array> {
  let file = cache.get(name);
  if (file === undefined) {
    file = fetch(`${base}kernel/${name}.elf`).then(async (answer) => {
      if (!answer.ok) throw new Error(`kernel/${name}.elf could not be loaded: HTTP status ${answer.status}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      loaded.set(name, bytes);
      return bytes;
    });
    file.catch(() => cache.delete(name));
    cache.set(name, file);
  }
  return file;
}

export const builtKernel = (): Promise<Uint8Array> => load(KERNEL);

/** The built kernel ("emergence") or program of a name; undefined when there is none of it. */
export async function builtFile(name: string): Promise<Uint8Array | undefined> {
  return BUILT.has(name) ? load(name) : undefined;
}

/** The same at once, when it has been loaded before. */
export const loadedFile = (name: string): Uint8Array | undefined => loaded.get(name);

/** Modules for the built kernel: all programs when the command line chooses one, else the first alone. */
export async function builtPrograms(commandLine: string): Promise<BootModule[]> {
  return Promise.all(usualPrograms(commandLine).map(async (name) => ({ name, bytes: await load(name) })));
}

const SOURCES = import.meta.glob<string>('../kernel/**/*.{S,c,h,ld}', {
  query: '?raw',
  import: 'default',
});

/** Text of a source file by its path in the debug information ("user/userprog.S"), or null. */
export async function sourceText(file: string): Promise<string | null> {
  return (await SOURCES[`../kernel/${file}`]?.()) ?? null;
}
