/**
 * Random walks through histories: forward, back, jumps, micro-steps, edits, pokes, typing, resets, searches given up on
 * the way, branches, comparisons. The state at every place that is met again has to be the one of the first visit. Runs in Node and in
 * a browser's worker alike, and says in a digest what it saw, so that the two can be compared.
 */
import { compareWith } from '../debugger/history/branching.ts';
import { finish, History } from '../debugger/history/history.ts';
import { compare, type Position } from '../debugger/history/position.ts';
import type { Target } from '../debugger/history/target.ts';
import type { BackTarget } from '../debugger/history/views.ts';
import { Journey, type Way } from '../debugger/journey.ts';
import { Session } from '../debugger/session.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { Hash } from '../machine/stateHash.ts';
import { seededRandom } from './random.ts';

/** Bytes of a built file by its name: "emergence", "userprog". */
export type Files = (name: string) => Uint8Array;

export interface WalksResult {
  readonly walks: number;
  /** Looks at the state, and how many of them were at a place met before. */
  readonly looks: number;
  readonly revisits: number;
  /** 16 hexadecimal digits over every state in the order of the looks. */
  readonly digest: string;
  /** The first states that were not those of the first visit. Empty when all is well. */
  readonly failures: readonly string[];
}

interface World {
  readonly program: string;
  readonly commandLine: string;
  /** Walks stay below this count, more or less. */
  readonly length: number;
}

export const WORLDS: readonly World[] = [
  { program: 'userprog', commandLine: '', length: 60_000 },
  { program: 'zoo', commandLine: '', length: 1_500_000 },
  { program: 'echo', commandLine: '', length: 400_000 },
  { program: 'counters', commandLine: '', length: 4_000_000 },
  { program: 'forktree', commandLine: '', length: 700_000 },
];

const MOVES = 25;
const MEMORY_BYTES = 16 << 20;
const BACK: readonly BackTarget[] = ['syscall', 'sysret', 'ring-change', 'exception', 'interrupt', 'output', 'start'];
const ASKED: readonly Target[] = [
  { kind: 'register', name: 'rax' },
  { kind: 'register', name: 'cr3' },
  { kind: 'msr', name: 'IA32_FMASK' },
  { kind: 'descriptor', table: 'gdt', index: 3 },
  { kind: 'physical', address: 0x100000n, bytes: 8 },
];

class Walker {
  readonly failures: string[] = [];
  looks = 0;
  revisits = 0;
  private readonly files: Files;
  private readonly random: (limit: number) => number;
  private readonly length: number;
  private readonly session: Session;
  private readonly history: History;
  private readonly first = new Map<string, string>();
  private readonly places: { readonly key: string; readonly position: Position }[] = [];
  /** Events as they were recorded, by number: a place belongs to all branches that share them. */
  private readonly numbers = new WeakMap<object, number>();
  private numbered = 0;

  constructor({ program, commandLine, length }: World, files: Files, seed: number) {
    this.files = files;
    this.random = seededRandom(seed);
    this.length = length;
    const machine = Machine.create({
      kernel: files('emergence'),
      commandLine,
      modules: [{ name: program, bytes: files(program) }],
      memoryBytes: MEMORY_BYTES,
      cpu: 'intel',
    });
    if (isProblem(machine)) throw new Error(machine.detail);
    this.history = new History(machine);
    this.session = new Session(machine, this.history);
  }

  private keyOf(position: Position, microSteps: number): string {
    const events = this.history.events.slice(0, position.events).map((event) => {
      let number = this.numbers.get(event);
      if (number === undefined) {
        number = ++this.numbered;
        this.numbers.set(event, number);
      }
      return number;
    });
    return `${position.count} ${position.time} ${position.turn} [${events}] ${microSteps}`;
  }

  /** Compares the state here with that of the first visit. */
  look(doing: string, seen: Hash): void {
    const { session, history, first } = this;
    const { position, microSteps } = session.stand() ?? { position: history.position, microSteps: 0 };
    const key = this.keyOf(position, microSteps);
    const hash = history.machine.hash();
    seen.text(`${key} ${hash}`);
    this.looks += 1;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, hash);
      if (microSteps === 0) this.places.push({ key, position });
      return;
    }
    this.revisits += 1;
    if (before !== hash) this.failures.push(`${doing}: at ${key} the state is ${hash}, was ${before}`);
  }

  move(): string {
    const { history, random, length, session } = this;
    switch (random(16)) {
      case 0:
      case 1: {
        const count = 1 + random(random(4) === 0 ? length / 4 : 2000);
        session.begin('ever');
        if (!session.advance(count)) session.pause();
        return `a run of ${count}`;
      }
      case 2:
        return this.forward('step');
      case 3:
        return this.forward('over');
      case 4: {
        const steps = 1 + random(12);
        for (let n = 0; n < steps; n++) session.microStep();
        return `${steps} micro-steps`;
      }
      case 5:
      case 6:
        return this.go({ kind: 'micro-step-back' });
      case 7:
      case 8:
        return this.go({ kind: 'step-back' });
      case 9:
        return this.go({ kind: 'step-back-over' });
      case 10:
        return this.go({ kind: 'go-to', count: random(history.end.count + 1) });
      case 11: {
        const place = this.places[random(this.places.length)];
        if (place === undefined || !this.isOnPath(place)) return 'nothing';
        return this.goExactly(place.position);
      }
      case 12:
        session.type(Uint8Array.of(97 + random(20), 13));
        return 'typing';
      case 13:
        return this.go({ kind: 'run-back', target: BACK[random(BACK.length)] ?? 'start' }, random(3) === 0);
      case 14:
        return this.edit();
      default:
        return this.ask();
    }
  }

  private ask(): string {
    const { random } = this;
    const asked = (): Target => ASKED[random(ASKED.length)] as Target;
    switch (random(5)) {
      case 0:
      case 1:
        return this.go({ kind: 'who-set', target: asked() }, random(3) === 0);
      case 2:
        return this.go({ kind: 'change', targets: [asked(), asked()] }, random(3) === 0);
      case 3:
        return this.compare(random(4));
      default:
        return this.go({ kind: 'branch', id: random(4) }, random(4) === 0);
    }
  }

  /** Looks at both ends and comes back. */
  private compare(id: number): string {
    const { session, history } = this;
    const before = JSON.stringify([session.stand(), history.end, history.branches.present]);
    finish(session.aside(history, () => compareWith(history, id)));
    if (JSON.stringify([session.stand(), history.end, history.branches.present]) !== before) {
      this.failures.push(`a comparison with ${id} did not come back`);
    }
    return `a comparison with branch ${id}`;
  }

  private forward(goal: 'step' | 'over'): string {
    const { session } = this;
    session.begin(goal);
    if (!session.advance(20_000)) session.pause();
    return `one ${goal}`;
  }

  private go(way: Way, givenUp = false): string {
    const { session, history } = this;
    const before = session.stand();
    const journey = new Journey(session, history, way);
    let state = journey.advance();
    if (givenUp && state === 'under way') journey.cancel();
    while (state === 'under way') state = journey.advance();
    const what = JSON.stringify(way, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    const after = session.stand();
    const stays = givenUp || typeof state !== 'string';
    if (stays && (after?.microSteps !== before?.microSteps || after?.position.time !== before?.position.time)) {
      if (givenUp === false || journey.cancelled) this.failures.push(`${what} did not come back`);
    }
    return `${what}${journey.cancelled ? ' given up' : ''}`;
  }

  private goExactly(position: Position): string {
    const { session, history } = this;
    session.prepareToMove();
    const work = history.seek(position);
    while (!work.next().done);
    session.moved({ text: '', reason: 'step' });
    if (JSON.stringify(history.position) !== JSON.stringify(position)) {
      this.failures.push(`${JSON.stringify(position)} was not reached`);
    }
    return 'a return to a place';
  }

  private edit(): string {
    const { history, random, session } = this;
    const poke = (target: Target, value: bigint): string => {
      session.prepareToMove();
      history.record({ kind: 'poke', target, value });
      session.moved({ text: '', reason: 'step' });
      return `a poke of ${target.kind}`;
    };
    switch (random(8)) {
      case 0:
        return poke({ kind: 'register', name: 'rbx' }, BigInt(random(1 << 30)));
      case 1:
        return poke({ kind: 'msr', name: 'IA32_FMASK' }, BigInt(random(1 << 16)));
      case 2:
      case 3:
        return poke({ kind: 'physical', address: BigInt(0x100000 + random(0x20000)), bytes: 2 }, BigInt(random(65536)));
      case 4:
        return poke({ kind: 'descriptor', table: 'gdt', index: 3 }, BigInt(random(65536)) << 37n);
      case 5:
      case 6: {
        const { kernel, commandLine, modules } = history.machine.setup;
        const name = modules[0]?.name ?? 'userprog';
        const restart = random(2) === 0 ? name : undefined;
        const bytes = this.files(WORLDS[random(WORLDS.length)]?.program ?? 'userprog');
        session.load({ kernel, commandLine, modules: [{ name, bytes }] }, restart);
        return `a program swapped${restart === undefined ? '' : ' where it is read'}`;
      }
      default:
        session.prepareToMove();
        history.record({ kind: 'reset' });
        session.moved({ text: '', reason: 'boot' });
        return 'a reset';
    }
  }

  /** Whether a place is on the present branch: its events are the first ones there, and the next one comes later. */
  private isOnPath({ key, position }: { readonly key: string; readonly position: Position }): boolean {
    const { history } = this;
    const next = history.events[position.events];
    const fits = position.events <= history.events.length && compare(position, history.end) <= 0;
    return fits && (next === undefined || compare(position, next.at) <= 0) && this.keyOf(position, 0) === key;
  }
}

/** `count` walks from a seed on, a world after the other. */
export function walks(files: Files, seed: number, count: number): WalksResult {
  const seen = new Hash();
  const failures: string[] = [];
  let [looks, revisits] = [0, 0];
  for (let n = 0; n < count; n++) {
    const world = WORLDS[(seed + n) % WORLDS.length] as World;
    const walker = new Walker(world, files, (seed + n) * 7919);
    const name = `walk ${seed + n} (${world.program})`;
    for (let move = 0; move < MOVES && walker.failures.length === 0; move++) {
      let doing = 'a move';
      try {
        doing = walker.move();
        walker.look(`${name}, move ${move}, ${doing}`, seen);
      } catch (e) {
        walker.failures.push(`${name}, move ${move}, after ${doing}: ${e instanceof Error ? e.stack : String(e)}`);
      }
    }
    looks += walker.looks;
    revisits += walker.revisits;
    failures.push(...walker.failures.map((failure) => (failure.startsWith('walk') ? failure : `${name}: ${failure}`)));
  }
  return { walks: count, looks, revisits, digest: seen.digest, failures };
}
