import { describe, expect, it } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from '../history/history.ts';
import { Session } from '../session.ts';
import { originsOf } from './origins.ts';
import { repair } from './repair.ts';

function machineAt(program: string, commandLine: string): { session: Session; history: History } {
  const { machine } = emergence([program], commandLine);
  const history = new History(machine);
  return { session: new Session(machine, history), history };
}

/** Runs on, one stop at each exception, until one of this name is raised. */
function untilRaised({ session, history }: { session: Session; history: History }, name: string): void {
  const { machine } = session;
  for (let n = 0; n < 50; n++) {
    session.begin('ever');
    const noted = machine.observers.onException;
    machine.observers.onException = (fault) => {
      noted?.(fault);
      machine.requestStop();
    };
    const ended = session.advance(20_000_000);
    machine.observers.onException = noted;
    if (session.view().why[0]?.name === name) return;
    if (!ended) break;
  }
  throw new Error(`no ${name} by ${history.position.count}`);
}

describe('why a page walk refused', () => {
  it('lists the checks in order, offers the bit of every guilty level, and the repair makes it pass', () => {
    const world = machineAt('userprog', 'documented timer=off');
    untilRaised(world, '#PF');
    const { session, history } = world;
    const [why] = session.view().why;
    expect(why?.checks.map(({ holds }) => holds)).toEqual([true, true, true, true, false]);
    expect(why?.checks.at(-1)?.label).toBe('CPL 3: U/S = 1 at every level');
    expect(why?.fixes.map(({ text }) => text)).toEqual(['Set U/S in PML4E[0] and PDPTE[0]']);
    expect(session.view().why.map(({ name }) => name)).toEqual(['#PF', '#SS', '#DF', '#SS']);
    finish(
      (function* () {
        session.prepareToMove();
        return yield* repair(history, { count: why?.at ?? 0, turn: why?.turn ?? 0 }, why?.fixes[0]?.changes ?? []);
      })(),
    );
    session.moved({ text: '', reason: 'step' });
    session.begin('step');
    session.advance(1);
    expect(session.view().why).toEqual([]);
    expect(session.machine.cpu.cpl).toBe(3);
    expect(session.machine.retired).toBe((why?.at ?? 0) + 1);
  });
});

describe('where the guilty value came from', () => {
  it('SS of a failing IRETQ leads over the interrupt that saved it to the SYSRETQ that loaded it', () => {
    const world = machineAt('zoo by-iretq', 'star=documented gdt=documented timer=off');
    untilRaised(world, '#GP');
    const { session, history } = world;
    const hash = session.machine.hash();
    const [why] = session.view().why;
    const origins = finish(originsOf(session, history));
    expect(why?.field).not.toBeNull();
    expect(origins[0]?.what).toBe('SS = 13h');
    expect(origins[0]?.by).toBe('sysretq');
    expect(origins[0]?.ago).toBeGreaterThan(0);
    expect(origins[0]?.source?.file).toMatch(/\.S$/);
    expect(session.machine.hash()).toBe(hash);
  });

  it('checks of a microcoded instruction that held stand before the one that failed', () => {
    const world = machineAt('zoo sysret', 'timer=off');
    untilRaised(world, '#GP');
    const [why] = world.session.view().why;
    expect(why?.checks.map(({ label, holds }) => `${holds ? '+' : '-'} ${label}`)).toEqual([
      '+ IA32_EFER.SCE = 1',
      '+ CS.L = 1 and IA32_EFER.LMA = 1: 64-bit mode',
      '- CPL = 0',
    ]);
  });
});
