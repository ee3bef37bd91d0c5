/** A user program from its source: assembled, linked, and told line by line. */
import { assemble, isRejected, link } from '../../assembler/index.ts';
import { filledUp } from '../links/filledUp.ts';
import { linesOf, loadedBytes } from './lines.ts';
import type { BuildAnswer, BuildRequest } from './views.ts';

/** Finds what a program includes: the person's other files by name, then `headers` by name. */
function finder({ others }: BuildRequest, headers: Readonly<Record<string, string>>): (path: string) => string | null {
  const own = new Map(Object.entries(others).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]));
  return (path) => own.get(path.slice(path.lastIndexOf('/') + 1)) ?? headers[path] ?? null;
}

/** Never throws for what a source says: what is wrong with it is in the answer. */
export function buildProgram(request: BuildRequest, headers: Readonly<Record<string, string>>): BuildAnswer {
  const { file, text } = request;
  const assembled = assemble(text, { fileName: file, include: finder(request, headers) });
  if (isRejected(assembled)) return { ok: false, problems: assembled.problems };
  const linked = link([{ name: file, object: assembled.object, listing: assembled.listing }]);
  if ('problems' in linked) return { ok: false, problems: linked.problems };
  const lines = linesOf(assembled.listing, linked.sections, file, loadedBytes(linked.program));
  const size = lines.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { ok: true, build: { executable: filledUp(linked.program), size, lines } };
}
