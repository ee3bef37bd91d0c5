/** PDPTE registers: PAE paging reads its four top entries when CR3 is loaded, not at each walk (SDM vol. 3A, 4.4.1). */
import { CR0, CR4 } from '../../registers/cr.ts';
import { EFER } from '../../registers/efer.ts';
import { PTE } from '../../registers/pageEntry.ts';
import { type Cpu, highOf, lowOf } from '../cpu.ts';
import { generalProtection } from '../fault.ts';
import { S } from '../layout.ts';
import { PHYSICAL_BITS } from '../paging.ts';

const ENTRIES = 4;
/** Bits 2:1 and 8:5, and those beyond the physical address. */
const RESERVED_LOW = 0x1e6;
const RESERVED_HIGH = ~((1 << (PHYSICAL_BITS - 32)) - 1);

/** Whether paging with these control registers is PAE paging. */
export const isPae = (cr0: number, cr4: number, efer: number): boolean =>
  (cr0 & CR0.PG) !== 0 && (cr4 & CR4.PAE) !== 0 && (efer & EFER.LME) === 0;

/** Loads the registers from the table at CR3 `cr3`; #GP(0) and no change when a present entry has a reserved bit. */
export function loadPdptes(cpu: Cpu, cr3: number): void {
  const table = (cr3 & 0xffffffe0) >>> 0;
  const words = Array.from({ length: 2 * ENTRIES }, (_, i) => cpu.memory.read32(table + 4 * i));
  for (let n = 0; n < ENTRIES; n++) {
    const [low = 0, high = 0] = words.slice(2 * n);
    requireEntry(n, low, high);
  }
  words.forEach((word, i) => cpu.setLow(S.pdptes + 4 * i, word));
}

function requireEntry(n: number, low: number, high: number): void {
  if ((low & PTE.P) === 0 || ((low & RESERVED_LOW) === 0 && (high & RESERVED_HIGH) === 0)) return;
  const entry = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  throw generalProtection(
    0,
    `reserved bits of PDPTE ${n} are 0`,
    `bits 2:1, 8:5 and 63:${PHYSICAL_BITS} 0`,
    `${entry.toString(16)}h`,
    'SDM vol. 3A, 4.4.1',
  );
}

/** Changes one of the registers by hand; the table in memory stays. */
export function writePdpte(cpu: Cpu, n: number, value: bigint): void {
  requireEntry(n, lowOf(value), highOf(value));
  cpu.set(S.pdptes + 8 * n, value);
  cpu.tlb.flush();
}
