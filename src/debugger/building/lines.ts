/** Which bytes at which addresses the lines of a source became. */
import type { LinkedSection, ListingLine } from '../../assembler/index.ts';
import type { BuiltLine } from './views.ts';

/** Reads bytes of an ELF64 executable by the addresses they are loaded at. */
export type LoadedBytes = (address: bigint, length: number) => Uint8Array;

export function loadedBytes(program: Uint8Array): LoadedBytes {
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

/** The listing of a file with addresses and bytes as linked. Lines of one number (statements of a macro) become one. */
export function linesOf(
  listing: readonly ListingLine[],
  sections: readonly LinkedSection[],
  file: string,
  loaded: LoadedBytes,
): BuiltLine[] {
  const own = sections.filter((section) => section.file === file);
  const places = new Map(own.map(({ section, address }) => [section, address]));
  const lines: BuiltLine[] = [];
  for (const entry of listing) {
    const base = places.get(entry.section);
    if (entry.file !== file || base === undefined || entry.bytes.length === 0) continue;
    const address = base + BigInt(entry.address);
    const bytes = loaded(address, entry.bytes.length);
    const last = lines.at(-1);
    if (last?.line === entry.line && last.address + BigInt(last.bytes.length) === address) {
      lines[lines.length - 1] = { ...last, bytes: Uint8Array.of(...last.bytes, ...bytes) };
    } else if (bytes.length > 0) lines.push({ line: entry.line, address, bytes });
  }
  return lines;
}
