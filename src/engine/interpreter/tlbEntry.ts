/** Where generated code looks in the TLB for an access. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import { TLB_ENTRIES, TLB_ENTRY } from '../../cpu/layout.ts';

/** Byte offset of an address's entry in a TLB; the page number's higher bits are mixed in so that strides do not thrash. */
export const tlbIndex = (low: Val): Val =>
  x.and(
    x.xor(x.shr(low, x.i32(12 - TLB_ENTRY.shift)), x.shr(low, x.i32(24 - TLB_ENTRY.shift - 2))),
    x.i32((TLB_ENTRIES - 1) << TLB_ENTRY.shift),
  );
/** Page of the last byte: equal to the entry's tag only when the access stays inside the page. */
export const tlbTag = (ea: Val, size: Size | 128): Val =>
  x.and(size === 8 ? ea : x.add(ea, x.i64(BigInt(size / 8 - 1))), x.i64(~0xfffn));
