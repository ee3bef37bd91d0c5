/**
 * Compiled regions of one engine: finds out which code is hot, has it compiled, and forgets what no longer holds.
 *
 * Samples tell what is hot: while the interpreter does most of the work, it comes back every few thousand instructions,
 * always at the target of a jump, and less often the less it does. Only counts of instructions decide, so that a run is the same on every host.
 */
import type { Cpu } from '../../cpu/cpu.ts';
import {
  PAGE_CELL,
  PAGE_CELLS,
  R,
  REC,
  RECORDS,
  RECORDS_END,
  REGION_ANSWER,
  REGION_CELL,
  REGION_CELLS,
  REGION_OF,
  REGION_SLOTS,
  S,
} from '../../cpu/layout.ts';
import type { CodeCache } from '../codeCache.ts';
import { PSEUDO } from '../interpreter/slots.ts';
import { type Compiler, compiler } from './fetchCompiler.ts';
import { FloatPolicies, type FloatPolicy } from './floatPolicy.ts';
import { type Candidate, type Formed, formRegion, type Page, pageAt } from './formRegion.ts';
import { IndirectTargets } from './indirectTargets.ts';
import type { RegionPolicy } from './policy.ts';
import { SampleClock } from './sampleClock.ts';
import {
  emptyStatistics,
  type EngineView,
  type RefusalReason,
  type RegionStatistics,
  type RegionView,
} from './statistics.ts';

/** Answer of `before`: the instruction is to run alone. */
export const ALONE = -1;

/** So many samples of one place make it hot. */
const HOT_AFTER = 4;
/** After so many they are looked at once more: more of the code around may have run. */
const LOOK_AGAIN = 100;
/** Hot places wait for others, to share a module, for at most so many samples. */
const BATCH = 6;
const PATIENCE = 6;
/**
 * Bytes of WebAssembly that may be made at once, and for each instruction interpreted or run in a region. A byte takes
 * about as long to make and compile as a hundred interpreted instructions: a few per cent of the time, and with what may
 * come at once less than 15 % of any second.
 */
const CREDIT = 60_000;
const CREDIT_EACH = 1 / 2400;
const CREDIT_COMPILED = 1 / 24_000;
/** Bytes of WebAssembly kept; the host makes about ten times as much machine code of it. */
const MOST_BYTES = 8 << 20;
/** Refusals kept for whoever asks. */
const REFUSALS = 24;
/** A page whose regions were forgotten so often because it was written to is left to the interpreter. */
const MOST_REWRITES = 5;
/** A region whose pages turned out not to be where it expects them so often is forgotten. */
const MOST_MISSES = 64;

interface Region {
  readonly slot: number;
  readonly record: number;
  /** What the record's handler was. */
  readonly handler: number;
  readonly pages: readonly Page[];
  readonly module: Module;
  readonly view: RegionView;
  readonly floats: FloatPolicy;
  /** Records of its jumps and calls through registers and memory. */
  readonly indirect: readonly number[];
  misses: number;
}
interface Module {
  readonly bytes: number;
  live: number;
  readonly regions: Region[];
}
const indexOf = (record: number): number => (record - RECORDS) >> REC.shift;

export interface HostFunctions {
  readonly condition: (cc: number) => number;
  readonly word: () => number;
}

export class Regions {
  private readonly cpu: Cpu;
  private readonly code: CodeCache;
  private readonly table: WebAssembly.Table;
  private readonly imports: { readonly e: WebAssembly.ModuleImports };
  /** Everything is compiled before it runs. */
  private readonly eager: boolean;
  private readonly hotAfter: number;
  /** What is too short to gain by it is not compiled. */
  private readonly worthwhile: boolean;
  private readonly samples = new Uint8Array((RECORDS_END - RECORDS) >> REC.shift);
  private readonly regions = new Map<number, Region>();
  private readonly byPage = new Map<number, Set<Region>>();
  private readonly freeSlots: number[] = [];
  private nextSlot = 1;
  private modules: Module[] = [];
  private bytes = 0;
  private queue: Candidate[] = [];
  private waited = 0;
  private readonly targets: IndirectTargets;
  private readonly floats: FloatPolicies;
  /** Regions that are running and to be forgotten. */
  private unfit: Region[] = [];
  private readonly rewrites = new Map<number, number>();
  private credit = CREDIT;
  private readonly clock = new SampleClock();
  readonly statistics: RegionStatistics = emptyStatistics();

  constructor(cpu: Cpu, code: CodeCache, table: WebAssembly.Table, functions: HostFunctions, policy: RegionPolicy) {
    this.cpu = cpu;
    this.code = code;
    this.targets = new IndirectTargets(code);
    this.table = table;
    this.eager = policy === 1;
    this.worthwhile = policy === 'on';
    this.hotAfter = typeof policy === 'number' ? policy : HOT_AFTER;
    this.floats = new FloatPolicies(cpu);
    const e = {
      memory: cpu.memory.wasm,
      ...functions,
      validate: (slot: number) => (this.validate(slot) ? 1 : 0),
      unusual: (slot: number) => this.unusual(slot),
    };
    this.imports = { e };
    cpu.words[R.eager >> 2] = this.eager ? 1 : 0;
    code.onForget = (page, written) => this.forget(page, written);
  }

  /** Before a run from a record, with S.ripBase set: how many instructions it may take at most, or ALONE. */
  before(record: number, most: number): number {
    const { words } = this.cpu;
    const answer = R.answer >> 2;
    if (this.unfit.length > 0) this.removeUnfit();
    if (this.eager) {
      const again =
        (words[answer] as number) === 0
          ? -1
          : (words[answer] as number) & ~(REGION_ANSWER.plain | REGION_ANSWER.budget);
      const plain = ((words[answer] as number) & REGION_ANSWER.plain) !== 0;
      words[answer] = 0;
      if (plain && again === record) return ALONE;
      if (!this.has(record) && this.samples[indexOf(record)] === 0) {
        this.samples[indexOf(record)] = 1;
        this.compile([this.candidate(record)]);
      }
      return this.has(record) ? most : 0;
    }
    if (this.clock.takeDue()) this.sample(record);
    words[answer] = 0;
    this.compiledBefore = this.compiled;
    return Math.min(this.clock.left, most);
  }

  /** After it. */
  after(given: number, retired: number): void {
    if (this.eager) return;
    const compiled = this.compiled - this.compiledBefore;
    const interpreted = retired - compiled;
    this.credit = Math.min(CREDIT, this.credit + interpreted * CREDIT_EACH + compiled * CREDIT_COMPILED);
    // What runs after a region ran out of instructions says nothing.
    const telling = ((this.cpu.words[R.answer >> 2] as number) & REGION_ANSWER.budget) === 0;
    this.clock.ran(retired, interpreted, retired >= given, telling);
  }
  private compiledBefore = 0;
  /** Instructions run in regions. */
  get compiled(): number {
    const { words } = this.cpu;
    return ((words[R.retired >> 2] as number) >>> 0) + ((words[(R.retired >> 2) + 1] as number) >>> 0) * 0x100000000;
  }

  private has(record: number): boolean {
    return this.cpu.words[(REGION_OF >> 2) + indexOf(record)] !== 0;
  }
  /** Code to be compiled: a record whose page S.ripBase is of. */
  candidate(record: number): Candidate {
    return { record, base: this.cpu.get(S.ripBase) };
  }

  private sample(record: number): void {
    const n = indexOf(record);
    this.statistics.samples++;
    const count = (this.samples[n] as number) + 1;
    this.samples[n] = Math.min(count, 255);
    if ((count === this.hotAfter || count === LOOK_AGAIN) && !this.has(record)) this.queue.push(this.candidate(record));
    if (this.queue.length === 0) return;
    if (compiler() === undefined) return;
    if (this.queue.length < BATCH && ++this.waited < PATIENCE) return;
    if (this.credit < 0) {
      this.statistics.postponed++;
      return;
    }
    this.compile(this.queue.splice(0, BATCH));
    this.waited = 0;
  }

  /** A jump went from a record to a RIP that was looked up. Regions that do not know the way yet are made anew. */
  wentTo(from: number, low: number, high: number): void {
    if (!this.targets.note(from, low, high)) return;
    for (const region of this.regions.values()) {
      if (!region.indirect.includes(from)) continue;
      this.statistics.extended++;
      this.remove(region);
    }
  }

  /** Forgets the regions with code of a physical page, which may be written to; -1: all, and everything about records. */
  private forget(physical: number, written: boolean): void {
    if (physical < 0) {
      for (const region of [...this.regions.values()]) this.remove(region);
      this.queue = [];
      this.samples.fill(0);
      this.targets.clear();
      this.floats.clear();
      this.rewrites.clear();
      return;
    }
    const found = this.byPage.get(physical);
    this.queue = this.queue.filter(({ record }) => this.code.physicalPage(record) !== physical);
    if (found === undefined) return;
    if (written) {
      this.statistics.rewritten += found.size;
      this.rewrites.set(physical, (this.rewrites.get(physical) ?? 0) + 1);
    }
    for (const region of [...found]) this.remove(region);
  }

  private remove(region: Region): void {
    const { slot, record, handler, pages, module } = region;
    const { words, view } = this.cpu;
    this.regions.delete(slot);
    words[(REGION_OF >> 2) + indexOf(record)] = 0;
    if (view.getUint16(record + REC.handler, true) === PSEUDO.region)
      view.setUint16(record + REC.handler, handler, true);
    this.samples[indexOf(record)] = 0;
    this.table.set(slot, null);
    this.freeSlots.push(slot);
    for (const { physical } of pages) this.byPage.get(physical)?.delete(region);
    module.live--;
    if (module.live > 0) return;
    this.bytes -= module.bytes;
    this.modules = this.modules.filter((kept) => kept !== module);
  }

  /** Whether the pages of a region are where it expects them at the present S.ripBase. Its cell then says so. */
  private validate(slot: number): boolean {
    const region = this.regions.get(slot);
    if (region === undefined) throw new Error('a region runs that does not exist');
    const { cpu } = this;
    const base = cpu.get(S.ripBase);
    for (const { distance, physical } of region.pages) {
      if (distance === 0 || pageAt(cpu, base, distance) === physical) continue;
      this.statistics.mapped++;
      if (++region.misses > MOST_MISSES) region.misses = this.disable(region);
      return false;
    }
    const cell = REGION_CELLS + slot * REGION_CELL.bytes;
    cpu.view.setBigUint64(cell + REGION_CELL.base, base, true);
    cpu.words[(cell + REGION_CELL.stamp) >> 2] = cpu.words[R.stamp >> 2] as number;
    return true;
  }
  /** It is running: only its record forgets it for now. */
  private disable(region: Region): number {
    this.cpu.words[(REGION_OF >> 2) + indexOf(region.record)] = 0;
    return 0;
  }

  /** A region met floats that it does not expect; it is made anew if that goes on. */
  private unusual(slot: number): 0 {
    const region = this.regions.get(slot);
    if (region === undefined) throw new Error('a region runs that does not exist');
    if (this.has(region.record) && this.floats.reconsider(region.record, region.floats, this.compiled)) {
      this.disable(region);
      this.unfit.push(region);
    }
    return 0;
  }
  private removeUnfit(): void {
    for (const region of this.unfit) {
      if (this.regions.get(region.slot) !== region) continue;
      this.statistics.unusual++;
      this.remove(region);
    }
    this.unfit = [];
  }

  /** Compiles what can be compiled; returns how many regions that made. */
  compile(candidates: readonly Candidate[]): number {
    const parts = compiler();
    if (parts === undefined) return 0;
    const plans: Formed[] = [];
    const covered = new Set<number>();
    for (const candidate of candidates) {
      // Several places of one loop get hot together: one way in is enough for it. Any other may become hot again.
      if (covered.has(candidate.record)) {
        this.samples[indexOf(candidate.record)] = 0;
        continue;
      }
      const slot = this.freeSlots.pop() ?? this.nextSlot;
      if (slot >= REGION_SLOTS) break;
      const formed = this.has(candidate.record) ? undefined : this.form(candidate, slot, parts);
      if (formed === undefined) {
        if (slot !== this.nextSlot) this.freeSlots.push(slot);
        continue;
      }
      if (slot === this.nextSlot) this.nextSlot++;
      plans.push(formed);
      for (const { steps } of formed.plan.blocks) for (const { record } of steps) covered.add(record);
    }
    if (plans.length === 0) return 0;
    const wasm = parts.compileRegions(plans.map(({ plan }) => plan));
    this.credit -= wasm.length;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), this.imports as WebAssembly.Imports);
    const module: Module = { bytes: wasm.length, live: plans.length, regions: [] };
    const { words, view } = this.cpu;
    plans.forEach(({ plan, pages, root, seen, indirect }, n) => {
      const { record } = root;
      const { floats } = plan;
      const present = view.getUint16(record + REC.handler, true);
      const handler = present === PSEUDO.region ? view.getUint16(record + REC.plain, true) : present;
      const region: Region = {
        slot: plan.slot,
        record,
        handler,
        pages,
        module,
        view: seen,
        floats,
        indirect,
        misses: 0,
      };
      module.regions.push(region);
      this.regions.set(plan.slot, region);
      this.table.set(plan.slot, exports[String(n)]);
      words[(REGION_OF >> 2) + indexOf(record)] = plan.slot;
      view.setUint16(record + REC.handler, PSEUDO.region, true);
      // No translation stamp is -1 with the lowest bit 0.
      words[(REGION_CELLS + plan.slot * REGION_CELL.bytes + REGION_CELL.stamp) >> 2] = -2;
      // No TLB stands at 0.
      words[(PAGE_CELLS + plan.slot * PAGE_CELL.slotBytes + PAGE_CELL.tlb) >> 2] = 0;
      for (const { physical } of pages) {
        let list = this.byPage.get(physical);
        if (list === undefined) {
          list = new Set();
          this.byPage.set(physical, list);
        }
        list.add(region);
      }
      this.statistics.instructions += seen.instructions;
    });
    this.modules.push(module);
    this.bytes += wasm.length;
    this.statistics.modules++;
    this.statistics.compiled += plans.length;
    this.statistics.bytes += wasm.length;
    this.evict();
    return plans.length;
  }

  private evict(): void {
    while (this.bytes > MOST_BYTES || this.regions.size > REGION_SLOTS - 64) {
      const [oldest] = this.modules;
      if (oldest === undefined) return;
      for (const region of oldest.regions) {
        if (this.regions.get(region.slot) !== region) continue;
        this.remove(region);
        this.statistics.evicted++;
      }
    }
  }

  /** Notes why code stays with the interpreter. */
  private refuse(rip: bigint, why: RefusalReason): undefined {
    this.statistics.refused[why]++;
    this.refused.push({ rip, why });
    if (this.refused.length > REFUSALS) this.refused.shift();
    return undefined;
  }
  private readonly refused: { readonly rip: bigint; readonly why: RefusalReason }[] = [];

  private form(candidate: Candidate, slot: number, parts: Compiler): Formed | undefined {
    const { cpu, code, targets, floats, worthwhile } = this;
    const formed = formRegion(candidate, slot, parts, {
      cpu,
      code,
      targets,
      floats,
      worthwhile,
      rewritten: (page) => (this.rewrites.get(page) ?? 0) > MOST_REWRITES,
    });
    return 'why' in formed ? this.refuse(formed.rip, formed.why) : formed;
  }

  /** What it has compiled and why it has not, with instructions run by the whole engine. */
  view(run: number): EngineView {
    return {
      compiles: true,
      run,
      compiled: this.compiled,
      regions: [...this.regions.values()].map(({ view }) => view),
      bytes: this.bytes,
      mostBytes: MOST_BYTES,
      statistics: { ...this.statistics, refused: { ...this.statistics.refused } },
      refused: [...this.refused],
    };
  }
}
