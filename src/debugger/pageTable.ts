/** A paging structure read for a person, as it stands in memory. */
import type { Cpu } from '../cpu/cpu.ts';

export interface TableEntry {
  readonly index: number;
  readonly entry: bigint;
}

const ENTRIES = 512;

/** The entries of 8 bytes that are present; empty where the address is not that of a page of RAM. */
export function pageTable(cpu: Cpu, physical: bigint): readonly TableEntry[] {
  if (physical < 0n || (physical & 0xfffn) !== 0n || physical + 4096n > BigInt(cpu.memory.ramBytes)) return [];
  const host = cpu.memory.host(Number(physical));
  if (host === 0) return [];
  const found: TableEntry[] = [];
  for (let index = 0; index < ENTRIES; index++) {
    const entry = cpu.memory.view.getBigUint64(host + 8 * index, true);
    if ((entry & 1n) === 1n) found.push({ index, entry });
  }
  return found;
}
