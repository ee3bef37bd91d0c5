/** Data movement: nothing here touches the flags. */
import { define, type Sem, type Value } from '../language/semantics.ts';
import * as x from '../language/expr.ts';
import type { Size, Val } from '../language/expr.ts';

const RAX = 0;
const RDX = 2;
const RBP = 5;

const pair = (operands: readonly Value[]): readonly [Value, Value] => {
  const [first, second] = operands;
  if (first === undefined || second === undefined) throw new Error('two operands expected');
  return [first, second];
};
export const only = (operands: readonly Value[]): Value => {
  const [first] = operands;
  if (first === undefined) throw new Error('an operand expected');
  return first;
};
export { pair };

define('mov', 'none', (_c, _size, operands) => {
  const [dst, src] = pair(operands);
  dst.write(src.read());
});

define('lea', 'none', (_c, size, operands) => {
  const [dst, src] = pair(operands);
  dst.write(x.zext(src.address(), 64, size));
});

const extend = (op: string, signed: boolean): void =>
  define(op, 'none', (_c, size, operands) => {
    const [dst, src] = pair(operands);
    const v = src.read();
    dst.write(signed ? x.norm(size, x.sextWide(v, src.size, size)) : x.zext(v, src.size, size));
  });
extend('movzx', false);
extend('movsx', true);
extend('movsxd', true);

define('xchg', 'none', (c, _size, operands) => {
  const [dst, src] = pair(operands);
  const incoming = c.let(src.read());
  let old: Val = incoming;
  dst.update((v) => {
    old = v;
    return incoming;
  });
  src.write(old);
});

define('cmovcc', 'reads', (c, _size, operands) => {
  const [dst, src, cc] = operands;
  if (dst === undefined || src === undefined || cc === undefined)
    throw new Error('cmovcc takes dst, src and a condition');
  const v = src.read();
  const old = dst.read();
  dst.write(x.select(c.condition(cc), v, old));
});

define('setcc', 'reads', (c, _size, operands) => {
  const [dst, cc] = pair(operands);
  dst.write(c.condition(cc));
});

const push = (c: Sem, size: Size, operands: readonly Value[]): void => {
  const src = only(operands);
  c.push(size, src.read());
};
define('push', 'none', push, { stack: true });

define(
  'pop',
  'none',
  (c, size, operands) => {
    const dst = only(operands);
    if (dst.kind === 'mem') throw new Error('POP to memory has a routine');
    const v = c.top(size);
    c.setStackPointer(x.add(c.reg(4, 64).read(), x.i64(BigInt(size / 8))));
    dst.write(v);
  },
  { stack: true },
);

define(
  'leave',
  'none',
  (c, size) => {
    const frame = c.reg(RBP, 64).read();
    const v = c.top(size, frame);
    c.setStackPointer(x.add(frame, x.i64(BigInt(size / 8))));
    c.reg(RBP, size).write(v);
  },
  { stack: true },
);

/** CBW, CWDE, CDQE: the accumulator's lower half, sign-extended. */
define('cbw', 'none', (c, size) => {
  const from = (size / 2) as Size;
  c.reg(RAX, size).write(x.norm(size, x.sextWide(c.reg(RAX, from).read(), from, size)));
});

/** CWD, CDQ, CQO: the sign of the accumulator into rDX. */
define('cwd', 'none', (c, size) => {
  const wide = x.sextWide(c.reg(RAX, size).read(), size, size);
  c.reg(RDX, size).write(x.norm(size, x.sar(wide, x.constant(size === 64 ? 64 : 32, size === 64 ? 63n : 31n))));
});

/** Bytes in reverse order. */
function reversed(c: Sem, size: Size, v: Val): Val {
  if (size === 16) return x.or(x.shl(v, x.i32(8)), x.shr(v, x.i32(8)));
  const swap32 = (w: Val): Val => {
    const low = x.and(x.rotl(w, x.i32(8)), x.i32(0x00ff00ff));
    return x.or(low, x.and(x.rotr(w, x.i32(8)), x.i32(0xff00ff00)));
  };
  if (size === 32) return swap32(c.let(v));
  const low = c.let(x.wrap(v));
  const high = c.let(x.wrap(x.shr(v, x.i64(32n))));
  return x.or(x.shl(x.extendU(swap32(low)), x.i64(32n)), x.extendU(swap32(high)));
}

// BSWAP of a 16-bit register is undefined (SDM vol. 2A, BSWAP); processors clear it.
define('bswap', 'none', (c, size, operands) => {
  const dst = only(operands);
  dst.write(size === 16 ? x.i32(0) : reversed(c, size, c.let(dst.read())));
});

define('movbe', 'none', (c, size, operands) => {
  const [dst, src] = pair(operands);
  dst.write(reversed(c, size, c.let(src.read())));
});

define('nop', 'none', () => undefined);
