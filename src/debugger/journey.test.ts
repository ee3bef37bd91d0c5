/** Going back by micro-steps and over calls, and giving a way up: every place has the state it had on the way there. */
import { describe, expect, test } from 'vitest';
import { emergence } from '../testing/emergence.ts';
import { finish, History } from './history/history.ts';
import { Journey, type Way } from './journey.ts';
import { Session } from './session.ts';

interface World {
  readonly history: History;
  readonly session: Session;
}

function world(program: string, commandLine = ''): World {
  const history = new History(emergence([program], commandLine).machine);
  return { history, session: new Session(history.machine, history) };
}

function go({ session, history }: World, way: Way): Journey {
  const journey = new Journey(session, history, way);
  while (journey.advance() === 'under way');
  return journey;
}

/** Makes the machine stand where it stands as if it had come from elsewhere. */
function arrive({ session, history }: World): void {
  session.prepareToMove();
  finish(history.seek(history.position));
  session.moved({ text: '', reason: 'step' });
}

function run({ session }: World, goal: 'first-syscall' | 'over' | 'step' | 'ring-change'): void {
  session.begin(goal);
  while (!session.advance(1_000_000));
}

/** Everything a person can see of where the machine stands. */
function seen({ session, history }: World): string {
  const { microcode, registers } = session.view();
  const steps = microcode?.steps.map(({ state }) => state).join(' ');
  const registersText = JSON.stringify(registers, (_key, v: unknown) => (typeof v === 'bigint' ? `${v}` : v));
  return `${history.machine.hash()} ${registersText} ${microcode?.name} ${steps}`;
}

describe('micro-steps back', () => {
  test.each([
    ['over SYSCALL, SYSRET and what lies between', 'userprog', 30],
    ['through the gates of exceptions', 'zoo', 40],
  ] as const)('undo micro-steps one by one: %s', (_what, program, count) => {
    const place = world(program, 'timer=off');
    run(place, 'first-syscall');
    const before: string[] = [];
    for (let n = 0; n < count; n++) {
      // A finished or failed list of steps is shown until the next one begins; from behind only the place is seen.
      if (place.session.stand()?.microSteps === 0) arrive(place);
      before.push(seen(place));
      place.session.microStep();
    }
    for (let n = count - 1; n >= 0; n--) {
      go(place, { kind: 'micro-step-back' });
      expect(seen(place), `micro-step ${n}`).toBe(before[n]);
    }
  });

  test('at the start stay there', () => {
    const place = world('userprog');
    const before = place.history.machine.hash();
    go(place, { kind: 'micro-step-back' });
    expect(place.history.machine.hash()).toBe(before);
    expect(place.session.view().stop.text).toContain('start of the history');
  });

  test('a step back from inside an instruction stands before it', () => {
    const place = world('userprog');
    run(place, 'first-syscall');
    const before = place.history.machine.hash();
    for (let n = 0; n < 7; n++) place.session.microStep();
    expect(place.history.machine.hash()).not.toBe(before);
    go(place, { kind: 'step-back' });
    expect(place.history.machine.hash()).toBe(before);
  });
});

describe('a step back over', () => {
  test('a SYSCALL, a CALL and a fault that was mended stands where the step over began', () => {
    const place = world('userprog', 'timer=off');
    run(place, 'first-syscall');
    const before: string[] = [];
    for (let n = 0; n < 30 && place.session.state() === 'stopped'; n++) {
      before.push(place.history.machine.hash());
      run(place, 'over');
    }
    expect(before.length).toBeGreaterThan(3);
    // The last one did not come back.
    go(place, { kind: 'run-back', target: 'syscall' });
    for (let n = before.length - 2; n >= 0; n--) {
      go(place, { kind: 'step-back-over' });
      expect(place.history.machine.hash(), `step ${n}`).toBe(before[n]);
    }
  });

  test('kernel functions, each by its own call', () => {
    const place = world('userprog', 'timer=off');
    run(place, 'first-syscall');
    run(place, 'ring-change');
    const before: [string, number][] = [];
    for (let n = 0; n < 60 && place.history.machine.cpu.cpl === 0; n++) {
      before.push([place.history.machine.hash(), place.history.position.count]);
      run(place, 'over');
    }
    const longest = before.reduce((most, [, count], n) => Math.max(most, count - (before[n - 1]?.[1] ?? count)), 0);
    expect(longest).toBeGreaterThan(20);
    // Steps over jumps into a function's end are not those of a call: only places before and behind calls are compared.
    for (let n = before.length - 1; n > 0; n--) {
      const [[hash, from], [, to]] = [before[n - 1] as [string, number], before[n] as [string, number]];
      if (to - from < 2) continue;
      finish(place.history.seek({ count: to }));
      go(place, { kind: 'step-back-over' });
      expect(place.history.machine.hash(), `over ${from} to ${to}`).toBe(hash);
    }
  });
});

describe('giving up', () => {
  test.each<Way>([
    { kind: 'run-back', target: 'start' },
    { kind: 'run-back', target: 'breakpoint' },
    { kind: 'who-set', target: { kind: 'register', name: 'cr3' } },
    { kind: 'who-set', target: { kind: 'physical', address: 0x9000n, bytes: 8 } },
    { kind: 'go-to', count: 1_000_000 },
    { kind: 'step-back-over' },
    { kind: 'branch', id: 0 },
  ])('$kind leaves the machine where it was, inside an instruction too', (way) => {
    const place = world('counters');
    const { session, history } = place;
    history.run(6_000_000);
    finish(history.seek({ count: 5_000_000 }));
    history.record({ kind: 'serial', bytes: Uint8Array.of(97) });
    history.run(1_000_000);
    go(place, { kind: 'run-back', target: 'ring-change' });
    session.setBreakpoints([0x123456n]);
    session.microStep();
    session.microStep();
    expect(session.stand()?.microSteps).toBe(2);
    const before = seen(place);
    const branch = history.branches.present.id;
    for (const pieces of [0, 1, 2, 5]) {
      const journey = new Journey(session, history, way);
      let state: ReturnType<Journey['advance']> = 'under way';
      for (let n = 0; n < pieces && state === 'under way'; n++) state = journey.advance();
      if (state === 'arrived') break;
      journey.cancel();
      while (journey.advance() === 'under way');
      expect(seen(place), `after ${pieces} pieces`).toBe(before);
      expect(history.branches.present.id).toBe(branch);
    }
    run(place, 'step');
    expect(history.machine.engine.breakpoints.has(0x123456n)).toBe(true);
  });

  test('a search that finds nothing stays inside the instruction too', () => {
    const place = world('userprog');
    run(place, 'first-syscall');
    for (let n = 0; n < 5; n++) place.session.microStep();
    const before = seen(place);
    const journey = new Journey(place.session, place.history, { kind: 'run-back', target: 'breakpoint' });
    let state: ReturnType<Journey['advance']> = 'under way';
    while (state === 'under way') state = journey.advance();
    expect(state).toHaveProperty('title', 'Nothing to go back to');
    expect(seen(place)).toBe(before);
  });
});

describe('who set something', () => {
  test.each([
    { kind: 'register', name: 'rbx' },
    { kind: 'msr', name: 'IA32_FMASK' },
    { kind: 'descriptor', table: 'gdt', index: 5 },
  ] as const)('by hand, is said so: %o', (target) => {
    const place = world('userprog');
    const { session, history } = place;
    run(place, 'first-syscall');
    const { position } = history;
    history.record({ kind: 'poke', target, value: 0x200n });
    run(place, 'step');
    for (const way of [
      { kind: 'who-set', target },
      { kind: 'change', targets: [target, { kind: 'register', name: 'cr4' }] },
    ] as const) {
      go(place, way);
      expect(session.view().stop.text).toMatch(/^Before “.* changed”, by hand, at _start/);
      expect(history.position).toEqual(position);
      run(place, 'step');
    }
    go(place, { kind: 'who-set', target: { kind: 'msr', name: 'IA32_LSTAR' } });
    expect(session.view().stop.text).toMatch(/^It is set by the instruction at/);
  });
});
