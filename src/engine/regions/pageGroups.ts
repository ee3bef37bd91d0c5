/**
 * Which accesses of a region share a note of the page they went to last: those that reach memory through the same
 * registers, and thus are probably near each other.
 */
import { type MemoryOperand, NO_REGISTER, RIP_RELATIVE } from '../../isa/instruction.ts';
import type { Step } from './block.ts';

const PAGE = 4096;
const RSP = 4;
const FIRST_SEGMENT_WITH_BASE = 4;
/** Each may be read and written, which is noted apart. */
const MOST_GROUPS = 12;

/** Accesses by PUSH, POP, CALL, RET, and through RSP. */
export const STACK = `${RSP}`;

export function groupOf({ place, insn }: Step, { base, index, segment, disp, dispHigh }: MemoryOperand): string {
  const registers = [base, index].filter((register) => register !== NO_REGISTER);
  if (segment >= FIRST_SEGMENT_WITH_BASE) registers.push(100 + segment);
  // Without a register the page is known; with one, fields of a large structure are told apart.
  if (base === RIP_RELATIVE) return `${registers.join()} page ${Math.floor((place + insn.length + disp) / PAGE)}`;
  if (base === NO_REGISTER) return `${registers.join()} page ${dispHigh} ${Math.floor(disp / PAGE)}`;
  const far = Math.round(disp / PAGE);
  return far === 0 ? registers.join() : `${registers.join()} far ${far}`;
}

/** The groups with the most accesses. */
export function pageGroups(steps: readonly Step[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const add = (group: string): void => void counts.set(group, (counts.get(group) ?? 0) + 1);
  for (const step of steps) {
    if (step.definition.stack) add(STACK);
    for (const operand of step.insn.operands) if (operand.kind === 'mem') add(groupOf(step, operand));
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, MOST_GROUPS).map(([group]) => group));
}
