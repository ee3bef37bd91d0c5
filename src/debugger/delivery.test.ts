import { describe, expect, it } from 'vitest';
import type { Machine } from '../machine/machine.ts';
import { emergence } from '../testing/emergence.ts';
import { finish, History } from './history/history.ts';
import { Session } from './session.ts';

/** A session that stands in ring 3 before the first SYSCALL. */
function atSyscall(
  commandLine = 'timer=off',
  program = 'userprog',
): { session: Session; history: History; machine: Machine } {
  const { machine } = emergence([program], commandLine);
  const history = new History(machine);
  const session = new Session(machine, history);
  session.begin('first-syscall');
  session.advance(50_000_000);
  return { session, history, machine };
}

const UNMAPPED = 0x1000n;

/** Micro-steps on until nothing is half done; returns what each view showed. */
function throughAll(session: Session): string[] {
  const seen: string[] = [];
  do {
    session.microStep();
    const { microcode } = session.view();
    seen.push(`${microcode?.name} ${microcode?.position}`);
  } while (session.stand()?.microSteps !== 0 && seen.length < 200);
  return seen;
}

describe('an exception brought to its handler by micro-steps', () => {
  it('ends as the engine ends, and passes every check on the way', () => {
    const [one, steps] = [atSyscall(), atSyscall()];
    for (const { history } of [one, steps]) {
      history.record({ kind: 'poke', target: { kind: 'register', name: 'rip' }, value: UNMAPPED });
    }
    one.session.begin('step');
    one.session.advance(1);
    const seen = throughAll(steps.session);
    expect(steps.machine.hash()).toBe(one.machine.hash());
    expect(steps.history.position).toEqual(one.history.position);
    expect(seen[0]).toBe('#PF 0');
    expect(seen.at(-1)).toMatch(/^#PF 1\d$/);
    expect(steps.session.view().why.map(({ name }) => name)).toEqual(['#PF']);
  });

  it('goes back step by step to before the instruction, and forward again', () => {
    const { session, history, machine } = atSyscall();
    history.record({ kind: 'poke', target: { kind: 'register', name: 'rip' }, value: UNMAPPED });
    const before = machine.hash();
    const forward: string[] = [];
    do {
      session.microStep();
      forward.push(machine.hash());
    } while (session.stand()?.microSteps !== 0);
    const end = history.position;
    for (const hash of forward.slice(0, -1).reverse()) {
      finish(session.microStepBack(history));
      expect(machine.hash()).toBe(hash);
    }
    finish(session.microStepBack(history));
    expect(machine.hash()).toBe(before);
    throughAll(session);
    expect(history.position).toEqual(end);
  });

  it('shows a chain from its first cause: what is refused becomes a double fault, and that the end', () => {
    const { session, history, machine } = atSyscall();
    const gone = 0x00209b0000000000n & ~(1n << 47n);
    history.record({ kind: 'poke', target: { kind: 'descriptor', table: 'gdt', index: 1 }, value: gone });
    history.record({ kind: 'poke', target: { kind: 'register', name: 'rip' }, value: UNMAPPED });
    const seen = throughAll(session);
    const deliveries = [...new Set(seen.map((text) => text.split(' ')[0]))];
    expect(deliveries).toEqual(['#PF', '#DF']);
    expect(machine.cpu.shutdown).toBe(true);
    expect(session.view().why.map(({ name }) => name)).toEqual(['#PF', '#NP', '#DF', '#NP']);
  });
});

it('an interrupt that comes behind an instruction is brought to its handler by micro-steps', () => {
  const { session, history, machine } = atSyscall('', 'counters');
  let arrived = false;
  machine.observers.onInterrupt = () => {
    arrived = true;
    machine.requestStop();
  };
  // On to the first timer interrupt of ring 3, then back to before the instruction in front of it.
  for (let n = 0; n < 40 && !arrived; n++) history.run(1_000_000);
  expect(arrived).toBe(true);
  machine.observers.onInterrupt = undefined;
  const [hash, end] = [machine.hash(), history.position];
  session.moved({ text: '', reason: 'step' });
  finish(history.stepBack());
  const seen = throughAll(session);
  expect(machine.hash()).toBe(hash);
  expect(history.position).toEqual(end);
  expect(seen.some((text) => text.startsWith('vector '))).toBe(true);
  finish(session.microStepBack(history));
  expect(session.stand()?.microSteps).toBeGreaterThan(1);
  session.microStep();
  expect(machine.hash()).toBe(hash);
});
