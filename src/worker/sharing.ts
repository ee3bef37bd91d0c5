/** Links and saved machines: which files they need not carry, and how the files they name are got. */
import type { History } from '../debugger/history/history.ts';
import { sourcesOf } from '../debugger/links/linkedKernel.ts';
import { knownOf, resolverOf } from '../debugger/links/resolve.ts';
import { type BootFiles, describeMachine, type ShareView } from '../debugger/links/share.ts';
import type { SharedMachine, SharedSources } from '../debugger/links/shared.ts';
import type { BootModule } from '../machine/loader/planBoot.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { assembled } from './assembled.ts';
import { nameOf } from './editedPrograms.ts';
import { builtFiles } from './keptFiles.ts';
import { kernelSources, programSources } from './programSources.ts';
import type { OpenedMachine, ProgramText } from './protocol.ts';

const kernelsOf = (history: History): readonly Uint8Array[] => [
  history.startFiles.kernel,
  ...history.events.flatMap(({ event }) => (event.kind === 'load' ? [event.kernel] : [])),
];

/** What links carry of the kernels that were made of changed sources. */
async function sharedKernels(history: History): Promise<ReadonlyMap<Uint8Array, SharedSources>> {
  const shared = new Map<Uint8Array, SharedSources>();
  for (const kernel of new Set(kernelsOf(history))) {
    const source = kernelSources.get(kernel);
    // Where the parts cannot be fetched, without a network, the bytes are carried.
    const sources = source && (await sourcesOf(builtFiles, kernel, source).catch(() => null));
    if (sources) shared.set(kernel, sources);
  }
  return shared;
}

const modulesOf = (history: History): readonly BootModule[] => [
  ...history.startFiles.modules,
  ...history.events.flatMap(({ event }) => (event.kind === 'load' ? event.modules : [])),
];

/** Keeps only sources that give their executables without anything else, such as another program they include. */
async function checkSources(modules: readonly BootModule[]): Promise<void> {
  for (const { name, bytes } of modules) {
    const text = programSources.get(bytes);
    if (text === undefined) continue;
    const again = await assembled(nameOf({ name }), text);
    if (isProblem(again) || !equal(again, bytes)) programSources.delete(bytes);
    else programSources.set(bytes, text);
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** What a link or file says of the machine where it stands. */
export async function describe(history: History, view: Omit<ShareView, 'hash'>): Promise<SharedMachine> {
  const modules = modulesOf(history);
  await checkSources(modules);
  const kernels = await sharedKernels(history);
  const known = await knownOf(
    builtFiles,
    modules,
    (_name, bytes) => programSources.get(bytes) ?? null,
    (kernel) => kernels.get(kernel) ?? null,
  );
  return describeMachine(history, known, { ...view, hash: true });
}

/** Everything that a shared machine boots. */
export const resolve = resolverOf(
  builtFiles,
  async (name, text) => {
    const made = await assembled(name, text);
    if (!isProblem(made)) programSources.set(made, text);
    return made;
  },
  ({ bytes, source }) => kernelSources.set(bytes, source),
);

/** What the page has to know of the files that the machine boots where it stands. */
export function filesView(
  files: BootFiles,
): Pick<OpenedMachine, 'kernel' | 'emergence' | 'commandLine' | 'modules' | 'edited'> {
  const edited: ProgramText[] = [];
  let plain = true;
  for (const { name, bytes } of files.modules) {
    const text = programSources.get(bytes);
    if (text !== undefined) edited.push({ name: nameOf({ name }), text });
    else if (!builtFiles.isPresent(nameOf({ name }), bytes)) plain = false;
  }
  const source = kernelSources.get(files.kernel);
  const own = source !== undefined || builtFiles.isPresent('emergence', files.kernel);
  return {
    kernel: own ? null : files.kernel,
    emergence: source === undefined ? null : { bytes: files.kernel, source },
    commandLine: files.commandLine,
    modules: own && plain ? [] : files.modules,
    edited,
  };
}
