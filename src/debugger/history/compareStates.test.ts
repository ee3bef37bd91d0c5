/** What differs between two branches: every part of the state, and the machine stays where it stood. */
import { describe, expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { Session } from '../session.ts';
import { compareWith } from './branching.ts';
import type { HistoryEvent } from './events.ts';
import { finish, History } from './history.ts';
import type { BranchDifference } from './views.ts';

/** Before the program's first SYSCALL; it ends before 40,000. */
const HERE = 20_000;

interface Forked {
  readonly history: History;
  readonly session: Session;
  readonly compare: () => BranchDifference;
}

/** One way to `HERE` and on to `end`, and another one from there with this done first. */
function forked(events: readonly HistoryEvent[], end = HERE + 1): Forked {
  const history = new History(emergence(['userprog']).machine);
  const session = new Session(history.machine, history);
  history.run(end);
  finish(history.seek({ count: HERE }));
  history.branchHere();
  for (const event of events) expect(history.record(event)).toBeUndefined();
  history.run(end - HERE);
  const id = history.branches.all()[0]?.id ?? -1;
  return {
    history,
    session,
    compare: () => {
      const difference = finish(session.aside(history, () => compareWith(history, id)));
      if (difference === undefined) throw new Error('there is no such branch');
      return difference;
    },
  };
}

const poke = (target: Extract<HistoryEvent, { kind: 'poke' }>['target'], value: bigint): HistoryEvent => ({
  kind: 'poke',
  target,
  value,
});

describe('two branches are compared where they end', () => {
  test('a changed byte of memory: its address, the bytes around it, and no other page', () => {
    const at = 0x123456n;
    const { compare } = forked([poke({ kind: 'physical', address: at, bytes: 1 }, 0xa5n)]);
    const { memory, state, devices, descriptors } = compare();
    expect(memory.pages).toBe(1);
    const [place] = memory.first;
    expect(place?.address).toBe(Number(at));
    expect(place?.ours[Number(at % 16n)]).toBe(0xa5);
    expect(place?.theirs[Number(at % 16n)]).not.toBe(0xa5);
    expect([...state, ...devices, ...descriptors]).toEqual([]);
  });

  test('MSRs, registers and entries of the GDT and IDT, by name and by place', () => {
    const { compare } = forked([
      poke({ kind: 'msr', name: 'IA32_FMASK' }, 0x700n),
      poke({ kind: 'register', name: 'r15' }, 0x123n),
      poke({ kind: 'descriptor', table: 'gdt', index: 4 }, 0x77n),
      poke({ kind: 'descriptor', table: 'idt', index: 28 }, 0x88n),
    ]);
    const { state, descriptors, memory } = compare();
    expect(state.map(({ name, ours }) => [name, ours])).toEqual([
      ['r15', 0x123n],
      ['IA32_FMASK', 0x700n],
    ]);
    expect(descriptors.map(({ table, index, ours }) => [table, index, ours])).toEqual([
      ['gdt', 4, 0x77n],
      ['idt', 28, 0x88n],
    ]);
    // The tables lie in memory too.
    expect(memory.pages).toBeGreaterThan(0);
  });

  test('devices: what was typed waits in the serial port', () => {
    const { compare } = forked([{ kind: 'serial', bytes: Uint8Array.of(0x41) }]);
    const { devices, events } = compare();
    expect(events).toEqual({ count: HERE, ours: 'typed', theirs: null });
    expect(devices.length).toBeGreaterThan(0);
    expect(devices.some(({ ours, theirs }) => ours !== theirs && `${ours}`.includes('65'))).toBe(true);
  });

  test('the machine, its branches and their names stay as they were', () => {
    const { history, session, compare } = forked([poke({ kind: 'register', name: 'rax' }, 1n)], 30_000);
    history.branches.rename(0, 'as it was');
    finish(history.seek({ count: 25_000 }));
    session.microStep();
    const before = [history.machine.hash(), history.position, history.end, history.branches.save(), session.view()];
    const { ends } = compare();
    expect(ends).toEqual({ ours: 30_000, theirs: 30_000 });
    expect([history.machine.hash(), history.position, history.end, history.branches.save(), session.view()]).toEqual(
      before,
    );
    history.run(1000);
    expect(history.inPast).toBe(true);
  });

  test('of two that were not treated differently one has only got farther', () => {
    const { compare, history } = forked([]);
    history.run(4999);
    const { ends, events, output, state, memory } = compare();
    expect(ends).toEqual({ ours: HERE + 5000, theirs: HERE + 1 });
    expect([events, output, state, memory.pages]).toEqual([null, null, [], 0]);
  });
});
