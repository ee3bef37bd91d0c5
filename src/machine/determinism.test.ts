/** Same start and same events give the same bits, however the run is cut into pieces. */
import { describe, expect, test } from 'vitest';
import { emergence } from '../testing/emergence.ts';
import { seededRandom } from '../testing/random.ts';
import type { Machine } from './machine.ts';

interface Case {
  readonly name: string;
  readonly programs: readonly string[];
  readonly commandLine?: string;
  /** Instructions to look at. */
  readonly length: number;
  /** How many places to stop at. */
  readonly stops: number;
  readonly input?: string;
}

const CASES: readonly Case[] = [
  { name: 'the whole boot', programs: ['userprog'], length: 60_000, stops: 40 },
  { name: 'faults of every kind', programs: ['zoo'], length: 2_000_000, stops: 8 },
  { name: 'preemption by the timer', programs: ['counters'], length: 45_000_000, stops: 5 },
  { name: 'preemption by the 8254', programs: ['counters'], commandLine: 'timer=8254', length: 45_000_000, stops: 3 },
  { name: 'fork and exit', programs: ['forktree'], length: 700_000, stops: 12 },
  { name: 'sleeping, exec and wait', programs: ['errors', 'hello'], length: 300_000, stops: 12 },
  { name: 'typed lines', programs: ['echo'], length: 400_000, stops: 12, input: 'one\rtwo\r\x04' },
];

function start({ programs, commandLine, input = '' }: Case): Machine {
  const { machine } = emergence(programs, commandLine);
  for (const byte of Buffer.from(input, 'latin1')) machine.receiveSerial(byte);
  return machine;
}

/** Stops for a case, rising. */
function stopsOf({ length, stops }: Case, random: (limit: number) => number): number[] {
  return Array.from({ length: stops }, () => random(length)).sort((a, b) => a - b);
}

describe.each(CASES)('$name', (testCase) => {
  test('two runs end in the same state', () => {
    const [one, other] = [start(testCase), start(testCase)];
    expect(one.run(testCase.length)).toBe(other.run(testCase.length));
    expect(other.retired).toBe(one.retired);
    expect(other.hash()).toBe(one.hash());
  });

  test('N instructions and then M are N + M instructions, at random N', () => {
    const random = seededRandom(testCase.length);
    const whole = start(testCase);
    whole.run(testCase.length);
    const atEnd = whole.hash();
    // Goes from stop to stop in random pieces.
    const walker = start(testCase);
    for (const stop of stopsOf(testCase, random)) {
      const reached = Math.min(stop, whole.retired);
      while (walker.retired < stop && walker.run(1 + random(stop - walker.retired)) === 'count');
      const direct = start(testCase);
      direct.run(stop);
      expect([walker.retired, direct.retired]).toEqual([reached, reached]);
      expect(walker.hash(), `after ${stop}`).toBe(direct.hash());
      direct.run(testCase.length - stop);
      expect(direct.hash(), `after ${stop} and the rest`).toBe(atEnd);
    }
    walker.run(testCase.length - walker.retired);
    expect(walker.hash()).toBe(atEnd);
  });
});

describe('single steps', () => {
  /** Steps one machine and runs another, from one count to a later one. */
  function expectSameSteps(testCase: Case, from: number, count: number, every: number): void {
    const [stepped, fast] = [start(testCase), start(testCase)];
    stepped.run(from);
    fast.run(from);
    for (let done = 0; done < count; ) {
      const piece = Math.min(every, count - done);
      for (let i = 0; i < piece; i++) stepped.run(1);
      fast.run(piece);
      done += piece;
      expect(fast.retired).toBe(stepped.retired);
      expect(fast.cpu.rip, `after ${fast.retired}`).toBe(stepped.cpu.rip);
      expect(fast.hash(), `after ${fast.retired}`).toBe(stepped.hash());
    }
  }

  test('make the same boot as a run', () => expectSameSteps(CASES[0]!, 0, 45_000, 1501));
  test('make the same faults as a run', () => expectSameSteps(CASES[1]!, 100_000, 100_000, 9973));
  test('make the same timer interrupts as a run', () => expectSameSteps(CASES[2]!, 30_000_000, 50_000, 4999));
  test('make the same processes as a run', () => expectSameSteps(CASES[4]!, 60_000, 200_000, 19_997));
});

describe('tracing', () => {
  test('changes nothing', () => {
    const [traced, plain] = [start(CASES[1]!), start(CASES[1]!)];
    let crossings = 0;
    traced.observers.onTransition(() => crossings++);
    traced.run(1_000_000);
    plain.run(1_000_000);
    expect(crossings).toBeGreaterThan(50);
    expect(traced.hash()).toBe(plain.hash());
  });

  test('says where CPL changes: at that count it has not changed yet', () => {
    const traced = start(CASES[0]!);
    const crossings: { at: number; from: { cpl: number; rip: bigint }; to: { cpl: number; rip: bigint } }[] = [];
    traced.observers.onTransition((transition) => crossings.push(transition));
    traced.run(100_000);
    expect(crossings.map(({ to }) => to.cpl)).toEqual([3, 0, 3, 0]);
    const other = start(CASES[0]!);
    for (const { at, from, to } of crossings) {
      other.run(at - other.retired);
      expect([other.cpu.cpl, other.cpu.rip]).toEqual([from.cpl, from.rip]);
      other.run(1);
      expect([other.cpu.cpl, other.cpu.rip]).toEqual([to.cpl, to.rip]);
    }
  });
});

describe('a requested stop', () => {
  test('comes right behind the instruction that sent the byte, and changes nothing', () => {
    const one = emergence(['userprog']);
    const stops: number[] = [];
    one.machine.onSerial = () => one.machine.requestStop();
    while (one.machine.run(1_000_000) === 'requested') stops.push(one.machine.retired);
    expect(stops.length).toBeGreaterThan(200);
    const other = emergence(['userprog']);
    const sent: string[] = [];
    for (const stop of stops) {
      other.machine.run(stop - 1 - other.machine.retired);
      const before = other.log();
      other.machine.run(1);
      sent.push(other.log().slice(before.length));
    }
    expect(sent.every((text) => text.length === 1)).toBe(true);
    expect(sent.join('')).toContain('RING3 OK\n[USER] Process exited with code: 0\n');
    other.machine.run(1_000_000);
    expect(one.machine.hash()).toBe(other.machine.hash());
  });
});
