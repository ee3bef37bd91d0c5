/** The kernel's own assembly: a change makes another kernel, which the machine boots. */
import { buildKernel } from './assembler.ts';
import { report, swapKernel } from './commands.ts';
import { useMachine } from './machine.ts';
import { isKernelAssembly, type ProgramsState, usePrograms } from './programs.ts';
import { setKernelLines, type SourceState, useSources } from './sources.ts';
import { swapNext } from './swapping.ts';

/** Sources of the kernel that are not as they were built, as far as the built ones are known. */
export function changedSources(
  { programs }: Pick<ProgramsState, 'programs'>,
  { texts }: Pick<SourceState, 'texts'>,
): Readonly<Record<string, string>> {
  const changed = Object.entries(programs).filter(([file, { text }]) => isKernelAssembly(file) && text !== texts[file]);
  return Object.fromEntries(changed.map(([file, { text }]) => [file, text]));
}

const presentChanges = (): Readonly<Record<string, string>> =>
  changedSources(usePrograms.getState(), useSources.getState());

const sameTexts = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([file, text]) => b[file] === text);

/** Assembles and links the kernel with the present texts; `edited` is the one looked at. With `run` it is booted. */
export async function assembleKernel(edited: string, run: boolean): Promise<void> {
  const texts = presentChanges();
  const looked = { ...texts, [edited]: usePrograms.getState().programs[edited]?.text };
  const { answer, parts } = await buildKernel({ texts, parts: usePrograms.getState().kernelSource?.parts ?? null });
  if (!sameTexts(texts, presentChanges())) return;
  usePrograms.setState(({ pending, problems, builds }) => ({
    pending: pending === edited ? null : pending,
    problems: { ...problems, ...problemsByFile(Object.keys(looked), answer.ok ? [] : answer.problems, edited) },
    builds: answer.ok ? { ...builds, ...buildsOf(looked, answer.build.lines) } : builds,
  }));
  if (!answer.ok) return;
  const kernel = Object.keys(texts).length === 0 ? null : answer.build.kernel;
  if (!run || useMachine.getState().setup.kernel !== null || sameKernel(kernel)) return;
  const source = { parts, texts };
  usePrograms.setState({ kernel, kernelSource: kernel === null ? null : source });
  setKernelLines(answer.build.lines);
  await swapNext(() =>
    swapKernel(kernel && { bytes: kernel, source }, usePrograms.getState().runAfterEdit ? 'run' : 'first-syscall'),
  );
}

function sameKernel(kernel: Uint8Array | null): boolean {
  const present = usePrograms.getState().kernel;
  if (kernel === null || present === null) return kernel === present;
  return kernel.length === present.length && kernel.every((byte, i) => byte === present[i]);
}

type Problems = ProgramsState['problems'];

/** Problems beside their sources; those of no source that was changed are the edited one's. */
function problemsByFile(files: readonly string[], problems: Problems[string], edited: string): Problems {
  const found: Record<string, Problems[string][number][]> = Object.fromEntries(files.map((file) => [file, []]));
  for (const problem of problems) (found[problem.file] ?? found[edited])?.push(problem);
  return found;
}

function buildsOf(
  texts: Readonly<Record<string, string | undefined>>,
  lines: SourceLines,
): Record<string, ProgramsState['builds'][string]> {
  const built: Record<string, ProgramsState['builds'][string]> = {};
  for (const [file, text] of Object.entries(texts)) {
    const own = lines[file];
    if (text === undefined || own === undefined) continue;
    const size = own.reduce((sum, { bytes }) => sum + bytes.length, 0);
    built[file] = { executable: new Uint8Array(0), size, lines: own, text };
  }
  return built;
}

type SourceLines = Parameters<typeof setKernelLines>[0];

/** Puts the sources back to what was built, each as one edit that the editor can undo. */
export async function backToBuiltKernel(files = Object.keys(presentChanges())): Promise<void> {
  const { texts } = useSources.getState();
  for (const file of files) {
    const text = texts[file];
    if (typeof text !== 'string') {
      report({ title: `${file} is not at hand`, detail: 'Open it, then try again.' });
      continue;
    }
    usePrograms.setState(({ programs }) => ({
      programs: { ...programs, [file]: { ...programs[file], text, revision: (programs[file]?.revision ?? 0) + 1 } },
    }));
  }
  const [file] = files;
  if (file !== undefined) await assembleKernel(file, true);
}
