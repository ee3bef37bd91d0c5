/** A user program from its source: assembled, linked, and told line by line. */
import { assemble, isRejected, link } from '../assembler/index.ts';
import type { LinkedSection, ListingLine } from '../assembler/index.ts';
import { filledUp } from '../debugger/links/filledUp.ts';
import type { BuildAnswer, BuildRequest, BuiltLine } from './editing.ts';

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
  const lines = linesOf(assembled.listing, linked.sections, file, memoryOf(linked.program));
  const size = lines.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { ok: true, build: { executable: filledUp(linked.program), size, lines } };
}

/** Reads bytes of an ELF64 executable by the addresses they are loaded at. */
function memoryOf(program: Uint8Array): (address: bigint, length: number) => Uint8Array {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const table = Number(view.getBigUint64(32, true));
  const segments = Array.from({ length: view.getUint16(56, true) }, (_, n) => {
    const at = table + n * view.getUint16(54, true);
    return {
      offset: Number(view.getBigUint64(at + 8, true)),
      address: view.getBigUint64(at + 16, true),
      size: view.getBigUint64(at + 32, true),
    };
  });
  return (address, length) => {
    const segment = segments.find((s) => address >= s.address && address < s.address + s.size);
    if (segment === undefined) return new Uint8Array(0);
    const at = segment.offset + Number(address - segment.address);
    return program.slice(at, at + length);
  };
}

/** The listing with addresses and bytes as linked. Lines of one number (statements of a macro) become one. */
function linesOf(
  listing: readonly ListingLine[],
  sections: readonly LinkedSection[],
  file: string,
  memory: (address: bigint, length: number) => Uint8Array,
): BuiltLine[] {
  const places = new Map(sections.map(({ section, address }) => [section, address]));
  const lines: BuiltLine[] = [];
  for (const entry of listing) {
    const base = places.get(entry.section);
    if (entry.file !== file || base === undefined || entry.bytes.length === 0) continue;
    const address = base + BigInt(entry.address);
    const bytes = memory(address, entry.bytes.length);
    const last = lines.at(-1);
    if (last?.line === entry.line && last.address + BigInt(last.bytes.length) === address) {
      lines[lines.length - 1] = { ...last, bytes: Uint8Array.of(...last.bytes, ...bytes) };
    } else if (bytes.length > 0) lines.push({ line: entry.line, address, bytes });
  }
  return lines;
}
