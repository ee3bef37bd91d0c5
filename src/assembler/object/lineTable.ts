import type { ListingLine } from '../assemble.ts';
import { ByteBuffer, writeInteger } from './byteBuffer.ts';
import { lebBytes } from './leb.ts';
import { type Relocation, RelocationType } from './relocation.ts';
import type { SectionContents } from './resolve.ts';
import { Section, SectionFlag, SectionType } from './section.ts';
import type { AssemblerSymbol } from './symbol.ts';

/** Opcodes of the line number program (DWARF 4, 6.2.5). */
const Op = { copy: 1, advancePc: 2, advanceLine: 3, setFile: 4 } as const;
const Extended = { endSequence: 1, setAddress: 2 } as const;
/** Operands of the standard opcodes 1 to 12 (DWARF 4, 6.2.4). */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const VERSION = 4;

/** `.debug_line` of the code in a listing: which line of which file each instruction comes from. */
export function lineTable(
  listing: readonly ListingLine[],
  contents: readonly SectionContents[],
  symbolOf: (section: Section) => AssemblerSymbol,
): SectionContents | null {
  const code = contents.filter(({ section }) => (section.flags & SectionFlag.exec) !== 0);
  const files = [...new Set(listing.map(({ file }) => file))];
  const program = new ByteBuffer();
  const relocations: Relocation<AssemblerSymbol>[] = [];
  header(program, files);
  const before = program.length;
  for (const { section } of code) {
    const lines = listing.filter(
      (line) => line.isInstruction && line.section === section.name && line.bytes.length > 0,
    );
    const first = lines[0];
    if (first === undefined) continue;
    program.pushAll([0, 9, Extended.setAddress]);
    const symbol = symbolOf(section);
    symbol.used = true;
    relocations.push({
      offset: program.length,
      type: RelocationType.abs64,
      symbol,
      addend: BigInt(first.address),
    });
    program.fill(0, 8);
    sequence(program, lines, files, section.size);
  }
  if (program.length === before) return null;
  writeInteger(program.bytes, 0, BigInt(program.length - 4), 4);
  const section = new Section('.debug_line', contents.length, SectionType.progbits, 0);
  section.size = program.length;
  return { section, bytes: program.view().slice(), relocations };
}

function header(out: ByteBuffer, files: readonly string[]): void {
  out.pushInteger(0n, 4);
  out.pushInteger(BigInt(VERSION), 2);
  const lengthAt = out.length;
  out.pushInteger(0n, 4);
  const from = out.length;
  // Shortest instruction, operations per instruction, is_stmt, line base and range (no special opcode is used).
  out.pushAll([1, 1, 1, 0, 1, OPERANDS.length + 1, ...OPERANDS]);
  // No directories: the files' names are whole paths.
  out.push(0);
  for (const file of files) out.pushAll([...new TextEncoder().encode(file), 0, 0, 0, 0]);
  out.push(0);
  writeInteger(out.bytes, lengthAt, BigInt(out.length - from), 4);
}

function sequence(out: ByteBuffer, lines: readonly ListingLine[], files: readonly string[], end: number): void {
  let [address, line, file] = [lines[0]?.address ?? 0, 1, 1];
  const advance = (to: number): void => {
    if (to > address) out.pushAll([Op.advancePc, ...lebBytes(BigInt(to - address), false)]);
    address = to;
  };
  for (const entry of lines) {
    const number = files.indexOf(entry.file) + 1;
    if (number === file && entry.line === line && entry !== lines[0]) continue;
    if (number !== file) out.pushAll([Op.setFile, ...lebBytes(BigInt(number), false)]);
    if (entry.line !== line) out.pushAll([Op.advanceLine, ...lebBytes(BigInt(entry.line - line), true)]);
    advance(entry.address);
    out.push(Op.copy);
    [line, file] = [entry.line, number];
  }
  advance(end);
  out.pushAll([0, 1, Extended.endSequence]);
}
