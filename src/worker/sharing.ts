/** Links and saved machines: which files they need not carry, and how the files they name are got. */
import type { History } from '../debugger/history/history.ts';
import { type BootFiles, describeMachine, type KnownFiles } from '../debugger/links/share.ts';
import type { SharedFile, SharedFiles, SharedMachine } from '../debugger/links/shared.ts';
import { usualPrograms } from '../debugger/links/usual.ts';
import type { BootModule } from '../machine/loader/planBoot.ts';
import { isProblem, type Problem, problem } from '../machine/loader/problem.ts';
import { assembled } from './assembled.ts';
import { builtFile, loadedFile } from './kernelFiles.ts';
import type { ModuleFile, OpenedMachine, ProgramText } from './protocol.ts';

/** Sources that executables were assembled from. A source is forgotten with its executable. */
const sources = new WeakMap<Uint8Array, string>();

/** Remembers what programs were assembled from, for links to carry that. */
export function noteSources(programs: readonly ModuleFile[]): void {
  for (const { bytes, text } of programs) if (text !== undefined) sources.set(bytes, text);
}

/** A module string's first word is the file name. */
const fileName = (moduleString: string): string => moduleString.split(' ', 1)[0] ?? '';

const known: KnownFiles = {
  built: loadedFile,
  usual: usualPrograms,
  sourceOf: (_name, bytes) => sources.get(bytes) ?? null,
};

const modulesOf = (history: History): readonly BootModule[] => [
  ...history.startFiles.modules,
  ...history.events.flatMap(({ event }) => (event.kind === 'load' ? event.modules : [])),
];

/** Keeps only sources that give their executables without anything else, such as another program they include. */
async function checkSources(modules: readonly BootModule[]): Promise<void> {
  for (const { name, bytes } of modules) {
    const text = sources.get(bytes);
    if (text === undefined) continue;
    const again = await assembled(fileName(name), text);
    if (isProblem(again) || !equal(again, bytes)) sources.delete(bytes);
    else sources.set(bytes, text);
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** What a link or file says of the machine where it stands. */
export async function describe(
  history: History,
  view: { readonly microSteps: number; readonly breakpoints: readonly bigint[]; readonly panels: readonly string[] },
): Promise<SharedMachine> {
  const modules = modulesOf(history);
  await Promise.all(modules.map(({ name }) => builtFile(fileName(name))));
  await checkSources(modules);
  return describeMachine(history, known, { ...view, hash: true });
}

async function bytesOf({ name, bytes, text }: SharedFile): Promise<Uint8Array | Problem> {
  if (bytes !== undefined) return bytes;
  const plain = fileName(name);
  if (text === undefined) {
    const built = await builtFile(plain);
    return built ?? problem('A file is missing', 'The link names a program that is not among the built ones.');
  }
  const made = await assembled(plain, text);
  if (!isProblem(made)) sources.set(made, text);
  return made;
}

/** Everything that a shared machine boots. */
export async function resolve({ kernel, commandLine, modules }: SharedFiles): Promise<BootFiles | Problem> {
  const wanted = modules ?? usualPrograms(commandLine).map((name) => ({ name }));
  const files = await Promise.all([kernel ?? { name: 'emergence' }, ...wanted].map(bytesOf));
  const got: Uint8Array[] = [];
  for (const bytes of files) {
    if (isProblem(bytes)) return bytes;
    got.push(bytes);
  }
  const [kernelBytes, ...rest] = got;
  if (kernelBytes === undefined) return problem('A file is missing', 'The link names no kernel.');
  return {
    kernel: kernelBytes,
    commandLine,
    modules: rest.map((bytes, n) => ({ name: wanted[n]?.name ?? '', bytes })),
  };
}

/** What the page has to know of the files that the machine boots where it stands. */
export function filesView(files: BootFiles): Pick<OpenedMachine, 'kernel' | 'commandLine' | 'modules' | 'edited'> {
  const edited: ProgramText[] = [];
  let plain = true;
  for (const { name, bytes } of files.modules) {
    const text = sources.get(bytes);
    if (text !== undefined) edited.push({ name: fileName(name), text });
    else if (loadedFile(fileName(name)) !== bytes) plain = false;
  }
  const own = loadedFile('emergence') === files.kernel;
  return {
    kernel: own ? null : files.kernel,
    commandLine: files.commandLine,
    modules: own && plain ? [] : files.modules,
    edited,
  };
}
