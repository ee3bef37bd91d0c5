/** Paging structures read for a person, as they stand: what each entry covers, and what it leads to. */
import type { Cpu } from '../cpu/cpu.ts';
import { S } from '../cpu/layout.ts';
import { CR4 } from '../registers/cr.ts';
import { pagingOf, type WalkView } from './walkView.ts';

export interface TableEntry {
  readonly index: number;
  readonly entry: bigint;
  /** Physical address of the structure that it leads to; null for one that maps a page. */
  readonly below: bigint | null;
}

export interface TableView {
  readonly paging: WalkView['paging'];
  /** What its entries are called: "PML4E", "PDPTE", "PDE", "PTE"; empty when paging is off. */
  readonly name: string;
  /** Physical address of the structure. */
  readonly at: bigint;
  /** Bytes of linear memory that one entry covers. */
  readonly covers: bigint;
  /** The present ones. */
  readonly entries: readonly TableEntry[];
}

/** Structures from CR3 down, each with what an entry of it covers (SDM vol. 3A, 4.3 to 4.5). */
const LEVELS: Readonly<Record<WalkView['paging'], readonly (readonly [name: string, covers: bigint])[]>> = {
  off: [],
  '32-bit': [
    ['PDE', 1n << 22n],
    ['PTE', 1n << 12n],
  ],
  PAE: [
    ['PDPTE', 1n << 30n],
    ['PDE', 1n << 21n],
    ['PTE', 1n << 12n],
  ],
  '4-level': [
    ['PML4E', 1n << 39n],
    ['PDPTE', 1n << 30n],
    ['PDE', 1n << 21n],
    ['PTE', 1n << 12n],
  ],
};

const PAGE_BYTES = 4096;
const PRESENT = 1n;
const PAGE_SIZE = 0x80n;
const ADDRESS = 0xffffffffff000n;
const ADDRESS_32 = 0xfffff000n;

/** Entries of a page of RAM; none where there is no RAM. */
function inMemory(cpu: Cpu, physical: bigint, bytes: 4 | 8): bigint[] {
  if (physical < 0n || physical % BigInt(PAGE_BYTES) !== 0n) return [];
  if (physical + BigInt(PAGE_BYTES) > BigInt(cpu.memory.ramBytes)) return [];
  const host = cpu.memory.host(Number(physical));
  if (host === 0) return [];
  const { view } = cpu.memory;
  return Array.from({ length: PAGE_BYTES / bytes }, (_, n) =>
    bytes === 4 ? BigInt(view.getUint32(host + 4 * n, true)) : view.getBigUint64(host + 8 * n, true),
  );
}

/**
 * The structure `level` levels below CR3, 0 for the one that CR3 names, whose address is then not looked at. The four
 * PDPTEs of PAE paging are those in the processor.
 */
export function pageTable(cpu: Cpu, level: number, physical: bigint): TableView {
  const paging = pagingOf(cpu);
  const [name, covers] = LEVELS[paging][level] ?? ['', 0n];
  if (name === '') return { paging, name, at: 0n, covers, entries: [] };
  const narrow = paging === '32-bit';
  const inProcessor = paging === 'PAE' && level === 0;
  const root = cpu.get(S.cr3) & (inProcessor ? 0xffffffe0n : narrow ? ADDRESS_32 : ADDRESS);
  const at = level === 0 ? root : physical;
  const words = inProcessor ? [0, 1, 2, 3].map((n) => cpu.get(S.pdptes + 8 * n)) : inMemory(cpu, at, narrow ? 4 : 8);
  const large = !narrow || (cpu.low(S.cr4) & CR4.PSE) !== 0;
  const mapsPage = (entry: bigint): boolean =>
    name === 'PTE' || ((entry & PAGE_SIZE) !== 0n && large && !inProcessor && name !== 'PML4E');
  const entries = words.flatMap((entry, index): TableEntry[] => {
    if ((entry & PRESENT) === 0n) return [];
    return [{ index, entry, below: mapsPage(entry) ? null : entry & (narrow ? ADDRESS_32 : ADDRESS) }];
  });
  return { paging, name, at, covers, entries };
}
