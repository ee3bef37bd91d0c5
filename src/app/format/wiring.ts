/** What a micro-step reads and writes, by the names under which the panels show it, and what is joined to what. */
import { bitsOf } from '../../registers/extract.ts';
import { rflags } from '../../registers/rflags.ts';
import type { MicrocodeView, MicroStepView, SeenView } from '../../worker/protocol.ts';
import { boxName } from './drawing.ts';

/** Why a shown part is lit: it is read, written, left alone on purpose, or made a check fail. */
export type Role = 'source' | 'target' | 'kept' | 'guilty';

export interface Wire {
  /** Names of parts: where it leaves and where it arrives. */
  readonly from: string;
  readonly to: string;
}

export interface Wiring {
  /** Names of parts with their roles. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly wires: readonly Wire[];
}

type Code = Pick<MicrocodeView, 'steps' | 'position' | 'memory'>;

export const NOTHING_WIRED: Wiring = { roles: new Map(), wires: [] };

/** The name of eight bytes at a linear address, wherever they are shown. */
export const linearPart = (address: bigint): string => `linear ${BigInt.asUintN(64, address).toString(16)}`;

/** The step that has just been made, or the one that failed; none before the first. */
export function stepAtLarge({ steps, position }: Pick<Code, 'steps' | 'position'>): MicroStepView | null {
  return steps.find(({ state }) => state === 'failed') ?? steps[position - 1] ?? null;
}

/** Where the panels show what a step calls by this name. An entry in memory is shown as a whole. */
function partName(name: string, memory: readonly SeenView[]): string {
  const seen = memory.find((one) => one.name === boxName(name));
  if (seen === undefined) {
    // What stands behind the instruction is reckoned from RIP.
    if (name === 'next RIP') return 'rip';
    return name.startsWith('IA32_') ? name : name.replace(/^[A-Za-z]+/, (letters) => letters.toLowerCase());
  }
  const word = seen.form === 'words' ? seen.words.findIndex((one) => `${seen.name}.${one.name}` === name) : 0;
  return linearPart(seen.address + BigInt(Math.max(word, 0) * 8));
}

/** Flags that a mask strikes, and the bits of the mask that do. */
function struck({ name, mask }: NonNullable<MicroStepView['strikes']>): readonly string[] {
  const hit = rflags.fields.filter(({ high, low }) => bitsOf(BigInt(mask >>> 0), high, low) !== 0n);
  return hit.flatMap((field) => [`${name}.${field.name}`, `rflags.${field.name}`]);
}

/** Two fields of one entry are shown as that entry: joined once, and never to itself. */
function distinct(wires: readonly Wire[]): readonly Wire[] {
  return [...new Map(wires.map((wire) => [`${wire.from} ${wire.to}`, wire])).values()].filter(
    ({ from, to }) => from !== to,
  );
}

/** What is lit and joined after `position` steps. */
export function wiringOf(code: Code): Wiring {
  const step = stepAtLarge(code);
  if (step === null) return NOTHING_WIRED;
  const part = (name: string): string => partName(name, code.memory);
  const roles = new Map<string, Role>();
  const failed = step.state === 'failed';
  const guilty = new Set(failed ? (step.guilty ?? step.from) : []);
  for (const name of step.from) {
    if (roles.get(part(name)) !== 'guilty') roles.set(part(name), guilty.has(name) ? 'guilty' : 'source');
  }
  for (const name of step.to) roles.set(part(name), step.kind === 'keeps' ? 'kept' : 'target');
  if (failed) return { roles, wires: [] };
  const wires = distinct(step.flows.map(({ from, to }) => ({ from: part(from), to: part(to) })));
  const [mask] = step.from;
  if (step.strikes === null || mask === undefined) return { roles, wires };
  // The bits are lit, not all of both registers.
  roles.delete(part(mask));
  roles.delete('rflags');
  for (const name of struck(step.strikes)) roles.set(name, name.startsWith('rflags.') ? 'target' : 'source');
  return { roles, wires: [...wires, { from: part(mask), to: 'rflags' }] };
}

/** The role of a shown part; a range of a register's bits lights the register where it is shown as a whole. */
export function roleOf({ roles }: Wiring, part: string): Role | undefined {
  const exact = roles.get(part);
  if (exact !== undefined || roles.size === 0) return exact;
  for (const [name, role] of roles) if (name.startsWith(`${part}[`)) return role;
  return undefined;
}
