/** Where the pages of a region are: asked of the page tables without leaving a trace in them. */
import type { Cpu } from '../../cpu/cpu.ts';
import { isCanonical } from '../../cpu/dataAccess.ts';
import { S } from '../../cpu/layout.ts';
import { PageAccess } from '../../cpu/paging.ts';
import { CR0 } from '../../registers/cr.ts';
import { PTE } from '../../registers/pageEntry.ts';

const PAGE = 4096;
/** A fetch would be refused; a fetch would set an accessed bit first. */
export const NO_PAGE = -1;
export const NOT_ACCESSED = -2;

/**
 * Physical page that instructions at a linear page are fetched from at the present CPL. Only what a fetch would not
 * change anything for: a region that skips the fetch must not skip setting accessed bits.
 */
export function codePage(cpu: Cpu, low: number, high: number): number {
  if (!isCanonical(high)) return NO_PAGE;
  const { walker } = cpu;
  const access = PageAccess.fetch | (cpu.cpl === 3 ? PageAccess.user : 0);
  const physical = walker.walk(low & 0xfffff000, high, access, false, true);
  if (physical < 0) return NO_PAGE;
  if ((cpu.low(S.cr0) & CR0.PG) !== 0) {
    for (let n = 0; n < walker.depth; n++) if (((walker.low[n] as number) & PTE.A) === 0) return NOT_ACCESSED;
  }
  return Math.floor(physical / PAGE);
}
