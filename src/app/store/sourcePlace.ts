/** Where a machine stands in a program that was assembled in the page, which has no debug information of its own. */
import type { MachineView, SourceLine } from '../../worker/protocol.ts';
import { type BuiltProgram, changedLines, usePrograms } from './programs.ts';
import type { LineCode } from './sources.ts';

/** The line of a build that holds the instruction at RIP: the same bytes at the same address. */
export function lineIn(build: BuiltProgram, view: MachineView): number | null {
  const { rip } = view.registers;
  const made = build.lines.find(({ address, bytes }) => address <= rip && rip < address + BigInt(bytes.length));
  const here = view.code[view.codeIndex];
  if (made === undefined || here === undefined || here.address !== rip) return null;
  const at = Number(rip - made.address);
  return here.bytes.every((byte, i) => made.bytes[at + i] === undefined || made.bytes[at + i] === byte)
    ? made.line
    : null;
}

/** File and line of the instruction at RIP: by the kernel's debug information, else by what the page assembled. */
export function placeOf(view: MachineView): SourceLine | null {
  if (view.source !== null) return view.source;
  const { builds, running } = usePrograms.getState();
  const build = builds[running];
  const line = build === undefined ? null : lineIn(build, view);
  return line === null ? null : { file: running, line };
}

/** Address and bytes by line, as far as the lines still are what they were when it was assembled. */
export function codeOf(build: BuiltProgram, text: string): ReadonlyMap<number, LineCode> {
  const { from, to, count } = changedLines(build.text, text);
  const moved = count - (to - from + 1);
  const code = new Map<number, LineCode>();
  for (const { line, address, bytes } of build.lines) {
    const now = line < from ? line : line > to ? line + moved : null;
    if (now !== null && !code.has(now)) code.set(now, { address, bytes });
  }
  return code;
}
