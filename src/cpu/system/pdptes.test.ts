import { describe, expect, test } from 'vitest';
import { CR0, CR4 } from '../../registers/cr.ts';
import { Cpu } from '../cpu.ts';
import { Fault, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import { PhysicalMemory } from '../physicalMemory.ts';
import { PROFILES } from '../profile.ts';
import { writeCr0, writeCr3, writeCr4 } from './control.ts';

const ROOT = 0x1020;
const DIRECTORY = 0x2000;
const OTHER_DIRECTORY = 0x3000;
const LARGE_PAGE = 0x87;

/** PAE paging about to begin: linear 0 is the 2 MiB page at 0 by one directory, at 4 MiB by the other. */
function cpuWithTables(): Cpu {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  cpu.memory.write32(ROOT, DIRECTORY | 1);
  cpu.memory.write32(DIRECTORY, LARGE_PAGE);
  cpu.memory.write32(OTHER_DIRECTORY, 0x400000 | LARGE_PAGE);
  cpu.setLow(S.cr0, CR0.PE);
  cpu.setLow(S.cr4, CR4.PAE);
  cpu.setLow(S.cr3, ROOT);
  return cpu;
}
const PAGING = BigInt((CR0.PE | CR0.PG) >>> 0);
const where = (cpu: Cpu): number => cpu.walker.walk(0x123, 0, 0, true);

/** The vector of the exception that something raises. */
function raised(run: () => void): number | undefined {
  try {
    run();
    return undefined;
  } catch (e) {
    if (e instanceof Fault) return e.vector;
    throw e;
  }
}

describe('PDPTEs of PAE paging (SDM vol. 3A, 4.4.1)', () => {
  test('a change in memory does nothing until CR3 is loaded', () => {
    const cpu = cpuWithTables();
    writeCr0(cpu, PAGING);
    expect(where(cpu)).toBe(0x123);
    cpu.memory.write32(ROOT, OTHER_DIRECTORY | 1);
    expect(where(cpu)).toBe(0x123);
    writeCr3(cpu, BigInt(ROOT));
    expect(where(cpu)).toBe(0x400123);
  });

  test.each([
    ['CR0.PG', (cpu: Cpu) => writeCr0(cpu, PAGING)],
    [
      'CR4.PAE',
      (cpu: Cpu) => {
        cpu.setLow(S.cr4, 0);
        writeCr0(cpu, PAGING);
        writeCr4(cpu, BigInt(CR4.PAE));
      },
    ],
  ])('setting %s loads them', (_, load) => {
    const cpu = cpuWithTables();
    load(cpu);
    expect(where(cpu)).toBe(0x123);
  });

  test.each([1, 2, 5, 6, 7, 8])('reserved bit %i of a present one refuses the load and changes nothing', (bit) => {
    const cpu = cpuWithTables();
    writeCr0(cpu, PAGING);
    cpu.memory.write32(ROOT + 8, OTHER_DIRECTORY | 1 | (1 << bit));
    expect(raised(() => writeCr3(cpu, BigInt(ROOT)))).toBe(Vector.GP);
    expect(raised(() => writeCr4(cpu, BigInt(CR4.PAE | CR4.PGE)))).toBe(Vector.GP);
    expect(cpu.low(S.cr4)).toBe(CR4.PAE);
    expect(where(cpu)).toBe(0x123);
    cpu.memory.write32(ROOT + 8, OTHER_DIRECTORY | (1 << bit));
    expect(raised(() => writeCr3(cpu, BigInt(ROOT)))).toBeUndefined();
  });
});
