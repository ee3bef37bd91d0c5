/** How a micro-step is drawn: boxes for what it reads and writes, and arrows between their parts. */
import type { FlowView, MicroStepView, SeenView } from '../../worker/protocol.ts';

/** Something drawn as one box: a register, or something in memory. */
export interface Box {
  /** "IA32_STAR", "rcx", "gate". */
  readonly name: string;
  /** Null for a register. */
  readonly seen: SeenView | null;
  /** Names of its parts that the step is about, or its own name for all of it. */
  readonly lit: ReadonlySet<string>;
  /** The step changes it. */
  readonly written: boolean;
  /** Arrows that lead to it, one after the other. */
  readonly rank: number;
}

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly FlowView[];
  /** Descriptors are wide: what they lead to stands below them instead of beside. */
  readonly downwards: boolean;
}

/** The box that a name belongs to: "gate.Selector" to "gate", "IA32_STAR[47:32]" to "IA32_STAR". */
export function boxName(name: string): string {
  return name.replace(/[.[].*$/, '');
}

const fieldForms = new Set<SeenView['form']>(['idt gate', 'descriptor', 'page entry']);

type Step = Pick<MicroStepView, 'flows' | 'from' | 'to' | 'kind'>;

/** `isRegister` knows the names that are not of something in memory. */
export function drawingOf(step: Step, memory: readonly SeenView[], isRegister: (name: string) => boolean): Drawing {
  const seenOf = (name: string): SeenView | null => memory.find((one) => one.name === boxName(name)) ?? null;
  const known = (name: string): boolean => seenOf(name) !== null || isRegister(name);
  const arrows = step.flows.filter(({ from, to }) => known(from) && known(to));
  const ends = [...new Set([...step.from, ...step.to])].filter(known);
  const names = [...new Set(ends.map(boxName))];
  const ranks = ranksOf(arrows);
  const boxes = names.map((name): Box => {
    const parts = ends.filter((end) => boxName(end) === name);
    return {
      name,
      seen: seenOf(name),
      lit: new Set(parts),
      written: step.kind === 'effect' && step.to.some((end) => boxName(end) === name),
      rank: ranks.get(name) ?? (arrows.length > 0 && step.to.includes(name) ? lastRank(ranks) : 0),
    };
  });
  return { boxes, arrows, downwards: boxes.some(({ seen }) => seen !== null && fieldForms.has(seen.form)) };
}

const lastRank = (ranks: ReadonlyMap<string, number>): number => Math.max(0, ...ranks.values());

/** Longest way to each box; arrows never lead in a circle, and one that did would be cut off. */
function ranksOf(arrows: readonly FlowView[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (let round = 0; round <= arrows.length; round++) {
    for (const { from, to } of arrows) {
      const [source, target] = [boxName(from), boxName(to)];
      const rank = ranks.get(source) ?? 0;
      ranks.set(source, rank);
      if (source !== target) ranks.set(target, Math.min(Math.max(ranks.get(target) ?? 0, rank + 1), arrows.length));
    }
  }
  return ranks;
}

/** The drawing in words, for those who do not see it: "STAR[47:32] goes to CS, + 8". */
export function drawingText({ arrows }: Drawing): string {
  return arrows.map(({ from, to, by }) => `${from} → ${to}${by === null ? '' : ` (${by})`}`).join(', ');
}
