/** Which flags nobody can see: overwritten before anything reads them and before the region can be left. */
import type { Step } from './block.ts';

/** Definitions that may hand over to a routine. */
const MAY_HAND_OVER = new Set(['div', 'idiv']);
const SHIFTS = new Set(['shl', 'shr', 'sar']);

function mayLeave({ insn, definition }: Step): boolean {
  if (definition.stack || definition.vector || definition.ends !== undefined || MAY_HAND_OVER.has(definition.op))
    return true;
  return definition.op !== 'lea' && definition.op !== 'nop' && insn.operands.some(({ kind }) => kind === 'mem');
}

/** Whether it sets all six flags, whatever they were. A shift by 0 changes none. */
export function setsAll({ insn, definition }: Step): boolean {
  if (definition.flags === 'sets') return true;
  const count = insn.operands[1];
  if (!SHIFTS.has(definition.op) || count?.kind !== 'imm') return false;
  return (count.low & (insn.operands[0]?.kind === 'reg' && insn.operands[0].bits === 64 ? 63 : 31)) !== 0;
}

/** For each step of a block: whether the flags it sets are dead. */
export function deadFlags(steps: readonly Step[]): readonly boolean[] {
  const dead: boolean[] = [];
  let overwritten = false;
  for (const step of steps.toReversed()) {
    dead.push(overwritten);
    if (setsAll(step)) overwritten = true;
    // Without flags to be seen, flags before only matter to who reads them.
    else if (step.definition.flags === 'reads' || (step.definition.flags === 'partly' && !overwritten))
      overwritten = false;
    if (mayLeave(step)) overwritten = false;
  }
  return dead.reverse();
}
