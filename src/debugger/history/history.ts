/**
 * A machine with its past: start and events, checkpoints to go back to, what it sent and where it crossed rings
 * (DESIGN.md, "History and links"). What takes long is a generator that yields after at most SLICE instructions, so that
 * whoever drives it can look at messages in between, or drop it.
 */
import { S } from '../../cpu/layout.ts';
import type { Problem } from '../../machine/loader/problem.ts';
import type { Machine, MachineSetup, StopReason } from '../../machine/machine.ts';
import { Branches, type EndState } from './branches.ts';
import { Checkpoints, type Limits, LIMITS } from './checkpoints.ts';
import { applyEvent, type HistoryEvent, type RecordedEvent } from './events.ts';
import { lost } from './lost.ts';
import { OutputLog } from './outputLog.ts';
import { intervalFor, Pace } from './pace.ts';
import { compare, type Place, type Position, same } from './position.ts';
import { Trace, type TraceState } from './trace.ts';

/** What a checkpoint keeps beside the machine. */
export interface Cursors {
  readonly output: number;
  readonly trace: TraceState;
  /** Instructions since the start, as long as interpreted ones take. */
  readonly executed: number;
}

/** Yields instructions run since the last yield. */
export type Work<Result> = Generator<number, Result>;

export function finish<Result>(work: Work<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const SLICE = 1 << 20;
/** A checkpoint is made this many instructions before the goal of a long way: those who go back often go on going back. */
const NEAR = 20_000;
const LONG_WAY = 200_000;

export class History {
  readonly machine: Machine;
  readonly output = new OutputLog();
  readonly trace: Trace;
  readonly branches = new Branches();
  private readonly points: Checkpoints<Cursors>;
  private list: RecordedEvent[] = [];
  private applied = 0;
  private last: Position;
  private readonly pace: Pace;
  /** A debugger has run part of the instruction here: going anywhere, even here, begins at a checkpoint. */
  halfDone = false;

  /** From now on the machine is recorded; its serial output goes to `output`. */
  constructor(machine: Machine, limits: Limits = LIMITS) {
    this.machine = machine;
    this.trace = new Trace(machine);
    machine.observers.record(this.trace);
    machine.onSerial = (byte) => this.output.put(byte, machine.count, machine.turns);
    this.last = this.position;
    this.pace = new Pace(machine.retired);
    this.points = new Checkpoints(machine, this.position, this.cursors(), limits);
  }

  get position(): Position {
    const { machine } = this;
    return { count: machine.retired, time: machine.elapsed, turn: machine.turns, events: this.applied };
  }
  /** The farthest place of the present branch. */
  get end(): Position {
    return this.last;
  }
  get start(): Position {
    return this.points.checkpoint(0).position;
  }
  get events(): readonly RecordedEvent[] {
    return this.list;
  }
  /** Bytes that checkpoints take, roughly. */
  get bytes(): number {
    return this.points.bytes;
  }
  get checkpoints(): readonly { readonly position: Position; readonly extra: Cursors }[] {
    return this.points.all();
  }
  get inPast(): boolean {
    return this.applied < this.list.length || compare(this.position, this.last) < 0;
  }

  private get work(): number {
    return this.pace.work(this.trace.position);
  }
  private cursors(): Cursors {
    return { output: this.output.length, trace: this.trace.save(), executed: this.pace.executed };
  }

  /** Runs like Machine.run. In the past, what was recorded happens again. */
  run(count: number, idleLimit = Number.POSITIVE_INFINITY): StopReason {
    const end = this.machine.retired + count;
    const idleEnd = this.idle + idleLimit;
    for (;;) {
      this.applyDue();
      const before = this.position;
      const reason = this.piece(end, Number.POSITIVE_INFINITY, idleEnd - this.idle);
      const ended = this.machine.retired >= end || this.idle >= idleEnd;
      switch (reason) {
        case 'turn':
          continue;
        case 'count':
          if (ended) return reason;
          continue;
        case 'idle':
          if (this.applied === this.list.length) return reason;
          // Something was sent to the idle machine, here or after more time had passed.
          if (!this.dueHere && same(before, this.position)) throw lost(this.list[this.applied]?.at ?? before, before);
          continue;
        default:
          return reason;
      }
    }
  }

  /** Applies the events recorded for the very place where the machine stands. */
  private applyDue(): void {
    const before = this.applied;
    while (this.applyOne());
    if (this.applied !== before) this.noteEnd();
  }
  private get dueHere(): boolean {
    const next = this.list[this.applied];
    return next !== undefined && same(next.at, this.position);
  }
  private applyOne(): boolean {
    const next = this.list[this.applied];
    if (next === undefined || !this.dueHere) return false;
    applyEvent(this.machine, next.event);
    this.applied += 1;
    return true;
  }

  /** Guest nanoseconds spent halted. */
  private get idle(): number {
    return this.machine.elapsed - this.machine.retired;
  }

  /** One call of Machine.run: to `end`, or to where something has to be done. */
  private piece(end: number, turn: number, idleLimit = Number.POSITIVE_INFINITY): StopReason {
    const { machine, points } = this;
    const from = machine.retired;
    const event = this.list[this.applied];
    const next = points.next;
    let goal = Math.max(end, from);
    let stopAtTurn = turn;
    if (event !== undefined) {
      idleLimit = Math.min(idleLimit, event.at.time - event.at.count - this.idle);
      if (event.at.count > from) goal = Math.min(goal, event.at.count);
      else stopAtTurn = Math.min(stopAtTurn, event.at.turn > machine.turns ? event.at.turn : stopAtTurn);
    }
    if (next !== undefined && next.position.count > from) goal = Math.min(goal, next.position.count);
    if (next === undefined) goal = Math.min(goal, Math.max(this.pace.wanted, from + 1));
    machine.stopAtTurn = stopAtTurn;
    const { compiled } = machine.engine;
    const reason = machine.run(goal - from, idleLimit);
    this.pace.ran(machine.retired - from, machine.engine.compiled - compiled);
    machine.stopAtTurn = Number.POSITIVE_INFINITY;
    // Nobody can stand between an interrupt and its handler but one who brings it there by micro-steps.
    if (machine.holding) return reason;
    this.arrived(reason, machine.retired > from && machine.cpu.low(S.halted) === 0);
    this.noteEnd();
    return reason;
  }

  private noteEnd(): void {
    const { position } = this;
    if (compare(position, this.last) > 0) this.last = position;
  }

  /** Passes or makes a checkpoint. They stand where a run first gets to a count, before what is done there. */
  private arrived(reason: StopReason, first: boolean): void {
    const { points, machine } = this;
    const { next } = points;
    if (next !== undefined) {
      const ahead = compare(next.position, this.position);
      if (ahead > 0) return;
      if (ahead < 0) throw lost(next.position, this.position);
      points.pass();
      this.pace.executed = points.present.extra.executed;
      return;
    }
    if (!first || reason !== 'count' || !this.pace.looks(machine)) return;
    if (this.work - points.present.work < intervalFor(points.dirty)) return;
    points.add(this.position, this.work, this.cursors());
    points.thin();
  }

  /**
   * Makes something happen here and records it. In the past this begins a branch; the present one is kept. A problem
   * leaves everything as it was.
   */
  record(event: HistoryEvent): Problem | undefined {
    const at = this.position;
    // Events in memory and registers change nothing when refused; those that reset are checked before they begin.
    const forking = this.inPast;
    const { list } = this;
    const kept = forking ? this.endState() : undefined;
    if (event.kind === 'load' || event.kind === 'reset') {
      const refused = event.kind === 'load' ? this.machine.check(event) : undefined;
      if (refused !== undefined) return refused;
      if (forking) this.fork(list, kept);
      applyEvent(this.machine, event);
    } else {
      const refused = applyEvent(this.machine, event);
      if (refused !== undefined) return refused;
      if (forking) this.fork(list, kept);
    }
    this.list.push({ at, event });
    this.applied += 1;
    this.last = this.position;
    return undefined;
  }

  /** What the machine booted first. */
  get startFiles(): Pick<MachineSetup, 'kernel' | 'commandLine' | 'modules'> {
    return this.points.checkpoint(0).machine.setup;
  }

  /** Takes over what was recorded elsewhere from the same start; `reached` was reached there. Only before anything ran. */
  adopt(events: readonly RecordedEvent[], reached: Position): void {
    if (this.list.length > 0 || !this.atEnd()) throw new Error('this history has begun already');
    this.list = [...events];
    const last = events.at(-1);
    const afterLast = last === undefined ? reached : { ...last.at, events: events.length };
    this.last = compare(afterLast, reached) > 0 ? afterLast : reached;
  }

  private atEnd(): boolean {
    return compare(this.position, this.last) === 0;
  }
  /** What is to be kept of the present branch when another one is gone to. */
  endState(): EndState {
    return {
      events: this.list,
      end: this.last,
      output: this.output.slice(0, this.output.known),
      outputFrom: this.output.dropped,
    };
  }

  /** What is known beyond this place becomes a branch of its own, and nothing has been done here yet on a new one. */
  branchHere(): void {
    if (this.inPast) this.fork(this.list, this.endState());
  }

  /** Forgets what was run beyond this place, as if nobody ever had. Only where no event lies beyond it. */
  forgetBeyond(): void {
    this.cutTo(this.list.slice(0, this.applied));
  }

  /** What was known beyond the present place becomes a branch of its own. */
  private fork(list: readonly RecordedEvent[], state: EndState | undefined): void {
    if (state !== undefined) this.branches.leave(state, this.position);
    this.cutTo(list.slice(0, this.applied));
  }
  private cutTo(list: RecordedEvent[]): void {
    this.list = list;
    this.last = this.position;
    this.output.cut();
    this.trace.cut();
    this.points.cut();
    this.pace.cutTo(this.points.present.position.count);
  }

  /** What is known beyond this place gives way to what happened on another branch, which shares all before it. */
  continueAs(events: readonly RecordedEvent[], end: Position): void {
    this.cutTo([...events]);
    this.last = end;
  }

  /**
   * Goes to a place: the first arrival at an instruction count, with what was done there, or exactly the place when turn,
   * time and events are given. Beyond the end it goes to the end.
   */
  *seek(place: Place): Work<void> {
    const goal: Place = place.count > this.last.count ? this.last : place;
    const { points } = this;
    const exact = goal.events === undefined ? undefined : (goal as Position);
    const n = exact === undefined ? points.indexBeforeCount(goal.count) : points.indexBefore(exact);
    const { position } = this;
    const behind = exact === undefined ? position.count < goal.count : compare(position, exact) <= 0;
    if (!behind || this.halfDone || compare(position, points.checkpoint(n).position) < 0) this.goToCheckpoint(n);
    if (goal.count - points.present.position.count > LONG_WAY && goal.count - this.machine.retired > NEAR) {
      yield* this.forward({ count: goal.count - NEAR });
      this.keepHere();
    }
    yield* this.forward(goal);
  }

  private goToCheckpoint(n: number): void {
    this.halfDone = false;
    const { position, extra } = this.points.goTo(n);
    this.applied = position.events;
    this.output.length = extra.output;
    this.trace.restore(extra.trace);
    this.pace.executed = extra.executed;
  }
  /** Makes a checkpoint of this place, to which going back is then quick. */
  keepHere(): void {
    const { retired } = this.machine;
    const event = this.list[this.applied - 1];
    if (retired === this.points.present.position.count || event?.at.count === retired) return;
    this.points.add(this.position, this.work, this.cursors());
    this.points.fit();
  }

  /** Runs on to a place ahead. */
  private *forward(goal: Place): Work<void> {
    const { machine } = this;
    let stuck = 0;
    while (!this.isAt(goal)) {
      const before = this.position;
      if (goal.events === undefined || this.applied < goal.events) {
        if (this.applyOne()) continue;
      }
      const { retired } = machine;
      if (retired < goal.count)
        this.piece(Math.min(goal.count, retired + SLICE), Number.POSITIVE_INFINITY, this.idleAhead(goal));
      else
        this.piece(
          retired + 1,
          this.turnAhead(goal),
          goal.time === undefined ? undefined : goal.time - machine.elapsed,
        );
      if (machine.retired > goal.count) throw lost(goal, this.position);
      stuck = compare(before, this.position) === 0 ? stuck + 1 : 0;
      if (stuck > 2) throw lost(goal, before);
      yield machine.retired - before.count;
    }
    // What was done at this very place belongs to it when nothing else is said.
    if (goal.events === undefined) this.applyDue();
  }

  /** Runs on to a place ahead by no short cut: whoever watches sees all that happens on the way. */
  *replay(goal: Position): Work<void> {
    yield* this.forward(goal);
  }

  /** Time to spend halted on the way to a goal: its last instruction may be the HLT that time passes in. */
  private idleAhead({ count, time }: Place): number {
    return time === undefined ? Number.POSITIVE_INFINITY : time - count - this.idle;
  }

  /** Where to stop when the goal's count is reached: at its turn, or, while time has to pass, before another one. */
  private turnAhead({ turn }: Place): number {
    if (turn === undefined) return Number.POSITIVE_INFINITY;
    return turn > this.machine.turns ? turn : turn + 1;
  }

  private isAt(goal: Place): boolean {
    const { machine } = this;
    if (machine.retired !== goal.count) return false;
    if (goal.turn !== undefined && machine.turns !== goal.turn) return false;
    if (goal.time !== undefined && machine.elapsed !== goal.time) return false;
    return goal.events === undefined || goal.events === this.applied;
  }

  /** To the next place where one can stand: after an event, an exception, an interrupt or an instruction. */
  step(): StopReason | 'event' {
    if (this.applyOne()) return 'event';
    const { machine } = this;
    return this.piece(machine.retired + 1, machine.turns + 1);
  }

  /** To the place before this one; false at the start. */
  *stepBack(): Work<boolean> {
    const here = this.position;
    if (compare(here, this.start) <= 0) return false;
    yield* this.seek(here.count > this.start.count ? { count: here.count - 1 } : this.start);
    if (compare(this.position, here) >= 0) yield* this.seek(this.start);
    let before = this.position;
    for (;;) {
      this.step();
      yield 1;
      const { position } = this;
      if (compare(position, here) >= 0 || compare(position, before) === 0) break;
      before = position;
    }
    yield* this.seek(before);
    return true;
  }
}
