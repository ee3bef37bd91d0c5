/** Addition, subtraction, comparison, logic. */
import * as x from '../language/expr.ts';
import type { Size, Val } from '../language/expr.ts';
import { AF, EAGER_OF } from '../language/flags.ts';
import { define, type Sem } from '../language/semantics.ts';
import { only, pair } from './move.ts';

const one = (size: Size): Val => x.constant(size, 1n);
/** Top bit of a clean value, as i32 0/1. */
export const topBit = (size: Size, v: Val): Val => {
  const b = x.shr(v, x.constant(size, BigInt(size - 1)));
  return x.and(size === 64 ? x.wrap(b) : b, x.i32(1));
};
/** An i32 as a value of `size`. */
export const asSize = (size: Size, bit: Val): Val => (size === 64 ? x.extendU(bit) : bit);

define('add', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const b = src.read();
  dst.update((a) => {
    const r = c.let(x.norm(s, x.add(a, b)));
    c.setFlags('add', s, r, b);
    return r;
  });
});

define('sub', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const b = src.read();
  dst.update((a) => {
    c.setFlags('sub', s, a, b);
    return x.sub(a, b);
  });
});

define('cmp', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const b = src.read();
  c.setFlags('sub', s, dst.read(), b);
});

define('test', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const b = src.read();
  c.setFlags('logic', s, c.let(x.and(dst.read(), b)));
});

const logic = (op: string, combine: (a: Val, b: Val) => Val): void =>
  define(op, 'sets', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const b = src.read();
    dst.update((a) => {
      const r = c.let(combine(a, b));
      c.setFlags('logic', s, r);
      return r;
    });
  });
logic('and', x.and);
logic('or', x.or);
logic('xor', x.xor);

/** Result of a +/- b +/- carry with its eager flags: carry, adjust and overflow are computed at once. */
function withCarry(c: Sem, s: Size, a: Val, b: Val, subtract: boolean): Val {
  const carryIn = c.let(asSize(s, c.condition(2)));
  const combine = subtract ? x.sub : x.add;
  const r = c.let(x.norm(s, combine(combine(a, b), carryIn)));
  const [lhs, rhs] = subtract ? [a, b] : [r, a];
  const carry = x.or(x.ltU(lhs, rhs), x.and(x.eq(lhs, rhs), x.ne(carryIn, x.constant(s, 0n))));
  const signs = subtract ? x.xor(a, b) : x.xor(x.xor(a, b), x.constant(s, -1n));
  const over = topBit(s, x.and(signs, x.xor(a, r)));
  const third = x.xor(x.xor(a, b), r);
  const adjust = x.and(s === 64 ? x.wrap(third) : third, x.i32(AF));
  c.setFlags('eager', s, r, c.let(asSize(s, x.or(x.or(carry, adjust), x.mul(over, x.i32(EAGER_OF))))));
  return r;
}
const carried = (op: string, subtract: boolean): void =>
  define(op, 'reads', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const b = src.read();
    dst.update((a) => withCarry(c, s, a, b, subtract));
  });
carried('adc', false);
carried('sbb', true);

const step = (op: 'inc' | 'dec'): void =>
  define(op, 'partly', (c, s, operands) => {
    only(operands).update((a) => {
      const carry = c.let(asSize(s, c.condition(2)));
      const r = c.let(x.norm(s, op === 'inc' ? x.add(a, one(s)) : x.sub(a, one(s))));
      c.setFlags(op, s, r, carry);
      return r;
    });
  });
step('inc');
step('dec');

define('neg', 'sets', (c, s, operands) => {
  only(operands).update((a) => {
    c.setFlags('sub', s, x.constant(s, 0n), a);
    return x.sub(x.constant(s, 0n), a);
  });
});
define('not', 'none', (_c, s, operands) => only(operands).update((a) => x.xor(a, x.constant(s, -1n))));

define('xadd', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const b = c.let(src.read());
  let old: Val = b;
  let sum: Val = b;
  dst.update((a) => {
    old = a;
    sum = c.let(x.norm(s, x.add(a, b)));
    c.setFlags('add', s, sum, b);
    return sum;
  });
  // XADD of a register with itself keeps the sum (the destination is written last: SDM vol. 2D, XADD).
  if (dst.kind === 'mem') src.write(old);
  else {
    src.write(old);
    dst.write(sum);
  }
});

// Memory is written in any case: with itself when the comparison fails (SDM vol. 2A, CMPXCHG). Of the two registers
// only the one that changes is: a 32-bit write would clear its upper half.
define('cmpxchg', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const wanted = c.reg(0, s);
  const b = c.let(src.read());
  const a = c.let(wanted.read());
  let old: Val = a;
  let same: Val = a;
  const compare = (v: Val): void => {
    old = v;
    same = c.let(x.eq(a, v));
    c.setFlags('sub', s, a, v);
  };
  if (dst.kind === 'mem') {
    dst.update((v) => {
      compare(v);
      return x.select(same, b, v);
    });
  } else {
    compare(c.let(dst.read()));
    c.when(same, () => dst.write(b));
  }
  c.when(x.eqz(same), () => wanted.write(old));
});

/** ADCX and ADOX: an addition chain through CF or OF alone. */
const chain = (op: string, flagBit: number, cc: number): void =>
  define(op, 'reads', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const b = src.read();
    dst.update((a) => {
      const carryIn = c.let(asSize(s, c.condition(cc)));
      const r = c.let(x.add(x.add(a, b), carryIn));
      const carry = x.or(x.ltU(r, a), x.and(x.eq(r, a), x.ne(carryIn, x.constant(s, 0n))));
      const others = x.and(c.flagsWord(), x.i32(~flagBit));
      c.setFlags('word', 32, c.let(x.or(others, x.mul(carry, x.i32(flagBit)))));
      return r;
    });
  });
chain('adcx', 1, 2);
chain('adox', 0x800, 0);
