/** Paging structures of every mode, and walks through them (SDM vol. 3A, 4.3 to 4.6). */
import { describe, expect, test } from 'vitest';
import { Cpu } from '../cpu/cpu.ts';
import { S } from '../cpu/layout.ts';
import { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { PROFILES } from '../cpu/profile.ts';
import { writeCr0, writeCr3 } from '../cpu/system/control.ts';
import { CR0, CR4 } from '../registers/cr.ts';
import { EFER } from '../registers/efer.ts';
import { pageTable, type TableView } from './pageTable.ts';
import { walkAsSteps } from './walkSteps.ts';
import { walkView } from './walkView.ts';

const ON = BigInt((CR0.PE | CR0.PG) >>> 0);
const ROOT = 0x1000;
const PAGES = 0x2000;
const LARGE = 0x80;

function machine(cr4: number, tables: readonly (readonly [at: number, low: number, high?: number])[]): Cpu {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  for (const [at, low, high] of tables) {
    cpu.memory.write32(at, low);
    if (high !== undefined) cpu.memory.write32(at + 4, high);
  }
  cpu.setLow(S.cr0, CR0.PE);
  cpu.setLow(S.cr4, cr4);
  writeCr3(cpu, BigInt(ROOT));
  writeCr0(cpu, ON);
  return cpu;
}

const nodes = ({ entries }: TableView) => entries.map(({ index, below }) => [index, below]);

/** PDE 0 names a page table with page 1 for ring 3 to read; PDE 1 is a page of 4 MiB where PSE says so. */
const narrow = (cr4: number): Cpu =>
  machine(cr4, [
    [ROOT, PAGES | 7],
    [ROOT + 4, 0x0040_0003 | LARGE],
    [PAGES + 4, 0x5005],
  ]);

describe('32-bit paging', () => {
  test('entries of 4 bytes; PS maps 4 MiB with CR4.PSE and names a page table without it', () => {
    const cpu = narrow(CR4.PSE);
    const root = pageTable(cpu, 0, 0n);
    expect(root).toMatchObject({ paging: '32-bit', name: 'PDE', at: BigInt(ROOT), covers: 1n << 22n });
    expect(nodes(root)).toEqual([
      [0, BigInt(PAGES)],
      [1, null],
    ]);
    expect(pageTable(cpu, 1, BigInt(PAGES))).toMatchObject({ name: 'PTE', covers: 0x1000n, entries: [{ index: 1 }] });
    expect(nodes(pageTable(narrow(0), 0, 0n))[1]).toEqual([1, 0x40_0000n]);
  });

  test('a walk: where each entry can be changed, in 4 bytes, and what ring 3 may do', () => {
    const walk = walkView(narrow(CR4.PSE), 0x1_0000_1234n);
    expect(walk).toMatchObject({ address: 0x1234n, paging: '32-bit', physical: 0x5234n, pageBytes: 0x1000 });
    expect(walk.levels.map(({ name, target }) => [name, target])).toEqual([
      ['PDE', { kind: 'physical', address: BigInt(ROOT), bytes: 4 }],
      ['PTE', { kind: 'physical', address: BigInt(PAGES + 4), bytes: 4 }],
    ]);
    expect(walk.access.map(({ refused }) => refused)).toEqual([null, null, null, null, 'R/W', null]);
    expect(walkView(narrow(CR4.PSE), 0x41_2345n)).toMatchObject({ physical: 0x41_2345n, pageBytes: 0x40_0000 });
  });

  test('CR0.WP holds ring 0 to R/W', () => {
    const cpu = narrow(CR4.PSE);
    writeCr0(cpu, ON | BigInt(CR0.WP));
    expect(walkView(cpu, 0x1234n).access[1]).toMatchObject({ refused: 'R/W', guilty: [1] });
  });
});

/** One quarter of the space: PDE 0 names a page table, PDE 1 is a page of 2 MiB only for the kernel. */
const pae = (): Cpu =>
  machine(CR4.PAE, [
    [ROOT + 8, PAGES | 1, 0],
    [PAGES, 0x3007, 0],
    [PAGES + 8, 0x0020_0003 | LARGE, 0],
    [0x3000, 0x5007, 0x8000_0000 | 0],
  ]);

describe('PAE paging', () => {
  test('the four entries are those in the processor, whatever stands in memory now', () => {
    const cpu = pae();
    cpu.memory.write32(ROOT + 8, 0);
    const root = pageTable(cpu, 0, 0n);
    expect(root).toMatchObject({ paging: 'PAE', name: 'PDPTE', covers: 1n << 30n });
    expect(nodes(root)).toEqual([[1, BigInt(PAGES)]]);
    expect(nodes(pageTable(cpu, 1, BigInt(PAGES)))).toEqual([
      [0, 0x3000n],
      [1, null],
    ]);
  });

  test('the first entry says nothing about rights: it is never guilty, and is changed in the processor', () => {
    const walk = walkView(pae(), 0x4020_0123n);
    expect(walk).toMatchObject({ paging: 'PAE', physical: 0x20_0123n, pageBytes: 0x20_0000 });
    expect(walk.levels.map(({ name, hasRights }) => [name, hasRights])).toEqual([
      ['PDPTE', false],
      ['PDE', true],
    ]);
    expect(walk.levels[0]?.target).toEqual({ kind: 'register', name: 'pdpte1' });
    expect(walk.access[3]).toMatchObject({ cpl: 3, refused: 'U/S', guilty: [1] });
    const steps = walkAsSteps(pae(), 0x4020_0123n, 3, 'read').steps;
    expect(steps.find(({ state }) => state === 'failed')).toMatchObject({ guilty: ['PDE.U/S'], value: 'PDE 0' });
  });

  test('XD refuses a fetch with EFER.NXE', () => {
    const cpu = pae();
    cpu.setLow(S.efer, EFER.NXE);
    expect(walkView(cpu, 0x4000_0000n).access.map(({ refused }) => refused)).toEqual([
      null,
      null,
      'XD',
      null,
      null,
      'XD',
    ]);
  });
});

test('without paging there is no table, and an address is the physical one', () => {
  const cpu = pae();
  writeCr0(cpu, BigInt(CR0.PE));
  expect(pageTable(cpu, 0, 0n)).toMatchObject({ paging: 'off', entries: [] });
  expect(walkView(cpu, 0x1234n)).toMatchObject({ paging: 'off', physical: 0x1234n, levels: [] });
});

test('an address that is not of a page of RAM has no entries', () => {
  for (const at of [1n, -0x1000n, 1n << 30n]) expect(pageTable(narrow(0), 1, at).entries).toEqual([]);
});
