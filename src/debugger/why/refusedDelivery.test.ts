/** Exceptions met on the way to a handler: told with their checks in order, the field that refused, and a repair that works. */
import { describe, expect, it } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from '../history/history.ts';
import type { Target } from '../history/target.ts';
import { Session } from '../session.ts';
import type { WhyView } from '../views.ts';
import { S } from '../../cpu/layout.ts';
import { walkView } from '../walkView.ts';
import { repair } from './repair.ts';
import { originsOf } from './origins.ts';

const UNMAPPED = 0x1000n;

interface World {
  readonly session: Session;
  readonly history: History;
}

/** In ring 3 before the first SYSCALL. */
function atSyscall(commandLine = 'timer=off', program = 'userprog'): World {
  const { machine } = emergence([program], commandLine);
  const history = new History(machine);
  const session = new Session(machine, history);
  session.begin('first-syscall');
  session.advance(50_000_000);
  return { session, history };
}

const poke = ({ history }: World, target: Target, value: bigint): void =>
  expect(history.record({ kind: 'poke', target, value })).toBeUndefined();
const register = (name: string): Target => ({ kind: 'register', name });
const gate = (vector: number): Target => ({ kind: 'descriptor', table: 'idt', index: 2 * vector });
const peek = ({ history }: World, target: Target): bigint => {
  const { cpu } = history.machine;
  const base = target.kind === 'descriptor' ? cpu.get(S.idtrBase) + 8n * BigInt(target.index) : 0n;
  return cpu.readSystem(base, 8);
};
/** RSP0 of the TSS. */
const rsp0 = ({ history }: World): Target => ({
  kind: 'memory',
  address: history.machine.cpu.baseOf(7) + 4n,
  bytes: 8,
});

/** Lets the program fetch from a page that is not present: #PF, whose delivery the machine then tries. */
function fetchNowhere(world: World): readonly WhyView[] {
  poke(world, register('rip'), UNMAPPED);
  world.session.begin('step');
  world.session.advance(1);
  return world.session.view().why;
}

const told = (why: WhyView | undefined): string[] =>
  (why?.checks ?? []).map(({ label, holds }) => `${holds ? '+' : '-'} ${label}`);
const names = (chain: readonly WhyView[]): string[] => chain.map(({ name }) => name);

/** Makes the first change that the refused one proposes, before the first cause, and tries again. */
function repaired(world: World, chain: readonly WhyView[], place: number): readonly WhyView[] {
  const { session, history } = world;
  const why = chain[place];
  const fix = why?.fixes[0];
  finish(
    (function* () {
      session.prepareToMove();
      return yield* repair(history, { count: why?.at ?? 0, turn: why?.turn ?? 0 }, fix?.changes ?? []);
    })(),
  );
  session.moved({ text: '', reason: 'step' });
  session.begin('step');
  session.advance(1);
  return session.view().why;
}

/** Checks of the gate of #PF and of its handler, which held (SDM vol. 3A, 6.14.1). */
const GATE_HELD = [
  '+ the gate lies within the IDT',
  '+ it is a 64-bit interrupt or trap gate',
  '+ the gate is present',
  "+ the gate's code selector is not null",
  "+ the gate's code selector lies within its table",
  '+ it is code of this or a more privileged level',
  '+ it is present',
  '+ it is 64-bit code: L = 1, D = 0',
];

describe('a #PF that cannot be delivered', () => {
  it('its gate is not present: #NP with the vector in its error code, so #DF (SDM vol. 3A, 6.13 and table 6-5)', () => {
    const world = atSyscall();
    poke(world, gate(14), peek(world, gate(14)) & ~(1n << 47n));
    const chain = fetchNowhere(world);
    expect(names(chain)).toEqual(['#PF', '#NP', '#DF']);
    const [first, refused] = chain;
    expect(first?.during).toBeNull();
    expect(refused).toMatchObject({ errorCode: 14 * 8 + 3, during: '#PF', field: 'P' });
    expect(told(refused)).toEqual([
      '+ the gate lies within the IDT',
      '+ it is a 64-bit interrupt or trap gate',
      '- the gate is present',
    ]);
    expect(refused?.descriptor).toMatchObject({ title: 'gate 14 of the IDT', form: 'idt gate' });
    expect(refused?.descriptor?.words).toHaveLength(2);
    expect(refused?.fixes.map(({ text }) => text)).toEqual(['Set P in gate 14']);
    expect(names(repaired(world, chain, 1))).toEqual(['#PF']);
  });

  it('RSP0 is not canonical: #SS, told with the field of the TSS that holds it', () => {
    const world = atSyscall();
    poke(world, rsp0(world), 0x1234_5678_9abc_def0n);
    const chain = fetchNowhere(world);
    expect(names(chain).slice(0, 3)).toEqual(['#PF', '#SS', '#DF']);
    const refused = chain[1];
    expect(told(refused)).toEqual([
      ...GATE_HELD,
      '+ the stack pointer lies within the TSS',
      '- the addresses that are pushed to are canonical',
    ]);
    expect(refused).toMatchObject({ field: 'RSP0', manual: expect.stringContaining('6.14') });
    expect(refused?.descriptor?.words).toEqual([{ name: 'RSP0', value: 0x1234_5678_9abc_def0n }]);
    expect(refused?.fixes.map(({ text }) => text)).toEqual(['Make RSP0 canonical: 56789ABCDEF0h']);
  });

  it('RSP0 leads to no page: a second #PF with the whole walk, so #DF', () => {
    const world = atSyscall();
    poke(world, rsp0(world), 0xffff_9000_0000_0000n);
    const chain = fetchNowhere(world);
    expect(names(chain).slice(0, 3)).toEqual(['#PF', '#PF', '#DF']);
    const refused = chain[1];
    expect(told(refused)).toEqual([
      ...GATE_HELD,
      '+ the stack pointer lies within the TSS',
      '+ the addresses that are pushed to are canonical',
      expect.stringMatching(/^- PML4E\[\d+\] is present$/),
    ]);
    expect(refused?.walk).toHaveLength(1);
  });

  it('TR.limit ends before RSP0: #TS with TR, and the limit it takes repairs it', () => {
    const world = atSyscall();
    poke(world, register('tr.limit'), 8n);
    const chain = fetchNowhere(world);
    expect(names(chain)).toEqual(['#PF', '#TS', '#DF', '#TS']);
    const { session, history } = world;
    expect(session.state()).toBe('triple-fault');
    expect(chain[1]?.errorCode).toBe((history.machine.cpu.selector(7) & 0xfffc) | 1);
    expect(told(chain[1])).toEqual([...GATE_HELD, '- the stack pointer lies within the TSS']);
    expect(chain[1]?.fixes.map(({ text }) => text)).toEqual(['Raise TR.limit to Bh']);
    expect(names(repaired(world, chain, 1))).toEqual(['#PF']);
  });

  it('the IDT is too short: #GP three times, and IDTR.limit repairs it', () => {
    const world = atSyscall();
    poke(world, register('idtr.limit'), 0x7fn);
    const chain = fetchNowhere(world);
    expect(names(chain)).toEqual(['#PF', '#GP', '#DF', '#GP']);
    expect(told(chain[1])).toEqual(['- the gate lies within the IDT']);
    expect(chain[1]?.fixes.map(({ text }) => text)).toEqual(['Raise IDTR.limit to EFh']);
    expect(names(repaired(world, chain, 1))).toEqual(['#PF']);
  });

  it('the handler’s address is not canonical: #GP about the Offset of the gate', () => {
    const world = atSyscall();
    const upper: Target = { kind: 'descriptor', table: 'idt', index: 29 };
    poke(world, upper, 0x7fff_1234n);
    const refused = fetchNowhere(world)[1];
    expect(refused).toMatchObject({ name: '#GP', errorCode: 1, field: 'Offset' });
    expect(refused?.descriptor?.words[1]?.value).toBe(0x7fff_1234n);
    expect(told(refused).at(-1)).toBe("- the handler's address is canonical");
  });

  it('tells the same when it is gone through by micro-steps', () => {
    const [whole, steps] = [atSyscall(), atSyscall()];
    for (const world of [whole, steps]) poke(world, register('tr.limit'), 8n);
    const chain = fetchNowhere(whole);
    poke(steps, register('rip'), UNMAPPED);
    const { session } = steps;
    for (let n = 0; n < 100; n++) {
      session.microStep();
      if (session.stand()?.microSteps === 0) break;
    }
    expect(session.view().why).toEqual(chain);
    expect(session.machine.hash()).toBe(whole.session.machine.hash());
  });
});

it('a refused delivery changes nothing of the processor, also when the last access is refused', () => {
  const world = atSyscall();
  const { cpu } = world.history.machine;
  // The descriptor of the handler's segment is to be marked as accessed, on a page that refuses writes.
  const base = cpu.get(S.gdtrBase);
  poke(world, { kind: 'descriptor', table: 'gdt', index: 1 }, cpu.readSystem(base + 8n, 8) & ~(1n << 40n));
  const walk = walkView(cpu, base);
  for (const { target, entry } of walk.levels.slice(-1)) poke(world, target, entry & ~2n);
  poke(world, register('cr0'), cpu.get(S.cr0) | (1n << 16n));
  const before = { rsp: cpu.reg(4), ss: cpu.selector(2) };
  const chain = fetchNowhere(world);
  expect(names(chain).slice(0, 3)).toEqual(['#PF', '#PF', '#DF']);
  expect(chain[1]?.walk?.at(-1)?.refused).toBe('R/W');
  expect({ rsp: cpu.reg(4), ss: cpu.selector(2) }).toEqual(before);
});

describe('an interrupt that cannot be delivered', () => {
  it('begins a chain of its own, which says what was on its way; the repair lets it through', () => {
    const world = atSyscall('', 'counters');
    const { session, history } = world;
    const { machine } = history;
    let arrived = false;
    machine.observers.onInterrupt = () => {
      arrived = true;
      machine.requestStop();
    };
    for (let n = 0; n < 40 && !arrived; n++) history.run(1_000_000);
    machine.observers.onInterrupt = undefined;
    finish(history.stepBack());
    expect(machine.cpu.cpl).toBe(3);
    poke(world, rsp0(world), 0x1234_5678_9abc_def0n);
    session.moved({ text: '', reason: 'step' });
    for (let n = 0; n < 10 && session.view().why.length === 0; n++) {
      session.begin('step');
      session.advance(1);
    }
    const { why } = session.view();
    // The kernel's #DF handler has a stack of its own.
    expect(names(why)).toEqual(['#SS', '#SS', '#DF']);
    expect(why[0]?.during).toMatch(/^interrupt \d+$/);
    expect(why[1]?.during).toBe('#SS');
    expect(told(why[0]).at(-1)).toBe('- the addresses that are pushed to are canonical');
    const origins = finish(originsOf(session, history));
    expect(origins[0]).toMatchObject({ what: 'RSP0 of the TSS = 123456789ABCDEF0h', by: 'a change by hand' });
    // Nothing is mapped there either, but the check that failed passes.
    const after = repaired(world, why, 0);
    expect(names(after)[0]).not.toBe('#SS');
  });
});
