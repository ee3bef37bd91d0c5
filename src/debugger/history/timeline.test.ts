/** Branches, their comparison, and the picture of a history. */
import { describe, expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { compareWith, switchTo } from './branching.ts';
import { finish, History } from './history.ts';
import { timelineOf } from './timeline.ts';

/** Before the program's first SYSCALL; it ends before 40,000. */
const HERE = 20_000;

function recorded(count: number): History {
  const history = new History(emergence(['userprog']).machine);
  history.run(count);
  return history;
}

describe('the timeline', () => {
  test('has every crossing in order and no gaps between the rings', () => {
    const history = recorded(60_000);
    const { from, to, stretches, marks, complete } = timelineOf(history, 0, 60_000, 600);
    expect([from, to]).toEqual([0, history.end.count]);
    expect(complete).toBe(true);
    expect(stretches.map(({ user }) => user)).toEqual([0, 1, 0, 1, 0]);
    stretches.forEach((stretch, n) => expect(stretch.from).toBe(n === 0 ? 0 : stretches[n - 1]!.to));
    expect(marks.filter(({ kind }) => kind === 'syscall')).toHaveLength(2);
    for (const { count } of marks.filter(({ kind }) => kind === 'syscall')) {
      finish(history.seek({ count }));
      expect(history.machine.engine.prepare()?.encoding.op).toBe('syscall');
    }
  });

  test('is the same after going back and running past the end again', () => {
    const [once, twice] = [recorded(60_000), recorded(42_000)];
    finish(twice.seek({ count: 1000 }));
    twice.run(59_000);
    expect(timelineOf(twice, 0, 60_000, 600)).toEqual(timelineOf(once, 0, 60_000, 600));
    expect(twice.output.slice(0, twice.output.length)).toEqual(once.output.slice(0, once.output.length));
  });

  test('shows what a person did', () => {
    const history = recorded(20_000);
    history.record({ kind: 'poke', target: { kind: 'msr', name: 'IA32_FMASK' }, value: 0n });
    const { marks } = timelineOf(history, 19_000, 21_000, 10);
    expect(marks).toContainEqual({ count: 20_000, kind: 'edit', title: 'IA32_FMASK changed', offset: 0, bytes: 0 });
  });
});

describe('branches', () => {
  const broken = { kind: 'poke', target: { kind: 'msr', name: 'IA32_LSTAR' }, value: 0n } as const;

  const firstSyscall = (history: History): number =>
    timelineOf(history, 0, 60_000, 10).marks.find(({ kind }) => kind === 'syscall')!.count;

  /** Runs to the end, goes back and breaks the system call entry. */
  function forked(): History {
    const history = recorded(60_000);
    finish(history.seek({ count: firstSyscall(history) }));
    expect(history.record(broken)).toBeUndefined();
    history.run(20_000);
    return history;
  }

  test('something new in the past keeps what was there, and one can return to it', () => {
    const whole = recorded(60_000);
    const history = forked();
    expect(history.machine.hash()).not.toBe(whole.machine.hash());
    const there = history.machine.hash();
    const [left] = history.branches.all();
    expect(finish(switchTo(history, left!.id))).toBe(true);
    expect(history.machine.hash()).toBe(whole.machine.hash());
    expect(finish(switchTo(history, history.branches.all()[0]!.id))).toBe(true);
    expect(history.machine.hash()).toBe(there);
    expect(finish(switchTo(history, 99))).toBe(false);
  });

  test('differ first in the event, then in output and registers', () => {
    const history = forked();
    const difference = finish(compareWith(history, history.branches.all()[0]!.id))!;
    const count = firstSyscall(recorded(60_000));
    expect(difference.events).toEqual({ count, ours: 'IA32_LSTAR changed', theirs: null });
    expect(difference.output?.theirs).toContain('RING3 OK');
    expect(difference.output?.ours).toContain('#DF double fault');
    expect(difference.state.map(({ name }) => name)).toContain('IA32_LSTAR');
  });

  test('a triple fault, a reset and an edit can be undone', () => {
    const history = recorded(HERE);
    const before = history.machine.hash();
    history.record({ kind: 'reset' });
    history.run(1000);
    const { kernel, modules } = history.machine.setup;
    history.record({ kind: 'load', kernel, commandLine: 'layout=documented', modules, label: 'edited' });
    history.run(100_000);
    finish(
      history.seek({ count: HERE, turn: history.events[0]!.at.turn, time: history.events[0]!.at.time, events: 0 }),
    );
    expect(history.machine.hash()).toBe(before);
    expect(history.machine.setup.commandLine).toBe('');
  });

  test('a value that the processor refuses changes nothing', () => {
    const history = recorded(60_000);
    finish(history.seek({ count: HERE }));
    const before = history.machine.hash();
    const refused = history.record({ ...broken, value: 1n << 50n });
    expect(refused?.detail).toContain('canonical');
    expect(history.machine.hash()).toBe(before);
    expect(history.branches.all()).toHaveLength(0);
    expect(history.inPast).toBe(true);
  });
});

describe('memory', () => {
  test('stays within its limit, and everything can still be reached', () => {
    const machine = emergence(['counters']).machine;
    const history = new History(machine, { bytes: 1 << 20, farthest: 1 << 20, thinning: 8 });
    let most = 0;
    for (let n = 0; n < 40; n++) {
      history.run(1_000_000);
      most = Math.max(most, history.bytes);
    }
    // The interval under way cannot be thinned out.
    expect(most).toBeLessThan(3 << 20);
    const direct = emergence(['counters']).machine;
    direct.run(12_345_678);
    finish(history.seek({ count: 12_345_678 }));
    expect(history.machine.hash()).toBe(direct.hash());
  });
});
