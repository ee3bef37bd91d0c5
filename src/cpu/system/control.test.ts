import { expect, test } from 'vitest';
import { CR4 } from '../../registers/cr.ts';
import { Cpu } from '../cpu.ts';
import { Fault } from '../fault.ts';
import { S } from '../layout.ts';
import { PhysicalMemory } from '../physicalMemory.ts';
import { PROFILES } from '../profile.ts';
import { writeCr4 } from './control.ts';

test.each(['VME', 'PVI', 'LA57', 'PKE'] as const)('CR4.%s, which CPUID does not report, is reserved', (name) => {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  expect(() => writeCr4(cpu, BigInt(CR4[name]))).toThrow(Fault);
  expect(cpu.low(S.cr4)).toBe(0);
});
