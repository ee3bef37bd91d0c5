/** From a hot place to the region that begins there: its blocks, its pages, and whether it is worth compiling. */
import type { Cpu } from '../../cpu/cpu.ts';
import { REC, S } from '../../cpu/layout.ts';
import type { CodeCache } from '../codeCache.ts';
import { comesBack, formBlocks, lastOf, pageOf, type Place, type Step, type Surroundings } from './block.ts';
import type { Plan } from './compile.ts';
import type { Compiler } from './fetchCompiler.ts';
import type { FloatPolicies } from './floatPolicy.ts';
import type { IndirectTargets } from './indirectTargets.ts';
import { codePage, NOT_ACCESSED } from './mapping.ts';
import type { RefusalReason, RegionView } from './statistics.ts';

/** Entering and leaving a region takes about as long as the interpreter does for this many instructions. */
const SHORTEST = 8;

/** Code to be compiled: a record, and the S.ripBase that its page has. */
export interface Candidate {
  readonly record: number;
  readonly base: bigint;
}
export interface Page {
  /** Distance from the first page, in pages. */
  readonly distance: number;
  readonly physical: number;
}
/** A region that can be compiled. */
export interface Formed {
  readonly plan: Plan;
  readonly pages: readonly Page[];
  readonly root: Step;
  readonly seen: RegionView;
  /** Records of its jumps and calls through registers and memory. */
  readonly indirect: readonly number[];
}
interface Refused {
  readonly rip: bigint;
  readonly why: RefusalReason;
}
interface Around {
  readonly cpu: Cpu;
  readonly code: CodeCache;
  readonly targets: IndirectTargets;
  readonly floats: FloatPolicies;
  /** What is too short to gain by it is not compiled. */
  readonly worthwhile: boolean;
  /** Whether a physical page has been written to so often that it is left to the interpreter. */
  rewritten(physicalPage: number): boolean;
}

const lowOf = (v: bigint): number => Number(BigInt.asIntN(32, v));

/** Physical page of the code so many pages from an S.ripBase, or NOT_ACCESSED. */
export function pageAt(cpu: Cpu, base: bigint, distance: number): number {
  const linear = base + BigInt(distance) * 4096n;
  return codePage(cpu, lowOf(linear), lowOf(linear >> 32n));
}

/** The region that begins at a candidate, or why it stays with the interpreter. */
export function formRegion(
  { record, base }: Candidate,
  slot: number,
  { regionDefinition }: Compiler,
  { cpu, code, targets, floats, worthwhile, rewritten }: Around,
): Formed | Refused {
  const physical = code.physicalPage(record);
  const offset = cpu.view.getUint16(record + REC.offset, true);
  const rip = BigInt.asUintN(64, base + BigInt(offset));
  if (cpu.low(S.codeSize) !== 64) return { rip, why: 'mode' };
  if (rewritten(physical)) return { rip, why: 'rewritten' };
  const found = new Map<number, number>([[0, physical]]);
  const physicalOf = (distance: number): number => {
    let page = found.get(distance);
    if (page === undefined) {
      page = pageAt(cpu, base, distance);
      if (page === NOT_ACCESSED || rewritten(page)) page = -1;
      found.set(distance, page);
    }
    return page;
  };
  const recordAt = (place: Place): number => {
    const page = physicalOf(pageOf(place));
    if (page < 0 || code.stops.has(place & 0xfff)) return 0;
    return code.recordIn(page, place & 0xfff);
  };
  const around: Surroundings = {
    step: (place) => {
      const at = recordAt(place);
      if (at === 0) return undefined;
      const insn = code.instructionAt(at);
      const definition = regionDefinition(insn);
      return definition === undefined ? undefined : { place, insn, definition, record: at };
    },
    seen: (at) => targets.of(at, base),
  };
  const root = around.step(offset);
  if (root === undefined || root.record !== record) return { rip, why: 'routine' };
  const blocks = formBlocks(offset, around);
  const instructions = blocks.reduce((sum, { steps }) => sum + steps.length, 0);
  if (worthwhile && instructions < SHORTEST && !comesBack(blocks)) return { rip, why: 'short' };
  const members = new Set(blocks.flatMap(({ steps }) => steps.map(({ place }) => pageOf(place))));
  const pages = [...members].map((distance) => ({ distance, physical: physicalOf(distance) }));
  const plan: Plan = {
    blocks,
    slot,
    floats: floats.choose(record),
    recordAt: (place) => (members.has(pageOf(place)) ? recordAt(place) : 0),
  };
  const jumps = blocks.map(lastOf).filter(({ definition, insn }) => {
    return (definition.ends === 'jump' || definition.ends === 'call') && insn.operands[0]?.kind !== 'rel';
  });
  const indirect = jumps.map(({ record: at }) => at);
  return { plan, pages, root, indirect, seen: { rip, instructions, pages: pages.length } };
}
