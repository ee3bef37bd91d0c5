/**
 * Going back to the moment before a kernel reads one of its boot modules, with other bytes in that module. The kernel has
 * booted with a file of this name and length but has not looked into it, so it goes on as if it had been given the new one.
 */
import { RAM } from '../cpu/layout.ts';
import { PageUse } from '../cpu/tlb.ts';
import type { LoadedModule } from './loader/bootInfo.ts';
import type { BootModule, BootPlan } from './loader/planBoot.ts';
import type { Machine, MachineSetup } from './machine.ts';
import type { MachineSnapshot } from './snapshot.ts';

const PAGE = 4096;
const WORDS = PAGE / 4;
/** Instructions within which a kernel has to read the module; one that takes longer is booted in full every time. */
const WITHIN = 5_000_000;

/** A machine that is about to read a module, without that module's bytes. */
export interface RestartPoint {
  readonly module: LoadedModule;
  /** Its counters begin with 0 at the reset. */
  readonly machine: MachineSnapshot;
  /** Guest time since the reset. */
  readonly now: number;
  /** Pages of RAM that are not all zero, by number. */
  readonly pages: ReadonlyMap<number, Int32Array>;
  /** What the kernel had sent by then. */
  readonly serial: Uint8Array;
}

/** The result of a search, undefined when there is no such place, and what it was found with. */
export interface FoundPoint {
  readonly setup: MachineSetup;
  readonly name: string;
  readonly point: RestartPoint | undefined;
}

/** A module string's first word is the file name. */
const fileName = ({ name }: { readonly name: string }): string => name.split(' ', 1)[0] ?? '';

export const moduleIndex = (modules: readonly BootModule[], name: string): number =>
  modules.findIndex((module) => fileName(module) === name);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** True when a machine booted with `setup` comes to the same point, whatever the module holds. */
export function holdsFor(found: FoundPoint, setup: MachineSetup, name: string): boolean {
  const { modules, kernel, commandLine } = found.setup;
  return (
    found.name === name &&
    commandLine === setup.commandLine &&
    modules.length === setup.modules.length &&
    modules.every((module, n) => {
      const other = setup.modules[n] as BootModule;
      if (module.name !== other.name) return false;
      return fileName(module) === name
        ? module.bytes.length === other.bytes.length
        : sameBytes(module.bytes, other.bytes);
    }) &&
    sameBytes(kernel, setup.kernel)
  );
}

const pagesOf = ({ start, end }: LoadedModule): readonly number[] => {
  const first = start >>> 12;
  return Array.from({ length: ((end - 1) >>> 12) - first + 1 }, (_, n) => first + n);
};

/**
 * Boots the machine, which is standing after its reset, up to the point, and gives it; undefined when the kernel does not
 * read the module soon. `again` resets it once more. The machine is left somewhere behind its reset.
 */
export function findRestartPoint(machine: Machine, name: string, again: () => void): RestartPoint | undefined {
  const module = machine.plan.modules[moduleIndex(machine.setup.modules, name)];
  if (module === undefined || module.end <= module.start) return undefined;
  const { tlb } = machine.cpu;
  const watched = pagesOf(module);
  let [met, readAt] = [false, 0];
  tlb.onWatched = () => {
    if (met) return;
    machine.requestStop();
    [met, readAt] = [true, machine.count];
  };
  try {
    for (const page of watched) tlb.mark(page, PageUse.watched);
    tlb.flush();
    machine.run(WITHIN, 0);
    // The very instruction that reads: where the run comes to stop depends on how the engine groups instructions.
    for (let count = readAt; met && count > 0; count >>= 1) {
      const sent: number[] = [];
      again();
      machine.onSerial = (byte) => sent.push(byte);
      met = false;
      // The last reader of the module may have left its translations.
      tlb.flush();
      machine.run(count, 0);
      if (!met && machine.retired === count) return keep(machine, module, Uint8Array.from(sent));
    }
    return undefined;
  } finally {
    tlb.onWatched = () => undefined;
    for (const page of watched) tlb.unmark(page, PageUse.watched);
  }
}

function keep(machine: Machine, module: LoadedModule, serial: Uint8Array): RestartPoint {
  const { words } = machine.cpu.memory;
  const own = new Set(pagesOf(module));
  const pages = new Map<number, Int32Array>();
  for (const page of machine.cpu.tlb.written) {
    const from = (RAM + page * PAGE) >> 2;
    const content = words.subarray(from, from + WORDS);
    if (!own.has(page) && content.some((word) => word !== 0)) pages.set(page, content.slice());
  }
  return { module, machine: machine.snapshot(), now: machine.now(), pages, serial };
}

/** Puts RAM to what it held at the point, with the module's bytes of `plan`. Returns the pages it changed. */
export function putMemory(machine: Machine, point: RestartPoint, plan: BootPlan): number[] {
  const { memory, tlb } = machine.cpu;
  const { words } = memory;
  const bytes = plan.writes.find(({ physicalAddress }) => physicalAddress === point.module.start)?.bytes;
  const zeros = new Int32Array(WORDS);
  const changed: number[] = [];
  const put = (page: number, content: Int32Array): void => {
    const from = (RAM + page * PAGE) >> 2;
    let at = 0;
    while (at < WORDS && words[from + at] === content[at]) at++;
    if (at === WORDS) return;
    tlb.beforeWrite(page);
    words.set(content, from);
    changed.push(page);
  };
  const module = new Map(
    pagesOf(point.module).map((page, n) => {
      const content = new Uint8Array(PAGE);
      content.set(bytes?.subarray(n * PAGE, (n + 1) * PAGE) ?? []);
      return [page, new Int32Array(content.buffer)] as const;
    }),
  );
  // All pages that can hold anything are among those written so far, and these only become more.
  for (let n = 0; n < tlb.written.length; n++) {
    const page = tlb.written[n] as number;
    put(page, module.get(page) ?? point.pages.get(page) ?? zeros);
  }
  for (const [page, content] of [...point.pages, ...module]) put(page, content);
  return changed;
}
