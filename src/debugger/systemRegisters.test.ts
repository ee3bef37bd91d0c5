import { describe, expect, it } from 'vitest';
import { S } from '../cpu/layout.ts';
import { CS, loadDataSegment } from '../cpu/segmentation.ts';
import { emergence } from '../testing/emergence.ts';
import { finish, History } from './history/history.ts';
import { whoSet } from './history/search.ts';
import { readRegister, type Target } from './history/target.ts';
import { Session } from './session.ts';
import { SYSTEM_REGISTERS } from './systemRegisters.ts';

const register = (name: string): Target => ({ kind: 'register', name });

/** In ring 3 before the first SYSCALL. */
function world(): { history: History; session: Session; poke: (name: string, value: bigint) => unknown } {
  const { machine } = emergence(['userprog'], 'timer=off');
  const history = new History(machine);
  const session = new Session(machine, history);
  session.begin('first-syscall');
  session.advance(50_000_000);
  const poke = (name: string, value: bigint) => history.record({ kind: 'poke', target: register(name), value });
  return { history, session, poke };
}

describe('registers that programs do not compute with', () => {
  it('each can be written with what it holds, which changes nothing', () => {
    const { history, poke } = world();
    const before = history.machine.hash();
    for (const name of SYSTEM_REGISTERS) {
      const value = readRegister(history.machine.cpu, register(name));
      expect(poke(name, value ?? 0n), name).toBeUndefined();
    }
    expect(history.machine.hash()).toBe(before);
  });

  it('CPL is bits 1:0 of CS; the hidden part stays', () => {
    const { history, poke } = world();
    const { cpu } = history.machine;
    expect(cpu.cpl).toBe(3);
    const attributes = cpu.attributes(CS);
    expect(poke('cs', 8n)).toBeUndefined();
    expect([cpu.cpl, cpu.selector(CS), cpu.attributes(CS)]).toEqual([0, 8, attributes]);
  });

  it('L of the hidden part of CS decides how many bits code has', () => {
    const { history, poke } = world();
    const { cpu } = history.machine;
    const attributes = BigInt(cpu.attributes(CS));
    expect(poke('cs.attributes', attributes & ~(1n << 13n))).toBeUndefined();
    expect(cpu.low(S.codeSize)).not.toBe(64);
    expect(poke('cs.attributes', attributes)).toBeUndefined();
    expect(cpu.low(S.codeSize)).toBe(64);
  });

  it('what the processor would not hold is refused in words', () => {
    const { poke } = world();
    for (const [name, value] of [
      ['gs.base', 0x8000_0000_0000n],
      ['gdtr.base', 0x8000_0000_0000n],
      ['cs', 0x1_0000n],
      ['idtr.limit', 0x1_0000n],
      ['dr7', 1n << 40n],
      ['xcr0', 0n],
      ['cr8', 16n],
    ] as const) {
      expect(poke(name, value), name).toHaveProperty('detail');
    }
  });

  it('fixed bits of the debug registers stay (SDM vol. 3B, 17.2.3 and 17.2.4)', () => {
    const { history, poke } = world();
    const { cpu } = history.machine;
    poke('dr6', 0n);
    poke('dr7', 0n);
    expect([cpu.get(S.dr + 48), cpu.get(S.dr + 56)]).toEqual([0xffff0ff0n, 0x400n]);
  });

  it('a breakpoint set by hand in DR0 and DR7 raises #DB at its instruction', () => {
    const { history, session, poke } = world();
    const { cpu } = history.machine;
    poke('dr0', cpu.get(S.lstar));
    poke('dr7', 0x402n);
    for (let n = 0; n < 3 && session.view().why.length === 0; n++) {
      session.begin('step');
      session.advance(1);
    }
    expect(session.view().why[0]?.name).toBe('#DB');
  });
});

it('an entry of the LDT is changed where LDTR says, and who changed it can be asked', () => {
  const { history, poke } = world();
  const { cpu } = history.machine;
  // A table of two entries on the kernel's first IST stack.
  const base = cpu.readSystem(cpu.baseOf(7) + 0x24n, 8) - 64n;
  for (const [name, value] of [
    ['ldtr.base', base],
    ['ldtr.limit', 15n],
    ['ldtr.attributes', 0x82n],
    ['ldtr', 0x30n],
  ] as const) {
    expect(poke(name, value), name).toBeUndefined();
  }
  const entry: Target = { kind: 'descriptor', table: 'ldt', index: 1 };
  const { position } = history;
  expect(history.record({ kind: 'poke', target: entry, value: 0x00cff3000000ffffn })).toBeUndefined();
  expect(cpu.readSystem(base + 8n, 8)).toBe(0x00cff3000000ffffn);
  // Ring 3 can load it now: index 1, TI = 1, RPL 3.
  loadDataSegment(cpu, 3, 0x0f);
  expect([cpu.selector(3), cpu.limit(3) >>> 0]).toEqual([0x0f, 0xffffffff]);
  expect(finish(whoSet(history, entry))).toBe(true);
  expect(history.position).toEqual(position);
});

describe('who set this?', () => {
  it('the hidden part of CS: the IRETQ or SYSRETQ that went to ring 3', () => {
    const { history, session } = world();
    expect(finish(whoSet(history, register('cs.attributes')))).toBe(true);
    expect(session.instruction()?.encoding.op).toMatch(/^(iret|sysret)$/);
  });

  it('GDTR.base: LGDT; TR.base: LTR', () => {
    for (const [name, op] of [
      ['gdtr.base', 'lgdt'],
      ['tr.base', 'ltr'],
    ] as const) {
      const { history, session } = world();
      expect(finish(whoSet(history, register(name)))).toBe(true);
      expect(session.instruction()?.encoding.op).toBe(op);
    }
  });

  it('a field of the TSS changed by hand: the place before that', () => {
    const { history } = world();
    const { cpu } = history.machine;
    const target: Target = { kind: 'memory', address: cpu.baseOf(7) + 0x24n, bytes: 8 };
    const { position } = history;
    history.record({ kind: 'poke', target, value: 0xffff_8000_0000_1000n });
    history.run(50);
    expect(finish(whoSet(history, target))).toBe(true);
    expect(history.position).toEqual(position);
  });
});
