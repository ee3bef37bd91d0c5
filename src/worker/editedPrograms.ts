/** Puts programs that a person edits among the boot modules. */
import type { BootModule } from '../machine/loader/planBoot.ts';
import type { ModuleFile } from './protocol.ts';

/** A module string's first word is the file name. */
export const nameOf = (module: Pick<ModuleFile, 'name'>): string => module.name.split(' ', 1)[0] ?? '';

/** True when the command line says which program is process 1; otherwise it is the first module. */
export function choosesProgram(commandLine: string): boolean {
  return /(^|\s)init=/.test(commandLine);
}

/** `modules` with `edited` in place of those of the same names, arguments kept, and in front when the first one runs. */
export function withEdited(
  modules: readonly BootModule[],
  edited: readonly ModuleFile[],
  commandLine: string,
): readonly BootModule[] {
  if (edited.length === 0) return modules;
  const byName = new Map(edited.map((program) => [nameOf(program), program.bytes]));
  const taken = modules.map(({ name, bytes }) => ({ name, bytes: byName.get(nameOf({ name })) ?? bytes }));
  const present = new Set(modules.map(nameOf));
  const added = edited.filter((program) => !present.has(nameOf(program)));
  if (choosesProgram(commandLine)) return [...taken, ...added];
  const first = nameOf(edited[0] as ModuleFile);
  const all = [...taken, ...added];
  return [...all.filter((m) => nameOf(m) === first), ...all.filter((m) => nameOf(m) !== first)];
}
