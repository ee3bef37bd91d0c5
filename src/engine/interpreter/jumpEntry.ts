/** Where generated code looks in the jump cache for a RIP. */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import { JUMP_ENTRIES, S, STATE } from '../../cpu/layout.ts';

/** Address of the jump-cache entry of a RIP with these low bits. */
export function jumpEntry(low: Val): Val {
  const hashed = x.shl(x.and(x.xor(low, x.shr(low, x.i32(12))), x.i32(JUMP_ENTRIES - 1)), x.i32(4));
  return x.add(x.hostLoad(32, x.i32(STATE + S.jumps)), hashed);
}
