/** What of the state block depends on the running ring beside CPL: where accesses and jumps are looked up. */
import { JUMP_BYTES, JUMPS, TLB, TLB_BYTES, TLB_CONTEXT } from '../layout.ts';

/** What chooses the TLB: ring 3, RFLAGS.AC, CR0.AM, CR4.SMAP, and whether data breakpoints are on. */
interface ContextBits {
  readonly user: boolean;
  readonly ac: boolean;
  readonly am: boolean;
  readonly smap: boolean;
  readonly watching: boolean;
}
/** The TLB context of accesses: AC lets the supervisor touch user pages, and has user accesses checked for alignment. */
export function contextFor({ user, ac, am, smap, watching }: ContextBits): number {
  if (watching) return TLB_CONTEXT.checked;
  if (user) return ac && am ? TLB_CONTEXT.checked : TLB_CONTEXT.user;
  return ac && smap ? TLB_CONTEXT.supervisorAc : TLB_CONTEXT.supervisor;
}
/** S.tlb, S.jumps and the lowest bit of R.stamp. */
export interface RingWords {
  readonly tlb: number;
  readonly jumps: number;
  readonly stampBit: number;
}
export const ringWords = (context: number, user: boolean): RingWords => ({
  tlb: TLB + context * TLB_BYTES,
  jumps: JUMPS + (user ? JUMP_BYTES : 0),
  stampBit: user ? 1 : 0,
});
