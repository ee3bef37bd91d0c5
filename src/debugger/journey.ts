/**
 * Ways through a session's history that can be given up: the machine then stands where it stood, as it does when
 * nothing is found.
 */
import { type Problem, problem } from '../machine/loader/problem.ts';
import { switchTo } from './history/branching.ts';
import type { History, Work } from './history/history.ts';
import { LostError } from './history/lost.ts';
import { compare, same } from './history/position.ts';
import { lastChange } from './history/lastChange.ts';
import { goToOutput, runBack, whoSet } from './history/search.ts';
import { stepBackOver } from './history/stepBackOver.ts';
import type { Target } from './history/target.ts';
import { nameOf, titleOf } from './history/titles.ts';
import type { BackTarget } from './history/views.ts';
import type { Session, Stand } from './session.ts';
import { recall } from './why/recall.ts';

export type Way =
  | { readonly kind: 'step-back' }
  | { readonly kind: 'step-back-over' }
  | { readonly kind: 'micro-step-back' }
  /** To just before the last such thing. */
  | { readonly kind: 'run-back'; readonly target: BackTarget }
  /** To the first arrival at an instruction count; beyond the end, to the end. */
  | { readonly kind: 'go-to'; readonly count: number }
  /** To the instruction that sent a byte of the output. */
  | { readonly kind: 'output'; readonly offset: number }
  /** To the instruction that changed a piece of state last. */
  | { readonly kind: 'who-set'; readonly target: Target }
  /** To the last change of any of these pieces of state. */
  | { readonly kind: 'change'; readonly targets: readonly Target[] }
  /** To the end of another branch. */
  | { readonly kind: 'branch'; readonly id: number };

/** What a run back was looking for, in words. */
const BACK = {
  breakpoint: 'breakpoint',
  syscall: 'SYSCALL',
  sysret: 'SYSRET',
  'ring-change': 'change of ring',
  exception: 'exception',
  interrupt: 'interrupt',
  output: 'output',
} as const;

/** What a person does where the history stands, in words; undefined when the guest goes on by itself. */
function byHand({ events, position }: History): string | undefined {
  const due = events[position.events];
  return due !== undefined && same(due.at, position) ? `Before “${titleOf(due.event)}”, by hand, at` : undefined;
}

const START = 'At the start of the history,';
const nothing = (what: string): Problem => problem('Nothing to go back to', what);

/** Yields instructions run; gives what to say of the arrival, or why there was none. */
function* follow(session: Session, history: History, way: Way): Work<string | Problem> {
  if (way.kind === 'micro-step-back') {
    const moved = yield* session.microStepBack(history);
    if (!moved) return START;
    const inside = session.microPlace();
    return inside === undefined ? 'Back before the instruction at' : `Back inside ${inside}, at`;
  }
  const breakpoints = session.prepareToMove();
  switch (way.kind) {
    case 'step-back':
    case 'step-back-over': {
      const moved = yield* way.kind === 'step-back' ? history.stepBack() : stepBackOver(history);
      return moved ? 'Back before the instruction at' : START;
    }
    case 'run-back': {
      const found = yield* runBack(history, way.target, breakpoints);
      if (way.target === 'start') return START;
      return found
        ? `Before the ${BACK[way.target]} at`
        : nothing(`There is no ${BACK[way.target]} before this place.`);
    }
    case 'go-to':
      yield* history.seek({ count: Math.max(Math.floor(way.count), history.start.count) });
      return 'Now at';
    case 'output': {
      const found = yield* goToOutput(history, way.offset);
      return found ? 'Before the output of this character at' : nothing('Who printed this is no longer known.');
    }
    case 'who-set': {
      const found = yield* whoSet(history, way.target);
      if (!found) return nothing('It has not changed since the start.');
      return byHand(history) ?? 'It is set by the instruction at';
    }
    case 'change': {
      const changed = yield* lastChange(history, way.targets);
      if (changed === undefined) return nothing('Nothing that is watched changed before this place.');
      return byHand(history) ?? `Before the change of ${nameOf(changed)} at`;
    }
    case 'branch': {
      const found = yield* switchTo(history, way.id);
      return found ? `On ${history.branches.present.name}, at` : nothing('There is no such branch.');
    }
  }
}

export class Journey {
  private readonly session: Session;
  private readonly history: History;
  private readonly from: Stand;
  private readonly branch: number;
  private work: Work<string | Problem>;
  cancelled = false;
  private strayed = false;
  private readonly goal: number | undefined;
  /** Instructions run on the way so far. */
  instructions = 0;

  /** The machine stands still, and nobody else moves it before the journey has ended. */
  constructor(session: Session, history: History, way: Way) {
    this.session = session;
    this.history = history;
    this.from = session.stand() ?? { position: history.position, microSteps: 0 };
    this.branch = history.branches.present.id;
    this.work = this.whole(follow(session, history, way));
    this.goal = way.kind === 'go-to' ? Math.min(way.count, history.end.count) : undefined;
  }

  /** Part of the way that is done, from 0 to 1; undefined where the length of the way is not known. */
  get done(): number | undefined {
    const { goal } = this;
    if (goal === undefined || this.cancelled) return undefined;
    const left = Math.max(goal - this.history.position.count, 0);
    return this.instructions === 0 ? 0 : this.instructions / (this.instructions + left);
  }

  /** Goes on a little, 1 Mi instructions at most. "arrived": the machine stands, wherever that is. */
  advance(): 'under way' | 'arrived' | Problem {
    let step: IteratorResult<number, string | Problem>;
    try {
      step = this.work.next();
    } catch (e) {
      if (!(e instanceof LostError)) throw e;
      return this.lost();
    }
    if (!step.done) {
      this.instructions += step.value;
      return 'under way';
    }
    const said = step.value;
    const { session } = this;
    session.moved({ text: typeof said === 'string' ? `${said} ${session.place()}.` : '', reason: 'step' });
    return typeof said === 'string' ? 'arrived' : said;
  }

  /** The whole way; yields instructions run. Undefined: the machine stands, wherever that is. */
  *run(): Work<Problem | undefined> {
    for (;;) {
      const before = this.instructions;
      const state = this.advance();
      if (state !== 'under way') return state === 'arrived' ? undefined : state;
      yield this.instructions - before;
    }
  }

  /** Gives it up: what is left is the way back to where the machine stood. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.work.return('');
    this.work = this.whole(this.wayBack('Given up; still at'));
  }

  /** The way leads elsewhere than the history says; where it began can mostly be found again. */
  private lost(): 'under way' | Problem {
    const said = problem('This run cannot be repeated', 'Its instructions lead elsewhere on this version of the page.');
    if (this.strayed) {
      this.session.moved({ text: '', reason: 'step' });
      return said;
    }
    this.strayed = true;
    this.work = this.whole(this.wayBack(said));
    return 'under way';
  }

  /** A way that found nothing leads back; wherever it ends, what led there is found out. */
  private *whole(way: Work<string | Problem>): Work<string | Problem> {
    const said = yield* way;
    if (typeof said !== 'string' && !this.isBack()) yield* this.wayBack(said);
    yield* recall(this.session, this.history);
    return said;
  }
  private *wayBack(said: string | Problem): Work<string | Problem> {
    const { history, branch } = this;
    if (history.branches.present.id !== branch) yield* switchTo(history, branch);
    yield* this.session.goTo(history, this.from);
    return said;
  }
  private isBack(): boolean {
    const { from, session } = this;
    const now = session.stand();
    return now !== undefined && now.microSteps === from.microSteps && compare(now.position, from.position) === 0;
  }
}
