/** Two machines of the same kernel and program that differ in flaws or in the processor, moved together. */
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { finish, History } from '../history/history.ts';
import { Session } from '../session.ts';
import { eventView, type Logged, logEvents, sameEvent } from './eventLog.ts';
import { FLAWS } from './flaws.ts';
import type { LabMove, LabSetup, LabView, SideSetup, SideView } from './views.ts';

/** Enough for every program that ends by itself; one that goes on for ever has shown its difference long before. */
const BUDGET = 20_000_000;
/** Half of what a playground has: two machines stand here. */
const MEMORY_BYTES = 64 << 20;
const SHOWN_OUTPUT = 4000;

export interface LabFiles {
  readonly kernel: Uint8Array;
  /** The user program that `LabSetup.program` names. */
  readonly program: Uint8Array;
}

interface Side {
  readonly session: Session;
  readonly history: History;
  readonly events: readonly Logged[];
  readonly named: SideView['events'];
  /** Index of the event that is next. */
  next: number;
}

export class Twins {
  private readonly left: Side;
  private readonly right: Side;
  private readonly difference: number | null;

  private constructor(left: Side, right: Side) {
    this.left = left;
    this.right = right;
    this.difference = firstDifference(left.events, right.events);
    this.move('difference');
  }

  /** Boots both, runs both to their end, and goes back to right before they first differ. */
  static create(setup: LabSetup, files: LabFiles): Twins | Problem {
    const left = createSide(setup.program, setup.left, files);
    if (isProblem(left)) return left;
    const right = createSide(setup.program, setup.right, files);
    if (isProblem(right)) return right;
    return new Twins(left, right);
  }

  private get sides(): readonly [Side, Side] {
    return [this.left, this.right];
  }

  /** The same move on both sides. */
  move(move: LabMove): void {
    switch (move) {
      case 'difference':
        return this.toEvent(this.difference ?? Number.POSITIVE_INFINITY);
      case 'next-event':
        return this.toEvent(Math.min(this.left.next, this.right.next) + 1);
      case 'fault':
        return this.toFault();
      case 'start':
        return this.toEvent(0);
      case 'end':
        return this.toEvent(Number.POSITIVE_INFINITY);
      default:
        for (const side of this.sides) {
          stepSide(side, move);
          side.next = nextOf(side);
        }
    }
  }

  /** Right before an event; a side that has no such event goes to its end. */
  toEvent(index: number): void {
    for (const side of this.sides) {
      const event = side.events[index];
      travel(side, event ?? side.history.end, event === undefined ? 'At the end,' : 'Before the event at');
      side.next = event === undefined ? side.events.length : index;
    }
  }

  private toFault(): void {
    const from = this.difference ?? 0;
    const raisedAt = (side: Side): number => side.events.findIndex(({ fault }, n) => n >= from && fault !== undefined);
    const found = this.sides.map(raisedAt).filter((n) => n >= 0);
    if (found.length === 0) return this.toEvent(Number.POSITIVE_INFINITY);
    const index = Math.min(...found);
    this.toEvent(index);
    for (const side of this.sides) {
      if (side.events[index]?.fault === undefined) continue;
      stepSide(side, 'step');
      side.next = nextOf(side);
    }
  }

  view(): LabView {
    return {
      left: sideView(this.left),
      right: sideView(this.right),
      difference: this.difference,
      next: { left: this.left.next, right: this.right.next },
      compared: Math.min(this.left.history.end.count, this.right.history.end.count),
    };
  }
}

function createSide(program: string, { flaws, cpu }: SideSetup, { kernel, program: bytes }: LabFiles): Side | Problem {
  const unknown = flaws.find((word) => !FLAWS.some((flaw) => flaw.word === word));
  if (unknown !== undefined) return { title: 'Unknown flaw', detail: `The kernel has no switch “${unknown}”.` };
  // The timer would let the first return by IRETQ come at a time of its own.
  const commandLine = [...flaws, 'timer=off'].join(' ');
  const modules = [{ name: program, bytes }];
  const machine = Machine.create({ kernel, commandLine, modules, memoryBytes: MEMORY_BYTES, cpu });
  if (isProblem(machine)) return machine;
  const history = new History(machine);
  const session = new Session(machine, history);
  const nameOf = (at: bigint): string => session.names([at])[0] ?? `${at.toString(16)}h`;
  const events = logEvents(history, BUDGET, nameOf);
  return { session, history, events, named: events.map(eventView), next: events.length };
}

function firstDifference(left: readonly Logged[], right: readonly Logged[]): number | null {
  const length = Math.max(left.length, right.length);
  for (let n = 0; n < length; n++) {
    const [a, b] = [left[n], right[n]];
    if (a === undefined || b === undefined || !sameEvent(a, b)) return n;
  }
  return null;
}

function travel(
  { session, history }: Side,
  place: { readonly count: number; readonly turn: number },
  said: string,
): void {
  session.prepareToMove();
  finish(history.seek(place));
  session.moved({ text: `${said} ${session.place()}.`, reason: 'step' });
}

function stepSide(side: Side, move: 'step' | 'micro-step' | 'step-back'): void {
  const { session, history } = side;
  if (move === 'step-back') {
    session.prepareToMove();
    finish(history.stepBack());
    session.moved({ text: `Back before the instruction at ${session.place()}.`, reason: 'step' });
  } else if (session.state() === 'stopped') {
    if (move === 'micro-step') session.microStep();
    else {
      session.begin('step');
      session.advance(1);
    }
  }
}

function nextOf({ history, events }: Side): number {
  const { position } = history;
  const next = events.findIndex(
    ({ count, turn }) => count > position.count || (count === position.count && turn >= position.turn),
  );
  return next < 0 ? events.length : next;
}

function sideView({ session, history, named }: Side): SideView {
  const { output } = history;
  const bytes = output.slice(Math.max(0, output.length - SHOWN_OUTPUT), output.length);
  return { machine: session.view(), output: new TextDecoder().decode(bytes), events: named };
}
