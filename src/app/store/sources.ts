import { create } from 'zustand';
import type { BuiltLine, CodeLine, MachineView, SourceLine } from '../../worker/protocol.ts';
import { isEditable, isProgram } from './programs.ts';
import { placeOf } from './sourcePlace.ts';

/** Bytes and address that one source line became; a line of C may have several stretches, the first is kept. */
export interface LineCode {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** Line number to code, per file. */
export type CodeByLine = Readonly<Record<string, ReadonlyMap<number, LineCode>>>;

export interface SourceState {
  /** Text by file; null for one that is not known to the machine. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly code: CodeByLine;
  /** Code of whole files of the present machine's kernel, where it has been asked for. */
  readonly lines: CodeByLine;
  /** Tabs, in order. */
  readonly files: readonly string[];
  readonly selected: string;
}

/** Files every Emergence kernel has; others join when the machine stops in them. */
export const kernelFiles = ['user/userprog.S', 'arch/x86_64/syscall_entry.S', 'arch/x86_64/syscall.c'] as const;

export const useSources = create<SourceState>()(() => ({
  texts: {},
  code: {},
  lines: {},
  files: kernelFiles,
  selected: kernelFiles[0],
}));

/** `known` with the lines of `code` added: instructions of one line follow each other, so their bytes are joined. */
export function addCode(known: CodeByLine, code: readonly CodeLine[]): CodeByLine {
  const files = new Map<string, Map<number, LineCode>>();
  let changed = false;
  let last: { readonly file: string; readonly line: number; readonly end: bigint } | null = null;
  for (const { source, address, bytes } of code) {
    if (source === null) {
      last = null;
      continue;
    }
    const lines = files.get(source.file) ?? new Map(known[source.file]);
    files.set(source.file, lines);
    const present = lines.get(source.line);
    const joins = last !== null && last.file === source.file && last.line === source.line && last.end === address;
    if (present === undefined || present.bytes.length === 0) {
      lines.set(source.line, { address, bytes });
      changed = true;
    } else if (joins && present.address + BigInt(present.bytes.length) === address) {
      lines.set(source.line, { address: present.address, bytes: Uint8Array.of(...present.bytes, ...bytes) });
      changed = true;
    }
    last = { file: source.file, line: source.line, end: address + BigInt(bytes.length) };
  }
  return changed ? { ...known, ...Object.fromEntries(files) } : known;
}

/** Tabs beyond the first ones; the one opened longest ago makes room. */
const visitedTabs = 4;

function withFile(files: readonly string[], file: string): readonly string[] {
  if (files.includes(file) || isProgram(file)) return files;
  const visited = [...files.slice(kernelFiles.length), file].slice(-visitedTabs);
  return [...files.slice(0, kernelFiles.length), ...visited];
}

/**
 * Follows the machine to where it stands: learns its code, opens and selects the file of its line. From a program it does
 * not go into the kernel that the program ended or waits in.
 */
export function showPlace(view: MachineView): void {
  useSources.setState((state) => {
    const code = addCode(state.code, view.code);
    const file = placeOf(view)?.file;
    const ended = view.state === 'off' || view.state === 'halted';
    if (file === undefined || (ended && isEditable(state.selected))) return { code };
    return { code, files: withFile(state.files, file), selected: file };
  });
}

/** Learns where the code of a line begins, before the line has been visited. */
export function noteLine({ file, line }: SourceLine, address: bigint): void {
  useSources.setState(({ code }) => {
    const lines = new Map(code[file]);
    if (!lines.has(line)) lines.set(line, { address, bytes: new Uint8Array() });
    return { code: { ...code, [file]: lines } };
  });
}

export function selectFile(file: string): void {
  useSources.setState(({ files }) => ({ files: withFile(files, file), selected: file }));
}

/** What the lines of kernel files have become; those of other files are forgotten. */
export function setKernelLines(lines: Readonly<Record<string, readonly BuiltLine[]>>): void {
  const byLine = Object.entries(lines).map(([file, built]) => [file, byNumber(built)] as const);
  useSources.setState({ code: {}, lines: Object.fromEntries(byLine) });
}

export function setFileLines(file: string, built: readonly BuiltLine[]): void {
  useSources.setState(({ lines }) => ({ lines: { ...lines, [file]: byNumber(built) } }));
}

const byNumber = (built: readonly BuiltLine[]): ReadonlyMap<number, LineCode> =>
  new Map(built.map(({ line, address, bytes }) => [line, { address, bytes }]));

/** Another machine may have been built from other sources. */
export function forgetSources(): void {
  useSources.setState(({ selected }) => ({
    texts: {},
    code: {},
    lines: {},
    files: kernelFiles,
    selected: isEditable(selected) ? selected : kernelFiles[0],
  }));
}

/** A program was replaced: its lines lie elsewhere now. */
export function forgetCode(): void {
  useSources.setState(({ code }) => ({
    code: Object.fromEntries(Object.entries(code).filter(([file]) => !isProgram(file))),
  }));
}

export function setSourceText(file: string, text: string | null): void {
  useSources.setState((state) => ({ texts: { ...state.texts, [file]: text } }));
}

/** Last part of a path, as a tab shows it. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
