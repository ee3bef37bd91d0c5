/** From a history to what a link says of it, and back. */
import type { Position } from '../history/position.ts';
import { type Problem, isProblem, problem } from '../../machine/loader/problem.ts';
import { Machine, type MachineSetup } from '../../machine/machine.ts';
import type { HistoryEvent, RecordedEvent } from '../history/events.ts';
import { History, type Work } from '../history/history.ts';
import { contentHash } from './contentHash.ts';
import type { SharedEvent, SharedFile, SharedFiles, SharedMachine, SharedSources } from './shared.ts';

/** What a machine boots, with all bytes. */
export type BootFiles = Pick<MachineSetup, 'kernel' | 'commandLine' | 'modules'>;

/** What does not have to be sent along. */
export interface KnownFiles {
  /** True for a built file of this version, or of one that is kept. */
  readonly isBuilt: (bytes: Uint8Array) => boolean;
  /** The source text that these bytes were assembled from, or null. */
  readonly sourceOf: (name: string, bytes: Uint8Array) => string | null;
  /** The changed sources that this kernel was linked from, or null. */
  readonly sourcesOf: (kernel: Uint8Array) => SharedSources | null;
}

/** Files in as few words as possible. */
export function describeFiles({ kernel, commandLine, modules }: BootFiles, known: KnownFiles): SharedFiles {
  const describe = (name: string, bytes: Uint8Array): SharedFile => {
    if (known.isBuilt(bytes)) return { name, hash: contentHash(bytes) };
    const text = known.sourceOf(name, bytes);
    return text === null ? { name, bytes } : { name, text };
  };
  const sources = known.sourcesOf(kernel);
  return {
    kernel:
      sources === null
        ? describe(known.isBuilt(kernel) ? 'emergence' : 'kernel', kernel)
        : { name: 'emergence', sources },
    commandLine,
    modules: modules.map(({ name, bytes }) => describe(name, bytes)),
  };
}

function describeEvent(event: HistoryEvent, known: KnownFiles): SharedEvent {
  if (event.kind !== 'load') return event;
  const { label, restart } = event;
  return { kind: 'load', label, ...(restart !== undefined && { restart }), ...describeFiles(event, known) };
}

export interface ShareView {
  readonly microSteps: number;
  /** Where they are counted from; where the history stands when absent. */
  readonly position?: Position | undefined;
  readonly breakpoints: readonly bigint[];
  readonly panels: readonly string[];
  /** Take the state hash: it takes as long as reading all of memory. */
  readonly hash: boolean;
}

/** The history of the present branch and the place where the machine stands. */
export function describeMachine(history: History, known: KnownFiles, view: ShareView): SharedMachine {
  const { machine } = history;
  const { memoryBytes, cpu } = machine.setup;
  return {
    ...describeFiles(history.startFiles, known),
    memoryMiB: memoryBytes / 2 ** 20,
    cpu,
    events: history.events.map(({ at, event }) => ({ at, event: describeEvent(event, known) })),
    position: view.position ?? history.position,
    microSteps: view.microSteps,
    breakpoints: view.breakpoints,
    panels: view.panels,
    hash: view.hash ? machine.hash() : null,
  };
}

/** Gives the bytes of files: built ones loaded, sources assembled. */
export type Resolver = (files: SharedFiles) => Promise<BootFiles | Problem>;

export interface Opened {
  readonly history: History;
  /** Goes to the place where the machine stood. Answers with what went wrong, if anything. */
  readonly arrive: () => Work<Problem | undefined>;
}

const TITLE = 'This run cannot be repeated';

/** A machine at its start with the shared history before it, or why there can be none. */
export async function openMachine(shared: SharedMachine, resolve: Resolver): Promise<Opened | Problem> {
  const files = await resolve(shared);
  if (isProblem(files)) return files;
  const events: RecordedEvent[] = [];
  for (const { at, event } of shared.events) {
    if (event.kind !== 'load') {
      events.push({ at, event });
      continue;
    }
    const loaded = await resolve(event);
    if (isProblem(loaded)) return loaded;
    const { label, restart } = event;
    events.push({ at, event: { kind: 'load', label, ...(restart !== undefined && { restart }), ...loaded } });
  }
  const machine = create({ ...files, memoryBytes: shared.memoryMiB * 2 ** 20, cpu: shared.cpu });
  if (isProblem(machine)) return machine;
  const history = new History(machine);
  history.adopt(events, shared.position);
  return { history, arrive: () => arrive(history, shared) };
}

function create(setup: MachineSetup): Machine | Problem {
  try {
    return Machine.create(setup);
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    return problem('Not enough memory here', `The shared machine has ${setup.memoryBytes / 2 ** 20} MiB.`);
  }
}

function* arrive(history: History, shared: SharedMachine): Work<Problem | undefined> {
  try {
    yield* history.seek(shared.position);
  } catch (e) {
    if (!(e instanceof Error)) throw e;
    return problem(TITLE, 'Its instructions lead elsewhere on this version of the machine, or the link is damaged.');
  }
  if (shared.microSteps === 0 && shared.hash !== null && history.machine.hash() !== shared.hash) {
    return problem(TITLE, 'It stands where it was shared, but the state there is another one on this version.');
  }
  return undefined;
}
