/** Runs the history again, from the last reset on, and tells watches what happens. */
import { S } from '../../cpu/layout.ts';
import { PageUse } from '../../cpu/tlb.ts';
import type { History, Work } from '../history/history.ts';
import type { Position } from '../history/position.ts';
import { piecesOf } from '../history/target.ts';
import type { Session } from '../session.ts';
import type { Watch } from './watch.ts';

/** SYSCALLs that have not come back and are remembered: one per process and thread of what is being called. */
const MOST_OPEN = 256;

/** Where the present machine began: the start, or the last time it was reset or given another program. */
export function beginning(history: History): { readonly at: Position; readonly events: number } {
  const applied = history.events;
  for (let n = applied.length - 1; n >= 0; n--) {
    const recorded = applied[n];
    if (recorded?.event.kind === 'load' || recorded?.event.kind === 'reset') return { at: recorded.at, events: n + 1 };
  }
  return { at: history.start, events: 0 };
}

export interface Witnessed {
  /** Bytes of the output that belong to the present machine begin here. */
  readonly outputFrom: number;
  readonly instructions: number;
  readonly userInstructions: number;
}

/** A SYSCALL of ring 3 under way. */
interface Open {
  readonly at: number;
  readonly number: bigint;
  /** Where it comes back to, in which address space. */
  readonly rip: bigint;
  readonly cr3: bigint;
  readonly notes: Map<Watch, unknown>;
}

/**
 * The machine stands at the end of the history when it ends; whoever calls it brings it back (Session.aside).
 */
export function* witness(session: Session, history: History, watches: readonly Watch[]): Work<Witnessed> {
  const end = history.end;
  const { at, events } = beginning(history);
  yield* history.seek(at);
  if (events > 0) while (history.position.events < events) history.step();
  const outputFrom = history.output.length;
  const before = history.trace.totals();
  const from = history.position.count;
  const gallery = new Gallery(session, watches);
  gallery.install(history);
  try {
    for (const ran of history.replay(end)) {
      gallery.look();
      yield ran;
    }
  } finally {
    gallery.remove(history);
  }
  return {
    outputFrom,
    instructions: end.count - from,
    userInstructions: history.trace.totals().user - before.user,
  };
}

/** All the watches, and the hooks of the machine that they hear through. */
class Gallery {
  private readonly session: Session;
  private readonly watches: readonly Watch[];
  private readonly open: Open[] = [];
  private readonly pages = new Map<number, Watch[]>();
  private unmapped: Watch[] = [];
  private raised: { rip: bigint; cpl: number; at: number } | null = null;
  private onException: Session['machine']['observers']['onException'];

  constructor(session: Session, watches: readonly Watch[]) {
    this.session = session;
    this.watches = watches;
    this.unmapped = watches.filter(({ page }) => page !== undefined);
  }

  install(history: History): void {
    const { machine } = this.session;
    const { cpu, engine } = machine;
    const { watches } = this;
    this.onException = machine.observers.onException;
    machine.observers.onException = () => {
      this.raised = { rip: cpu.rip, cpl: cpu.cpl, at: machine.count };
    };
    if (watches.some(({ syscall }) => syscall !== undefined)) {
      machine.observers.stopBefore((insn) => {
        if (insn.encoding.op === 'syscall') this.syscall(BigInt.asUintN(64, cpu.rip + BigInt(insn.length)));
        return false;
      });
    }
    machine.observers.probeRoutines(() => this.routine());
    history.trace.watch((item) => {
      for (const watch of watches) watch.crossing?.(item);
    });
    cpu.tlb.onNoticed = (page) => {
      const place = { rip: cpu.rip, cpl: cpu.cpl, at: machine.count };
      for (const watch of this.pages.get(page) ?? []) watch.written?.(place);
    };
    for (const { place } of watches) if (place !== undefined) engine.breakpoints.add(place);
    engine.breakpointsChanged();
    this.look();
  }

  remove(history: History): void {
    const { machine } = this.session;
    const { cpu, engine } = machine;
    machine.observers.onException = this.onException;
    machine.observers.stopBefore(undefined);
    machine.observers.probeRoutines(undefined);
    history.trace.watch(undefined);
    cpu.tlb.onNoticed = () => undefined;
    for (const page of this.pages.keys()) cpu.tlb.unmark(page, PageUse.noticed);
    for (const { place } of this.watches) if (place !== undefined) engine.breakpoints.delete(place);
    engine.breakpointsChanged();
  }

  /** A page is found by its address once ring 3 runs and it is mapped: before, addresses mean something else. */
  private findPages(): void {
    const { cpu } = this.session.machine;
    if (this.unmapped.length === 0 || cpu.cpl !== 3) return;
    this.unmapped = this.unmapped.filter((watch) => {
      const [piece] = piecesOf(cpu, { kind: 'memory', address: watch.page ?? 0n, bytes: 1 }) ?? [];
      if (piece === undefined) return true;
      const page = piece.physical >>> 12;
      this.pages.set(page, [...(this.pages.get(page) ?? []), watch]);
      cpu.tlb.mark(page, PageUse.noticed);
      return false;
    });
  }

  /** Between two pieces of the run: has it stopped at a place that somebody waits for? */
  look(): void {
    const { machine } = this.session;
    const { rip, cpl } = machine.cpu;
    for (const watch of this.watches) if (watch.place === rip) watch.arrived?.(cpl, machine.retired);
  }

  private syscall(rip: bigint): void {
    const { machine } = this.session;
    const { cpu } = machine;
    this.findPages();
    const number = cpu.reg(0);
    const notes = new Map<Watch, unknown>();
    for (const watch of this.watches) {
      const note = watch.syscall?.(number, machine.count);
      if (note !== undefined) notes.set(watch, note);
    }
    if (cpu.cpl !== 3 || notes.size === 0) return;
    this.open.push({ at: machine.count, number, rip, cr3: cpu.get(S.cr3), notes });
    if (this.open.length > MOST_OPEN) this.open.shift();
  }

  private routine(): void {
    const { machine } = this.session;
    const { cpu } = machine;
    this.findPages();
    const { raised } = this;
    if (raised !== null) {
      this.raised = null;
      for (const fault of cpu.chain) for (const watch of this.watches) watch.exception?.(fault, raised);
    }
    for (const watch of this.watches) watch.routine?.(machine.count);
    if (this.open.length > 0 && cpu.cpl === 3) this.comeBack();
  }

  private comeBack(): void {
    const { cpu } = this.session.machine;
    const cr3 = cpu.get(S.cr3);
    const index = this.open.findLastIndex((call) => call.rip === cpu.rip && call.cr3 === cr3);
    const call = this.open[index];
    if (call === undefined) return;
    this.open.splice(index, 1);
    for (const [watch, note] of call.notes) watch.returned?.(note, call);
  }
}
