/** Kernels that links carry as changes of sources: linked from what is kept of the build that they were changed in. */
import { withTexts } from '../building/parts.ts';
import type { KernelSource } from '../building/views.ts';
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';
import type { BuiltFiles } from './builtFiles.ts';
import type { SharedSources } from './shared.ts';
import { changed, changeOf } from './sourceChanges.ts';

const TITLE = 'The changed kernel of the link cannot be linked';

export interface LinkedKernel {
  readonly bytes: Uint8Array;
  readonly source: KernelSource;
}

/** The last ones that were linked: a history of edits names each of them again and again. */
const made = new Map<string, LinkedKernel>();
const KEPT = 8;

/** The kernel that changes of sources make, or why there is none. */
export async function linkedKernel(built: BuiltFiles, sources: SharedSources): Promise<LinkedKernel | Problem> {
  const key = JSON.stringify(sources);
  const before = made.get(key);
  if (before !== undefined) return before;
  const parts = await built.parts(sources.parts);
  if (isProblem(parts)) return parts;
  const texts: Record<string, string> = {};
  for (const change of sources.changes) {
    const text = changed(parts.sources.get(change.path) ?? '', change);
    if (text === null || !parts.sources.has(change.path))
      return problem(TITLE, 'It changes a source that is not there.');
    texts[change.path] = text;
  }
  const { buildKernel } = await import('../building/kernel.ts');
  const answer = buildKernel(withTexts(parts, texts));
  if (!answer.ok) {
    const [first] = answer.problems;
    // What is wrong would be told with words of the link.
    const where =
      first === undefined ? 'it' : `line ${first.line} of ${parts.sources.has(first.file) ? first.file : 'a source'}`;
    return problem(TITLE, `This version of the page refuses ${where}.`);
  }
  const linked = { bytes: answer.build.kernel, source: { parts: sources.parts, texts } };
  made.set(key, linked);
  const [oldest] = made.keys();
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
  return linked;
}

/** What a link has to carry of a kernel made from these sources; null when that would not give the same bytes again. */
export async function sourcesOf(
  built: BuiltFiles,
  kernel: Uint8Array,
  { parts, texts }: KernelSource,
): Promise<SharedSources | null> {
  const known = await built.parts(parts);
  if (isProblem(known)) return null;
  const changes = Object.keys(texts)
    .sort()
    .map((path) => changeOf(path, known.sources.get(path) ?? '', texts[path] ?? ''));
  const again = await linkedKernel(built, { parts, changes });
  if (isProblem(again) || again.bytes.length !== kernel.length) return null;
  return again.bytes.every((byte, n) => byte === kernel[n]) ? { parts, changes } : null;
}
