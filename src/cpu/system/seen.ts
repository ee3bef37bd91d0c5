/** What steps saw in memory, put together for whoever draws it. */
import type { Cpu } from '../cpu.ts';
import { LDTR, S } from '../layout.ts';
import { hex } from '../fault.ts';
import type { Seen } from './microcode.ts';

/** Linear address of the entry that a selector names. */
export function entryAddress(cpu: Cpu, selector: number): bigint {
  const base = (selector & 4) === 0 ? cpu.get(S.gdtrBase) : cpu.baseOf(LDTR);
  return BigInt.asUintN(64, base + BigInt(selector & 0xfff8));
}

/** A descriptor of the GDT or LDT that stands in the state block at `at`; `upper` is where its second slot stands. */
export function seenDescriptor(cpu: Cpu, name: string, selector: number, at: number, upper?: number): Seen {
  const table = (selector & 4) === 0 ? 'GDT' : 'LDT';
  const words = [{ name: '', value: cpu.get(at) }];
  if (upper !== undefined) words.push({ name: '', value: cpu.get(upper) });
  return {
    name,
    title: `descriptor ${hex(selector & 0xfff8)} of the ${table}`,
    form: 'descriptor',
    address: entryAddress(cpu, selector),
    words,
  };
}
