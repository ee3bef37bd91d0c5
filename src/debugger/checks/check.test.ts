/** Checks against real runs of the kernel. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vectorName } from '../../cpu/fault.ts';
import { readCheck } from '../../lessons/language/checks.ts';
import { LanguageError } from '../../lessons/problem.ts';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from '../history/history.ts';
import { Session } from '../session.ts';
import { look, PAGE_LIMITS } from './check.ts';
import type { Verdict } from './verdict.ts';

interface Stage {
  readonly session: Session;
  readonly history: History;
  readonly check: (text: string, limit?: number) => Verdict;
}

function stage(programs: readonly string[], commandLine = ''): Stage {
  const { machine } = emergence(programs, commandLine);
  const history = new History(machine);
  const session = new Session(machine, history);
  const check = (text: string, instructions = PAGE_LIMITS.instructions): Verdict =>
    finish(look(session, history, [readCheck(text)], { instructions }))[0] as Verdict;
  return { session, history, check };
}

const run = (session: Session, goal: Parameters<Session['begin']>[0] = 'ever', count = 5_000_000): void => {
  session.begin(goal);
  session.advance(count);
};

describe('the document’s program run to its end', () => {
  const { session, history, check } = stage(['userprog'], 'timer=off');
  run(session);

  test.each([
    ['syscall count = 2', true],
    ['syscall count >= 3', false],
    ['syscall 1 with RDI = 1, RDX = 9 count = 1', true],
    ['syscall 1 with RDI = 2', false],
    ['syscall 1 returned 9', true],
    ['syscall 1 returned < 0', false],
    ['syscall 2 returned 0', false],
    ['output contains "RING3 OK\\n"', true],
    ['output lacks "RING3 OK"', false],
    ['no exception', true],
    ['exception #PF', false],
    ['no triple fault', true],
    ['rings go 3, 0, 3', true],
    ['rings go 3, 0, 3, 0', true],
    ['rings go 3, 0, 3, 0, 3, 0, 3, 0, 3, 0', false],
    ['register RSP unchanged over syscall', true],
    ['register RCX changed over syscall', true],
    ['register RBX changed over syscall', false],
    ['msr IA32_LSTAR unchanged', true],
    ['msr IA32_STAR changed', false],
    ['cpl0 reaches syscall_entry', true],
    ['cpl3 reaches _start', true],
    ['cpl3 never reaches syscall_entry', true],
    ['cpl0 never reaches syscall_entry', false],
    ['cpl3 never writes page 0xffff800000100000', true],
    ['sysret count = 2', true],
    ['iret count = 0', true],
    ['instructions in ring 3 = 8', true],
    ['instructions in ring 0 < 8', false],
    ['at stop: IA32_STAR[47:32] = 8 and at stop: IA32_LSTAR = syscall_entry', true],
    ['at stop: gdt[20h].L = 1 and at stop: gdt[20h].D = 0 and at stop: gdt[18h].DPL = 3', true],
    ['at stop: RFLAGS.IF = 1', false],
    ['at stop: RAX = no_such_symbol', false],
    ['at stop: RFLAGS.XX = 1', false],
    ['edited gdt[20h]', false],
  ])('%s: %s', (text, expected) => {
    const verdict = check(text);
    expect(verdict.why).not.toBe('');
    expect(verdict, verdict.why).toMatchObject({ passed: expected });
  });

  test('the machine stands where it stood, and shows what it showed', () => {
    const [before, hash] = [session.view(), session.machine.hash()];
    check('rings go 3, 0, 3 and cpl0 reaches syscall_entry and cpl3 never writes page 0x400000');
    expect(session.view()).toEqual(before);
    expect(session.machine.hash()).toBe(hash);
    expect(history.end).toEqual(history.position);
  });

  test('it says when', () => {
    const { at } = check('cpl0 reaches syscall_entry');
    finish(history.seek({ count: at ?? 0 }));
    expect(session.place()).toBe('syscall_entry');
    finish(history.seek(history.end));
  });

  test('it does not run more again than it may', () => {
    expect(check('syscall count = 2', 100).why).toContain('too long');
    expect(check('at stop: CPL = 0', 100).passed).toBe(true);
  });
});

describe('while it is under way', () => {
  test('in the middle of an instruction the micro-steps done stay done', () => {
    const { session, check } = stage(['userprog'], 'timer=off');
    run(session, 'first-syscall');
    for (let n = 0; n < 4; n++) session.microStep();
    const before = session.view();
    expect(check('at stop: micro-steps = 4 and syscall count = 0')).toMatchObject({ passed: true });
    expect(session.view()).toEqual(before);
    while (session.view().registers.cpl === 3) session.microStep();
    session.microStep();
    expect(check('syscall count = 1 and cpl0 reaches syscall_entry')).toMatchObject({ passed: true });
    expect(check('at stop: next instruction is swapgs')).toMatchObject({ passed: true });
  });

  test('what was edited by hand', () => {
    const { session, history, check } = stage(['userprog'], 'timer=off');
    run(session, 'first-syscall');
    expect(check('edited IA32_LSTAR')).toMatchObject({ passed: false });
    session.prepareToMove();
    history.record({ kind: 'poke', target: { kind: 'msr', name: 'IA32_LSTAR' }, value: 0x1000n });
    expect(check('edited IA32_LSTAR and msr IA32_LSTAR changed')).toMatchObject({ passed: true });
    expect(check('msr IA32_LSTAR unchanged').why).toContain('to 0x1000');
  });

  test('another program is another run', () => {
    const { session, check } = stage(['userprog'], 'timer=off');
    run(session);
    const { setup } = session.machine;
    session.load({ ...setup, modules: [...emergence(['hello']).machine.setup.modules] });
    run(session);
    expect(check('output lacks "RING3 OK" and syscall 2 count = 1')).toMatchObject({ passed: true });
  });
});

describe('faults', () => {
  test('the page fault and the triple fault of the document', () => {
    const { session, check } = stage(['userprog'], 'documented timer=off');
    run(session);
    for (const text of [
      'triple fault',
      'exception #PF with error 15h at _start address _start in ring 3 count = 1',
      'exception #SS count = 2 and exception #DF count = 1',
      'output lacks "RING3 OK"',
    ]) {
      expect(check(text), text).toMatchObject({ passed: true });
    }
    expect(check('exception 14 with error 4').passed).toBe(false);
  });

  test('ring 3’s try to write the kernel’s page is an exception and no write', () => {
    const { session, check } = stage(['zoo kernel-write'], 'timer=off');
    run(session);
    expect(
      check('cpl3 never writes page 0xffff800000000000 and exception #PF address 0xffff800000000000'),
    ).toMatchObject({
      passed: true,
    });
  });

  test('ring 3 writes its own stack, ring 0 the kernel’s page', () => {
    const { session, check } = stage(['hello'], 'timer=off');
    run(session);
    expect(check('cpl3 writes page 0x7fffffffe000')).toMatchObject({ passed: true });
    expect(check('cpl3 never writes page 0x7fffffffe000').why).toContain('wrote the page');
  });
});

describe('the language', () => {
  test('its exceptions are the processor’s', () => {
    for (let vector = 0; vector < 20; vector++) {
      const name = vectorName(vector);
      if (name.startsWith('#')) expect(readCheck(`exception ${name}`).clauses[0]).toMatchObject({ event: { vector } });
    }
  });

  const word = fc.constantFrom(
    ...'at stop : syscall count >= = 3 0x20 23h with RDI , returned output contains "x" exception #PF error no triple fault cpl3 never writes page reaches register RSP unchanged over msr IA32_STAR [ ] . L gdt rings go and edited instructions in ring + - qword'.split(
      ' ',
    ),
  );
  test('any words are read, or refused with a place', () => {
    const { session, history } = stage(['userprog'], 'timer=off');
    run(session);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const text = words.join(' ');
        try {
          const [verdict] = finish(look(session, history, [readCheck(text)], PAGE_LIMITS));
          expect(verdict?.why).toMatch(/\S/);
        } catch (error) {
          if (!(error instanceof LanguageError)) throw error;
          expect(error.at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });
});
