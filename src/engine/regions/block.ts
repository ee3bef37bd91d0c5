/** Which code makes up a region: blocks of decoded instructions, and the edges between them. */
import type { Definition } from '../../cpu/semantics/index.ts';
import type { Instruction } from '../../isa/instruction.ts';

/** Places in a region count from offset 0 of the page it begins in, in linear addresses. */
export type Place = number;

export const PAGE = 4096;
/** How many pages a place is from the one that the region begins in. */
export const pageOf = (place: Place): number => Math.floor(place / PAGE);

export interface Step {
  readonly place: Place;
  readonly insn: Instruction;
  readonly definition: Definition;
  /** Host address of its record. */
  readonly record: number;
}

export interface Block {
  readonly place: Place;
  readonly steps: readonly Step[];
  /** Where it goes on when nothing at its end says otherwise. */
  readonly next: Place;
  /** Places it may go to, as far as they are known. */
  readonly targets: readonly Place[];
}

/** What the code cache knows of the code around a region's beginning. */
export interface Surroundings {
  /** The instruction at a place, when it was decoded, a region may hold it, and no breakpoint is there. */
  step(place: Place): Step | undefined;
  /** Places that the indirect jump or call of a record was seen to go to. */
  seen(record: number): readonly Place[];
}

const MAX_BLOCKS = 160;
const MAX_STEPS = 1000;
/** A longer line of instructions without a jump is cut: it could not be left often enough. */
const MAX_LINE = 200;

/** The last step of a block, which has at least one. */
export const lastOf = ({ steps }: Block): Step => steps[steps.length - 1] as Step;

const targetOf = ({ place, insn }: Step): Place | undefined => {
  const operand = insn.operands[insn.operands.length - 1];
  return operand?.kind === 'rel' ? place + insn.length + operand.displacement : undefined;
};

/** The blocks reached from `root` along edges that were executed, calls and their returns included; root first. */
export function formBlocks(root: Place, code: Surroundings): readonly Block[] {
  const leaders = new Set<Place>([root]);
  const queue = [root];
  let count = 0;
  const scanned = new Set<Place>();
  const returns = new Set<Place>();
  const indirect = new Set<Place>();
  const add = (place: Place): void => {
    if (leaders.has(place) || leaders.size >= MAX_BLOCKS || code.step(place) === undefined) return;
    leaders.add(place);
    if (!scanned.has(place)) queue.push(place);
  };
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    if (count >= MAX_STEPS) {
      leaders.delete(place);
      continue;
    }
    for (let length = 0; ; length++) {
      const step = scanned.has(place) ? undefined : code.step(place);
      if (step === undefined) break;
      if (length === MAX_LINE) {
        add(place);
        break;
      }
      scanned.add(place);
      count++;
      const { ends } = step.definition;
      const next: Place = place + step.insn.length;
      if (ends !== undefined) {
        const target = targetOf(step);
        if (target !== undefined) add(target);
        else if (ends !== 'ret') {
          for (const to of code.seen(step.record)) {
            add(to);
            indirect.add(to);
          }
        }
        if (ends === 'call') returns.add(next);
        if (ends === 'call' || ends === 'branch') add(next);
        break;
      }
      place = next;
    }
  }
  return [...leaders].map((leader) => cut(leader, leaders, code, [...returns], [...indirect]));
}

/** Whether some way leads from a block back to it, as far as is known: what calls or returns may. */
export function comesBack(blocks: readonly Block[]): boolean {
  if (blocks.some((block) => ['call', 'ret'].includes(lastOf(block).definition.ends ?? ''))) return true;
  const byPlace = new Map(blocks.map((block) => [block.place, block]));
  const state = new Map<Place, 'open' | 'done'>();
  const visit = (place: Place): boolean => {
    const before = state.get(place);
    if (before !== undefined) return before === 'open';
    state.set(place, 'open');
    const found = byPlace.get(place)?.targets.some(visit) ?? false;
    state.set(place, 'done');
    return found;
  };
  return blocks.some(({ place }) => visit(place));
}

/** The block that begins at a leader and ends at the next one. */
function cut(
  leader: Place,
  leaders: ReadonlySet<Place>,
  code: Surroundings,
  returns: readonly Place[],
  indirect: readonly Place[],
): Block {
  const steps: Step[] = [];
  for (let place = leader; ; ) {
    const step = steps.length > 0 && leaders.has(place) ? undefined : code.step(place);
    if (step === undefined || steps.length > MAX_LINE)
      return { place: leader, steps, next: place, targets: inside([place]) };
    steps.push(step);
    place += step.insn.length;
    const { ends } = step.definition;
    if (ends === undefined) continue;
    const target = targetOf(step);
    const list =
      ends === 'branch' ? [target, place] : ends === 'ret' ? returns : target === undefined ? indirect : [target];
    return { place: leader, steps, next: place, targets: inside(list) };
  }
  function inside(list: readonly (Place | undefined)[]): Place[] {
    return [...new Set(list.filter((p): p is Place => p !== undefined && leaders.has(p)))];
  }
}
