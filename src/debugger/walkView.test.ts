import { describe, expect, test } from 'vitest';
import { S } from '../cpu/layout.ts';
import { CR4 } from '../registers/cr.ts';
import { emergence } from '../testing/emergence.ts';
import { Session } from './session.ts';
import { walkView } from './walkView.ts';

function atFirstSyscall() {
  const { machine } = emergence(['userprog']);
  const session = new Session(machine);
  session.begin('first-syscall');
  expect(session.advance(50_000_000)).toBe(true);
  return machine;
}

const said = (machine: ReturnType<typeof atFirstSyscall>, address: bigint): string[] =>
  walkView(machine.cpu, address).access.map((a) => `${a.cpl} ${a.kind} ${a.refused ?? 'yes'}`);

describe('who may do what at the first SYSCALL of the corrected kernel', () => {
  test('a page of the program’s code can be read and run by ring 3, and not written', () => {
    const machine = atFirstSyscall();
    const walk = walkView(machine.cpu, machine.cpu.rip);
    expect(walk.levels.map((l) => l.name)).toEqual(['PML4E', 'PDPTE', 'PDE', 'PTE']);
    expect(walk.pageBytes).toBe(4096);
    expect(said(machine, machine.cpu.rip).slice(3)).toEqual(['3 read yes', '3 write R/W', '3 fetch yes']);
  });

  test('the kernel’s code is closed to ring 3 by U/S, and the levels that say so are named', () => {
    const machine = atFirstSyscall();
    const lstar = machine.cpu.get(S.lstar);
    const walk = walkView(machine.cpu, lstar);
    const user = walk.access.filter((a) => a.cpl === 3);
    expect(user.map((a) => a.refused)).toEqual(['U/S', 'U/S', 'U/S']);
    expect(user[0]?.errorCode).toBe(5);
    for (const place of user[0]?.guilty ?? []) expect((walk.levels[place]?.entry ?? 4n) & 4n).toBe(0n);
    expect(user[0]?.guilty.length).toBeGreaterThan(0);
    expect(walk.access[2]).toMatchObject({ cpl: 0, kind: 'fetch', refused: null });
  });

  test('with SMEP and SMAP the kernel may not run or read the program’s page; AC opens the reading', () => {
    const machine = atFirstSyscall();
    const { cpu } = machine;
    cpu.set(S.cr4, cpu.get(S.cr4) | BigInt(CR4.SMEP | CR4.SMAP));
    expect(said(machine, cpu.rip).slice(0, 3)).toEqual(['0 read CR4.SMAP', '0 write CR4.SMAP', '0 fetch CR4.SMEP']);
    cpu.rflags |= 1 << 18;
    expect(said(machine, cpu.rip)[0]).toBe('0 read yes');
  });

  test('an unmapped page is refused by P at the last entry met, for everybody', () => {
    const machine = atFirstSyscall();
    const walk = walkView(machine.cpu, 0x10000000000n);
    expect(walk.physical).toBeNull();
    expect(new Set(walk.access.map((a) => a.refused))).toEqual(new Set(['P']));
    expect(walk.access[0]?.guilty).toEqual([walk.levels.length - 1]);
  });

  test('a non-canonical address is not walked', () => {
    expect(walkView(atFirstSyscall().cpu, 0x8000_0000_0000n)).toMatchObject({ canonical: false, levels: [] });
  });

  test('looking changes nothing', () => {
    const machine = atFirstSyscall();
    const before = machine.hash();
    for (const address of [0n, 0x400000n, 0x10000000000n, machine.cpu.get(S.lstar)]) walkView(machine.cpu, address);
    expect(machine.hash()).toBe(before);
  });
});
