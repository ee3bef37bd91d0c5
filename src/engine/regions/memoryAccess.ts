/** How a region finds the host address of a guest access: through the TLB that the interpreter uses. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import { TLB_ENTRY } from '../../cpu/layout.ts';
import { tlbIndex, tlbTag } from '../interpreter/tlbEntry.ts';
import type { Func } from '../wasm/func.ts';

export const MEMORY_ACCESS = { read: TLB_ENTRY.read, write: TLB_ENTRY.write } as const;

/** `otherwise` leaves the region where its condition holds: for pages not in the TLB and accesses across two. */
export function hostAddress(
  f: Func,
  tlb: Val,
  size: Size | 128,
  linear: Val,
  tag: number,
  otherwise: (when: Val) => void,
): Val {
  const ea = f.let(linear);
  const low = f.let(x.wrap(ea));
  const entry = f.let(x.add(tlb, tlbIndex(low)));
  otherwise(x.ne(x.hostLoad(64, entry, tag), tlbTag(ea, size)));
  return f.let(x.add(x.hostLoad(32, entry, TLB_ENTRY.delta), low));
}
