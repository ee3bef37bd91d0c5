/** A crossing of rings noted by generated code, as `CrossingLog.note` notes it. */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import { CROSSING, CROSSINGS } from '../../cpu/layout.ts';
import { Crossing } from '../../cpu/system/crossing.ts';
import type { Func } from '../wasm/func.ts';

const wide = (address: number): Val => x.hostLoad(64, x.i32(address));
const word = (address: number): Val => x.hostLoad(32, x.i32(address));

/** `left`: instructions that may still run, the present one included; a straight line may run over by some. */
export function noteCrossing(f: Func, what: number, detail: Val, toUser: boolean, left: Val): void {
  const length = f.let(wide(CROSSINGS.length));
  const slot = x.shl(x.and(x.wrap(length), word(CROSSINGS.mask)), x.i32(CROSSING.shift));
  const entry = f.let(x.add(word(CROSSINGS.at), slot));
  const count = f.let(x.sub(wide(CROSSINGS.ends), x.extendS(left)));
  f.store(64, entry, count, CROSSING.count);
  f.store(64, entry, x.or(wide(CROSSINGS.turn), x.extendU(detail)), CROSSING.detail);
  f.store(64, x.i32(CROSSINGS.length), x.add(length, wide(CROSSINGS.step)));
  const after = f.let(x.add(count, x.i64(1n)));
  const before = x.add(wide(CROSSINGS.user), x.and(after, wide(CROSSINGS.inUser)));
  f.store(64, x.i32(CROSSINGS.user), toUser ? x.sub(before, after) : before);
  f.store(64, x.i32(CROSSINGS.inUser), x.i64(toUser ? -1n : 0n));
  if (what === Crossing.syscall) f.store(64, x.i32(CROSSINGS.syscalls), x.add(wide(CROSSINGS.syscalls), x.i64(1n)));
}
