/** The Emergence kernel from its assembly and the objects of its C sources, in the steps of src/kernel/build.sh. */
import {
  assemble,
  type Assembled,
  isRejected,
  type Linked,
  type LinkInput,
  link,
  type Problem,
} from '../../assembler/index.ts';
import { SymbolTable } from '../symbols/symbolTable.ts';
import { parseElf } from '../../machine/loader/elf.ts';
import { readElfSymbols } from '../../machine/loader/elfSymbols.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { linesOf, loadedBytes } from './lines.ts';
import type { KernelParts } from './parts.ts';
import type { BuiltLine, KernelAnswer } from './views.ts';

interface Failed {
  readonly problems: readonly Problem[];
}

/** Sources that were assembled before: while one is edited the others stay as they are. */
export type AssembledCache = Map<string, { readonly text: string; readonly made: Assembled }>;

const SYMBOL_TABLE = 'symbol table';
const SHF_EXECINSTR = 4n;
/** The names of code linked where it is loaded, below, are of no use to a kernel that runs above. */
const HIGH = 0xffffffff_00000000n;

/** Never throws for what a source says: what is wrong with it is in the answer. */
export function buildKernel(parts: KernelParts, cache: AssembledCache = new Map()): KernelAnswer {
  const problems: Problem[] = [];
  const inputs: LinkInput[] = [];
  for (const [file, text] of parts.sources) {
    const known = cache.get(file);
    const made = known?.text === text ? known.made : assembled(file, text, parts.headers);
    if (isRejected(made)) {
      problems.push(...made.problems);
      continue;
    }
    cache.set(file, { text, made });
    inputs.push({ name: file, object: made.object, listing: made.listing });
  }
  if (problems.length > 0) return { ok: false, problems };
  for (const { name, bytes } of parts.objects) inputs.push({ name, object: bytes });
  const linked = linkWithSymbols(inputs, parts.script);
  if ('problems' in linked) return { ok: false, problems: linked.problems };
  const loaded = loadedBytes(linked.program);
  const lines = compiledLines(linked.program);
  for (const { name, listing } of inputs) {
    if (listing !== undefined) lines[name] = linesOf(listing, linked.sections, name, loaded);
  }
  return { ok: true, build: { kernel: linked.program, lines } };
}

/** Where the lines of the C sources begin; a line is many instructions, whose bytes nobody looks at. */
function compiledLines(kernel: Uint8Array): Record<string, readonly BuiltLine[]> {
  const elf = parseElf(kernel);
  if (isProblem(elf)) return {};
  const table = new SymbolTable(elf);
  const files = table.files.filter((file) => file.endsWith('.c'));
  return Object.fromEntries(
    files.map((file) => [
      file,
      table.linesWithCode(file).map((line) => {
        return { line, address: table.addressesOf(file, line)[0] ?? 0n, bytes: new Uint8Array(0) };
      }),
    ]),
  );
}

function assembled(file: string, text: string, headers: KernelParts['headers']) {
  return assemble(text, { fileName: file, include: (path) => headers[path] ?? null, lineTable: true });
}

/**
 * Links twice, the second time with the table of the names and addresses that the first link gave. The table lies behind
 * the code, whose addresses it does not change.
 */
function linkWithSymbols(inputs: readonly LinkInput[], script: string): Linked | Failed {
  const linkedWith = (names: readonly CodeName[]): Linked | Failed => {
    const table = assemble(symbolTable(names), { fileName: `${SYMBOL_TABLE}.s` });
    if (isRejected(table)) return table;
    return link([...inputs, { name: SYMBOL_TABLE, object: table.object }], { script, scriptName: 'kernel.ld' });
  };
  const first = linkedWith([]);
  return 'problems' in first ? first : linkedWith(codeNames(first.program));
}

interface CodeName {
  readonly name: string;
  readonly address: bigint;
}

/** Names of the kernel's code by address, as `nm -n` lists them. */
function codeNames(program: Uint8Array): readonly CodeName[] {
  const elf = parseElf(program);
  if (isProblem(elf)) return [];
  const isCode = (section: number): boolean => ((elf.sections[section]?.flags ?? 0n) & SHF_EXECINSTR) !== 0n;
  return readElfSymbols(elf)
    .filter(({ kind, section, address }) => kind !== 'section' && kind !== 'file' && isCode(section) && address >= HIGH)
    .sort((a, b) => Number(a.address - b.address) || (a.name < b.name ? -1 : 1));
}

function symbolTable(names: readonly CodeName[]): string {
  const entries = names.map(
    ({ name, address }) =>
      `.quad 0x${address.toString(16)}, 9f\n.section .rodata.names\n9: .asciz "${name}"\n.section .rodata\n`,
  );
  return `.section .rodata\n.balign 8\n.globl symbol_table, symbol_table_end\nsymbol_table:\n${entries.join('')}symbol_table_end:\n`;
}
