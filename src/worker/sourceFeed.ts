/** Tells the page what the programs and the kernel were made of when a way through the history has led to others. */
import type { MachineSetup } from '../machine/machine.ts';
import { nameOf } from './editedPrograms.ts';
import { builtFiles } from './keptFiles.ts';
import { kernelSources, programSources } from './programSources.ts';
import type { MachineListener, SourcesView } from './protocol.ts';

type Files = Pick<MachineSetup, 'kernel' | 'modules'>;

function same(a: Files, b: Files): boolean {
  if (a === b) return true;
  const modules = a.modules.length === b.modules.length;
  return modules && a.kernel === b.kernel && a.modules.every(({ bytes }, n) => bytes === b.modules[n]?.bytes);
}

export function sourcesView({ kernel, modules }: Files): SourcesView {
  const source = kernelSources.get(kernel);
  return {
    programs: modules.flatMap((module): SourcesView['programs'] => {
      const name = nameOf(module);
      const text = programSources.get(module.bytes);
      if (text !== undefined) return [{ name, text }];
      return builtFiles.isPresent(name, module.bytes) ? [{ name, text: null }] : [];
    }),
    first: nameOf({ name: modules[0]?.name ?? '' }),
    ...(source !== undefined && { kernel: { bytes: kernel, source } }),
    ...(builtFiles.isPresent('emergence', kernel) && { kernel: null }),
  };
}

export class SourceFeed {
  private known: Files | undefined;

  /** The page knows what the machine has been given. */
  knows(files: Files): void {
    this.known = files;
  }

  tell(files: Files, listener: Pick<MachineListener, 'sources'>): void {
    const { known } = this;
    this.known = files;
    if (known !== undefined && !same(known, files)) listener.sources(sourcesView(files));
  }
}
