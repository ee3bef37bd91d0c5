/** Compiles regions, each into one WebAssembly function of a common module. */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import { R, REGION_ANSWER, REGION_CELL, REGION_CELLS, S, STATE } from '../../cpu/layout.ts';
import { MXCSR } from '../../registers/floatingPoint.ts';
import { REGION_SIGNATURE } from '../interpreter/slots.ts';
import { Func, type Label } from '../wasm/func.ts';
import { ModuleBuilder } from '../wasm/module.ts';
import { accessSpans } from './accessSpans.ts';
import { type Block, lastOf, PAGE, pageOf, type Place, type Step } from './block.ts';
import { deadFlags } from './deadFlags.ts';
import { KEEPING_CARRY } from './flagState.ts';
import type { FloatPolicy } from './floatPolicy.ts';
import { writtenUnderFlags } from './flagSources.ts';
import { FlowGraph } from './flowGraph.ts';
import { lowestAlone } from './lowestAlone.ts';
import { pageGroups } from './pageGroups.ts';
import {
  type Flow,
  type KnownHere,
  meetKnown,
  NOTHING_KNOWN_HERE,
  RegionSem,
  type SharedFunctions,
} from './regionSem.ts';

/** A region to be compiled. */
export interface Plan {
  readonly blocks: readonly Block[];
  /** Its slot in the table of regions. */
  readonly slot: number;
  /** Record at a place in one of the region's pages, 0 when there is none. */
  readonly recordAt: (place: Place) => number;
  readonly floats: FloatPolicy;
}

/** One module with a function "0", "1", ... for each plan. It imports `condition` and `word` on flags, `validate` and `unusual`. */
export function compileRegions(plans: readonly Plan[]): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder();
  const imports: Imports = {
    condition: m.importFunction('condition', { params: ['i32'], results: ['i32'] }),
    word: m.importFunction('word', { params: [], results: ['i32'] }),
    validate: m.importFunction('validate', { params: ['i32'], results: ['i32'] }),
    unusual: m.importFunction('unusual', { params: ['i32'], results: ['i32'] }),
  };
  const found = new Map<string, number>();
  const shared: SharedFunctions = (key, args, value) => {
    let index = found.get(key);
    if (index === undefined) {
      const params = args.map(({ ty }) => ty);
      const f = new Func(params);
      f.push(
        value(
          f,
          params.map((_, n) => f.param(n)),
        ),
      );
      index = m.addFunction({ params, results: ['i32'] }, f.locals, f.code);
      found.set(key, index);
    }
    return index;
  };
  plans.forEach((plan, n) => {
    const { locals, code } = new RegionCompiler(plan, imports, shared).compile();
    m.addFunction(REGION_SIGNATURE, locals, code, String(n));
  });
  return m.build();
}

interface Imports {
  readonly condition: number;
  readonly word: number;
  /** validate(slot): 1 when the region's pages are mapped as it expects them at the present S.ripBase. */
  readonly validate: number;
  /** unusual(slot): the region met floats that it does not expect. */
  readonly unusual: number;
}

/** Return sites and indirect targets that are compared one by one; among more the half is looked for. */
const MOST_TESTS = 4;
const state = (offset: number): Val => x.i32(STATE + offset);

class RegionCompiler implements Flow {
  private readonly plan: Plan;
  private readonly imports: Imports;
  private readonly f = new Func([]);
  private readonly sem: RegionSem;
  private readonly graph: FlowGraph;
  private readonly numbers = new Map<Place, number>();
  /** Block 0 of the graph chooses by `entry` where edges cannot be structured otherwise; -1 there is no such. */
  private readonly entries: readonly number[];
  private readonly shift: number;
  private readonly labels: Label[] = [];
  private readonly knownAt: (KnownHere | undefined)[] = [];
  private readonly left: Val;
  private readonly answer: Val;
  private readonly entry: Val;
  /** The region is left because of floats that it does not expect. */
  private readonly unusual: Val;
  private exit: Label = { depth: 0 };
  /** The exit for flags that were set since paths met last. */
  private exitHere: Label = { depth: 0 };
  /** For each block, as writtenUnderFlags has it. */
  private readonly written: Int32Array;
  private block: Block;
  private stepNumber = 0;
  /** Steps before the present block that `left` does not count yet. */
  private uncounted = 0;
  private readonly longestFrom = new Map<number, number>();

  constructor(plan: Plan, imports: Imports, shared: SharedFunctions) {
    this.plan = plan;
    this.imports = imports;
    const { f } = this;
    this.left = f.newLocal('i32');
    this.answer = f.newLocal('i32');
    this.entry = f.newLocal('i32');
    this.unusual = f.newLocal('i32');
    const steps = plan.blocks.flatMap((block) => block.steps);
    const lazyFlags = steps.some((s) => KEEPING_CARRY.has(s.definition.op));
    const kind = {
      slot: plan.slot,
      pageGroups: pageGroups(steps),
      lazyFlags,
      lowestAlone: lowestAlone(steps),
      trusting: plan.floats === 'usual',
    };
    this.sem = new RegionSem(f, this, imports, shared, kind);
    this.block = plan.blocks[0] as Block;
    plan.blocks.forEach(({ place }, n) => this.numbers.set(place, n));
    const edges = plan.blocks.map(({ targets }) => targets.map((t) => this.numbers.get(t) as number));
    this.written = writtenUnderFlags(plan.blocks, edges);
    const { graph, entries } = structure(edges);
    this.graph = graph;
    this.entries = entries;
    this.shift = entries.length > 0 ? 1 : 0;
  }

  compile(): { readonly locals: Func['locals']; readonly code: Func['code'] } {
    const { f, sem } = this;
    f.keepConstants();
    f.block((exit) => {
      this.exit = exit;
      f.block((exitHere) => {
        this.exitHere = exitHere;
        this.tree(0);
      });
      sem.flags.putInPlace();
    });
    sem.epilogue();
    f.store(32, state(S.left), this.left);
    const tell = (): void => f.run(x.call('i32', this.imports.unusual, [x.i32(this.plan.slot)]));
    if (this.plan.floats === 'usual' && sem.asksForFloats) f.if(this.unusual, tell);
    f.push(this.answer);
    const body = f.code;
    f.code = new (body.constructor as new () => typeof body)();
    const here = (this.plan.blocks[0] as Block).steps[0] as Step;
    const refuse = (): void => f.return(x.i32(here.record | REGION_ANSWER.plain));
    this.checkMapping(refuse);
    f.setConstants();
    sem.prologue(refuse);
    if (sem.asksForFloats && this.plan.floats !== 'any') this.checkPrecision(tell, refuse);
    f.set(this.left, x.hostLoad(32, state(S.left)));
    f.code.append(body);
    return { locals: f.locals, code: f.code };
  }

  /** PE is what it was when the region was made: that tells whether results may be inexact. */
  private checkPrecision(tell: () => void, refuse: () => void): void {
    const seen = x.and(x.hostLoad(32, state(S.mxcsr)), x.i32(MXCSR.PE));
    if (this.plan.floats === 'usual') {
      this.f.if(x.eqz(seen), () => {
        tell();
        refuse();
      });
    } else this.f.if(seen, tell);
  }
  /** Pages beyond the first are looked at again when translations may have changed, or the first is mapped elsewhere. */
  private checkMapping(refuse: () => void): void {
    const pages = new Set(
      this.plan.blocks.flatMap(({ place, steps }) => [place, ...steps.map((s) => s.place)].map(pageOf)),
    );
    if (pages.size === 1) return;
    const { f } = this;
    const cell = x.i32(REGION_CELLS + this.plan.slot * REGION_CELL.bytes);
    const stamped = x.eq(x.hostLoad(32, cell, REGION_CELL.stamp), x.hostLoad(32, x.i32(R.stamp)));
    const same = x.eq(x.hostLoad(64, cell, REGION_CELL.base), x.hostLoad(64, state(S.ripBase)));
    f.if(x.eqz(x.and(stamped, same)), () => {
      f.if(x.eqz(x.call('i32', this.imports.validate, [x.i32(this.plan.slot)])), refuse);
    });
  }

  private blockOf(node: number): Block | undefined {
    return this.plan.blocks[node - this.shift];
  }
  private nodeOf(place: Place): number {
    const n = this.numbers.get(place);
    return n === undefined ? -1 : n + this.shift;
  }

  /** A node of the dominator tree and everything it dominates. */
  private tree(node: number): void {
    const merges = this.graph.mergesUnder(node);
    if (!this.graph.isHeader(node)) return this.within(node, merges);
    this.f.loop((again) => {
      this.labels[node] = again;
      this.within(node, merges);
    });
  }
  private within(node: number, merges: readonly number[]): void {
    const [outer, ...inner] = merges;
    if (outer === undefined) return this.node(node);
    // A loop's header that is also a merge is entered by the block's label, and repeated by the loop's.
    this.f.block((label) => {
      this.labels[outer] = label;
      this.within(node, inner);
    });
    this.uncounted = 0;
    this.sem.known = this.knownAt[outer] ?? NOTHING_KNOWN_HERE;
    this.tree(outer);
  }

  private node(node: number): void {
    const { f, sem, graph } = this;
    const block = this.blockOf(node);
    if (graph.isHeader(node)) sem.forget();
    if (graph.isHeader(node) || node === 0) this.checkBudget(node);
    if (block === undefined) {
      const labels = this.entries.map((n) => this.labels[n + this.shift] as Label);
      return f.brTable(labels, labels[0] as Label, this.entry);
    }
    this.steps(block);
    if (lastOf(block).definition.ends !== undefined) return;
    // The step that went on is done.
    this.stepNumber = block.steps.length - 1;
    this.go(block.next);
  }

  /** The steps of a block; what jumps at its end goes where it goes. */
  private steps(block: Block): void {
    const { f, sem } = this;
    const dead = deadFlags(block.steps);
    const run = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        this.block = block;
        this.stepNumber = i;
        sem.run(block.steps[i] as Step, dead[i] === true);
      }
    };
    const count = block.steps.length;
    const straight = lastOf(block).definition.ends === undefined ? count : count - 1;
    const spans = accessSpans(block.steps.slice(0, straight));
    if (spans.length > 0) {
      const before = sem.known;
      let after = before;
      f.block((done) => {
        f.block((other) => {
          sem.openSpans(spans, other);
          run(0, straight);
          sem.closeSpans();
          f.br(done);
        });
        after = sem.known;
        sem.known = before;
        run(0, straight);
      });
      sem.known = meetKnown(after, sem.known);
    } else run(0, straight);
    run(straight, count);
  }

  /** Most steps from a node to the next place where the budget is looked at. */
  private longest(node: number): number {
    const known = this.longestFrom.get(node);
    if (known !== undefined) return known;
    let rest = 0;
    for (const to of this.graph.successors[node] ?? []) {
      if (this.graph.forward(node, to) && !this.graph.isHeader(to)) rest = Math.max(rest, this.longest(to));
    }
    const found = rest + (this.blockOf(node)?.steps.length ?? 0);
    this.longestFrom.set(node, found);
    return found;
  }
  private checkBudget(node: number): void {
    const { f } = this;
    const tired = x.ltS(this.left, x.i32(this.longest(node)));
    f.if(tired, () => {
      const block = this.blockOf(node);
      if (block !== undefined) this.answerWith(block.place, REGION_ANSWER.plain | REGION_ANSWER.budget);
      else {
        // Where the graph's root stands for several places.
        for (const [i, n] of this.entries.entries()) {
          const { place } = this.plan.blocks[n] as Block;
          f.if(x.eq(this.entry, x.i32(i)), () => this.answerWith(place, REGION_ANSWER.plain | REGION_ANSWER.budget));
        }
      }
      f.br(this.exit);
    });
  }

  /** Counts what has run: up to and with the present step, or without it. */
  private count(withStep: boolean): void {
    const n = this.uncounted + this.stepNumber + (withStep ? 1 : 0);
    if (n > 0) this.f.set(this.left, x.sub(this.left, x.i32(n)));
  }

  /** Leaves with the record of a place, or its RIP where there is no record. */
  private answerWith(place: Place, how: number): void {
    const { f, sem } = this;
    const record = this.plan.recordAt(place);
    if (record === 0) {
      f.store(64, state(S.rip), x.add(sem.base, x.i64(BigInt(place))));
      f.store(32, x.i32(R.source), x.i32(0));
      f.set(this.answer, x.i32(0));
      return;
    }
    if (pageOf(place) !== 0) f.store(64, state(S.ripBase), x.add(sem.base, x.i64(BigInt(pageOf(place) * PAGE))));
    f.set(this.answer, x.i32(record | how));
  }

  leaveHere(unusual = false): void {
    this.sem.checkFlags();
    this.count(false);
    if (unusual) this.f.set(this.unusual, x.i32(1));
    this.answerWith((this.block.steps[this.stepNumber] as Step).place, REGION_ANSWER.plain);
    this.leave();
  }
  private leave(): void {
    this.f.br(this.sem.flags.known.here ? this.exitHere : this.exit);
  }

  go(to: Place): void {
    const { f, graph, sem } = this;
    sem.checkFlags();
    const from = this.nodeOf(this.block.place);
    const node = this.nodeOf(to);
    if (node < 0) {
      this.count(true);
      this.answerWith(to, 0);
      return this.leave();
    }
    const written = this.written[node - this.shift] as number;
    if (!(graph.successors[from] as readonly number[]).includes(node)) {
      this.count(true);
      sem.flags.meet(written);
      f.set(this.entry, x.i32(this.entries.indexOf(node - this.shift)));
      return f.br(this.labels[0] as Label);
    }
    if (!graph.forward(from, node) || graph.isMerge(node)) {
      this.count(true);
      sem.flags.meet(written);
      if (graph.forward(from, node)) {
        const before = this.knownAt[node];
        this.knownAt[node] = before === undefined ? sem.known : meetKnown(before, sem.known);
      }
      return f.br(this.labels[node] as Label);
    }
    const { block, stepNumber, uncounted } = this;
    if (graph.isHeader(node)) {
      this.count(true);
      sem.flags.meet(written);
      this.uncounted = 0;
    } else this.uncounted += stepNumber + 1;
    this.tree(node);
    [this.block, this.stepNumber, this.uncounted] = [block, stepNumber, uncounted];
  }

  goIndirect(rip: Val): void {
    const { f, sem } = this;
    const { known } = sem;
    const { targets } = this.block;
    const step = this.block.steps[this.stepNumber] as Step;
    const distance = targets.length > 0 ? f.let(x.sub(rip, sem.base)) : x.i64(0n);
    this.search(
      distance,
      [...targets].sort((a, b) => a - b),
      known,
    );
    sem.known = known;
    this.count(true);
    f.store(64, state(S.rip), rip);
    f.store(32, x.i32(R.source), x.i32(step.definition.ends === 'ret' ? 0 : step.record));
    f.set(this.answer, x.i32(0));
    this.leave();
  }
  /** Goes where `distance` says if that is one of these places, which rise. */
  private search(distance: Val, places: readonly Place[], known: KnownHere): void {
    const { f, sem } = this;
    if (places.length > MOST_TESTS) {
      const middle = places.length >> 1;
      const [low, high] = [places.slice(0, middle), places.slice(middle)];
      f.if(
        x.ltS(distance, x.i64(BigInt(places[middle] as number))),
        () => this.search(distance, low, known),
        () => this.search(distance, high, known),
      );
      return;
    }
    for (const place of places) {
      sem.known = known;
      f.if(x.eq(distance, x.i64(BigInt(place))), () => this.go(place));
    }
  }
}

/**
 * The graph of a region. Where an edge comes back to a node that does not dominate its source, a node 0 is put in front
 * that chooses among such nodes, and such edges go there.
 */
function structure(edges: readonly (readonly number[])[]): {
  readonly graph: FlowGraph;
  readonly entries: readonly number[];
} {
  const plain = new FlowGraph(edges, () => false);
  const entries = new Set<number>();
  const collect = (graph: FlowGraph, shift: number): boolean => {
    const before = entries.size;
    for (const from of graph.nodes) {
      for (const to of graph.successors[from] as readonly number[]) {
        if (to >= shift && !graph.structured(from, to)) entries.add(to - shift);
      }
    }
    return entries.size > before;
  };
  if (!collect(plain, 0)) return { graph: plain, entries: [] };
  const chosen = (): number[] => [0, ...[...entries].filter((n) => n !== 0)];
  for (;;) {
    const list = chosen();
    const from = (n: number): readonly number[] => (edges[n] as readonly number[]).map((to) => to + 1);
    const candidates = [list.map((n) => n + 1), ...edges.map((_, n) => from(n))];
    const graph = new FlowGraph(candidates, (n) => n === 0);
    if (collect(graph, 1)) continue;
    const redirected = candidates.map((list, n) =>
      n === 0 ? list : [...new Set(list.map((to) => (graph.structured(n, to) ? to : 0)))],
    );
    return { graph: new FlowGraph(redirected, (n) => n === 0), entries: list };
  }
}
