/** Going back and forth in a history: every place has the state it had first. */
import { describe, expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { seededRandom } from '../../testing/random.ts';
import { allCases } from '../../testing/tools.ts';
import { finish, History } from './history.ts';
import type { Position } from './position.ts';

interface World {
  readonly name: string;
  readonly programs: readonly string[];
  readonly commandLine?: string;
  /** Walks stay below this count, more or less. */
  readonly length: number;
}

const WORLDS: readonly World[] = [
  { name: 'boot and first program', programs: ['userprog'], length: 60_000 },
  { name: 'faults of every kind', programs: ['zoo'], length: 1_500_000 },
  { name: 'typed lines', programs: ['echo'], length: 400_000 },
  { name: 'preemption', programs: ['counters'], length: 8_000_000 },
  { name: 'fork and exit', programs: ['forktree'], length: 700_000 },
];

const numbers = new WeakMap<object, number>();
let numbered = 0;
function numberOf(thing: object): number {
  const known = numbers.get(thing) ?? ++numbered;
  numbers.set(thing, known);
  return known;
}

/** A place and what happened before it: the same on every branch that shares it. */
function keyOf(history: History, p: Position): string {
  const events = history.events.slice(0, p.events).map(numberOf);
  return `${p.count} ${p.time} ${p.turn} [${events}]`;
}

/** Goes about in a history at random and compares the state at every place with that of the first visit. */
class Walker {
  readonly history: History;
  readonly first = new Map<string, string>();
  readonly places: Position[] = [];
  revisits = 0;
  private readonly random: (limit: number) => number;
  private readonly length: number;

  constructor({ programs, commandLine, length }: World, seed: number) {
    this.history = new History(emergence(programs, commandLine).machine);
    this.random = seededRandom(seed);
    this.length = length;
  }

  look(doing: string): void {
    const { history } = this;
    const position = history.position;
    const key = keyOf(history, position);
    const hash = history.machine.hash();
    const before = this.first.get(key);
    if (before === undefined) {
      this.first.set(key, hash);
      this.places.push(position);
      return;
    }
    this.revisits += 1;
    expect(hash, `${doing} at ${key}`).toBe(before);
  }

  move(): string {
    const { history, random, length } = this;
    switch (random(10)) {
      case 0:
      case 1: {
        const count = 1 + random(random(4) === 0 ? length / 4 : 2000);
        return `${history.run(count)} after a run of ${count}`;
      }
      case 2:
        return `step: ${history.step()}`;
      case 3:
      case 4:
      case 5:
        return `step back: ${finish(history.stepBack())}`;
      case 6: {
        const count = random(history.end.count + 1);
        finish(history.seek({ count }));
        return `jump to ${count}`;
      }
      case 7: {
        const place = this.places[random(this.places.length)];
        if (place === undefined || !this.onPath(place)) return 'nothing';
        finish(history.seek(place));
        expect(history.position).toEqual(place);
        return 'return to a place';
      }
      case 8:
        history.record({ kind: 'serial', bytes: new Uint8Array([97 + random(20), 13]) });
        return 'typing';
      default:
        return this.poke();
    }
  }

  private poke(): string {
    const { history, random } = this;
    switch (random(6)) {
      case 0:
        history.record({ kind: 'poke', target: { kind: 'register', name: 'rbx' }, value: BigInt(random(1 << 30)) });
        return 'register poked';
      case 1:
        history.record({ kind: 'poke', target: { kind: 'msr', name: 'IA32_FMASK' }, value: BigInt(random(1 << 16)) });
        return 'MSR poked';
      case 2: {
        const address = BigInt(0x100000 + random(0x20000));
        history.record({ kind: 'poke', target: { kind: 'physical', address, bytes: 2 }, value: BigInt(random(65536)) });
        return 'memory poked';
      }
      case 3: {
        const target = { kind: 'descriptor', table: 'gdt', index: 3 } as const;
        history.record({ kind: 'poke', target, value: BigInt(random(65536)) << 37n });
        return 'descriptor poked';
      }
      case 4:
        if (random(8) === 0) history.record({ kind: 'reset' });
        return 'reset';
      default:
        finish(history.switchTo(random(4)));
        return 'another branch';
    }
  }

  /** Whether a place can be on the present branch: its events are the present ones and it is not behind the end. */
  private onPath(place: Position): boolean {
    const { history } = this;
    return (
      place.events <= history.events.length && this.first.has(keyOf(history, place)) && place.time <= history.end.time
    );
  }
}

const WALKS = allCases ? 200 : 20;
const MOVES = 25;

describe.each(WORLDS)('$name', (world) => {
  test(`${WALKS} random walks find every state as it was`, { timeout: 600_000 }, () => {
    let revisits = 0;
    for (let seed = 1; seed <= WALKS; seed++) {
      const walker = new Walker(world, seed * 7919);
      for (let n = 0; n < MOVES; n++) walker.look(`walk ${seed}, move ${n}, ${walker.move()}`);
      revisits += walker.revisits;
    }
    expect(revisits).toBeGreaterThan(WALKS);
  });
});
