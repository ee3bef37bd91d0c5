/** Running back to what happened, and asking who set something. */
import { describe, expect, test } from 'vitest';
import { Reg } from '../../cpu/cpu.ts';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from './history.ts';
import { runBack, whoSet } from './search.ts';
import { readRegister } from './target.ts';
import type { BackTarget } from './views.ts';

function recorded(programs: readonly string[], count: number): History {
  const history = new History(emergence(programs).machine);
  history.run(count);
  return history;
}

/** Places before which something happens, found by stepping a second machine through everything. */
function stepped(programs: readonly string[], count: number, look: (history: History) => string): [number, number][] {
  const history = new History(emergence(programs).machine);
  const places: [number, number][] = [];
  let before = look(history);
  while (history.position.count < count) {
    const { count: at, turn, time } = history.position;
    history.step();
    if (history.machine.now() === time && history.machine.turns === turn) break;
    const now = look(history);
    if (now !== before) places.push([at, turn]);
    before = now;
  }
  return places;
}

const NONE: ReadonlySet<bigint> = new Set();

describe('running back', () => {
  const LENGTH = 60_000;
  const back = (history: History, target: BackTarget): [number, number][] => {
    const places: [number, number][] = [];
    while (finish(runBack(history, target, NONE))) places.unshift([history.position.count, history.position.turn]);
    return places;
  };

  test('to changes of ring finds those that stepping sees', () => {
    const seen = stepped(['userprog'], LENGTH, (h) => String(h.machine.cpu.cpl));
    expect(seen.length).toBeGreaterThan(2);
    expect(back(recorded(['userprog'], LENGTH), 'ring-change')).toEqual(seen);
  });

  test('to output finds every character', () => {
    const history = recorded(['userprog'], LENGTH);
    const seen = stepped(['userprog'], LENGTH, (h) => String(h.output.length));
    expect(back(history, 'output')).toEqual(seen);
    expect(history.output.length).toBe(0);
  });

  test('over SYSRET sees CPL 0 again', () => {
    const history = recorded(['userprog'], LENGTH);
    expect(finish(runBack(history, 'sysret', NONE))).toBe(true);
    expect(history.machine.cpu.cpl).toBe(0);
    expect(finish(runBack(history, 'syscall', NONE))).toBe(true);
    expect(history.machine.cpu.cpl).toBe(3);
  });

  test('to a breakpoint stands at its address', () => {
    const history = recorded(['userprog'], LENGTH);
    finish(runBack(history, 'syscall', NONE));
    const { rip } = history.machine.cpu;
    const { position } = history;
    finish(history.seek(history.end));
    expect(finish(runBack(history, 'breakpoint', new Set([rip])))).toBe(true);
    expect(history.machine.cpu.rip).toBe(rip);
    expect(history.position.count).toBeGreaterThanOrEqual(position.count);
    expect(history.machine.engine.breakpoints.size).toBe(0);
  });

  test('to interrupts stands before the instruction that each came behind', () => {
    const history = recorded(['echo'], 60_000);
    const interrupts: [number, number][] = [];
    for (let n = 0; ; n++) {
      const item = history.trace.item(n);
      if (item === undefined) break;
      if (item.kind === 'interrupt') interrupts.push([item.count, item.turn]);
    }
    expect(interrupts.length).toBeGreaterThan(2);
    const places: [number, number][] = [];
    while (finish(runBack(history, 'interrupt', NONE))) {
      const { position } = history;
      history.step();
      // One step goes over the instruction and into the handler.
      expect(history.position.turn).toBe(position.turn + 1);
      places.unshift([history.position.count, position.turn]);
      finish(history.seek(position));
    }
    expect(places).toEqual(interrupts);
  });

  test('finds nothing where nothing was, and stays', () => {
    const history = recorded(['userprog'], 1000);
    const { position } = history;
    expect(finish(runBack(history, 'sysret', NONE))).toBe(false);
    expect(history.position).toEqual(position);
  });
});

describe('who set', () => {
  const LENGTH = 50_000;

  test.each(['IA32_LSTAR', 'IA32_STAR', 'IA32_FMASK', 'IA32_EFER'])('%s: the WRMSR', (name) => {
    const history = recorded(['userprog'], LENGTH);
    const value = readRegister(history.machine.cpu, { kind: 'msr', name });
    expect(finish(whoSet(history, { kind: 'msr', name }))).toBe(true);
    expect(readRegister(history.machine.cpu, { kind: 'msr', name })).not.toBe(value);
    expect(history.machine.engine.prepare()?.encoding.op).toBe('wrmsr');
  });

  test('a GDT entry: a write to it', () => {
    const history = recorded(['userprog'], LENGTH);
    const target = { kind: 'descriptor', table: 'gdt', index: 5 } as const;
    expect(finish(whoSet(history, target))).toBe(true);
    const { position } = history;
    history.step();
    expect(finish(whoSet(history, target))).toBe(true);
    expect(history.position).toEqual(position);
  });

  test('a general register: the instruction after which it differs, also when it changed long ago', () => {
    const history = recorded(['userprog'], LENGTH);
    for (const [name, n] of [
      ['rax', Reg.rax],
      ['rbp', Reg.rbp],
      ['r15', 15],
    ] as const) {
      finish(history.seek(history.end));
      const value = history.machine.cpu.reg(n);
      if (!finish(whoSet(history, { kind: 'register', name }))) continue;
      expect(history.machine.cpu.reg(n)).not.toBe(value);
      history.step();
      expect(history.machine.cpu.reg(n)).toBe(value);
    }
  });

  test('memory that was changed by hand: the place where that was done', () => {
    const history = recorded(['userprog'], 20_000);
    const target = { kind: 'physical', address: 0x8000n, bytes: 4 } as const;
    const { count } = history.position;
    history.record({ kind: 'poke', target, value: 0x12345678n });
    history.run(10_000);
    expect(finish(whoSet(history, target))).toBe(true);
    expect(history.position.count).toBe(count);
  });
});
