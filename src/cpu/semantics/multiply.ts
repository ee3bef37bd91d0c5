/** Multiplication and division. */
import * as x from '../language/expr.ts';
import type { Size, Val } from '../language/expr.ts';
import { CF, EAGER_OF } from '../language/flags.ts';
import { define, type Sem } from '../language/semantics.ts';
import { asSize } from './arithmetic.ts';
import { only } from './move.ts';

const RAX = 0;
const RDX = 2;

/** High 64 bits of a product, from four 32-bit products. */
function high64(c: Sem, a: Val, b: Val, signed: boolean): Val {
  const m32 = x.i64(0xffffffffn);
  const s32 = x.i64(32n);
  const down = signed ? x.sar : x.shr;
  const [al, bl] = [c.let(x.and(a, m32)), c.let(x.and(b, m32))];
  const [ah, bh] = [c.let(down(a, s32)), c.let(down(b, s32))];
  const mid = c.let(x.add(x.mul(ah, bl), x.shr(x.mul(al, bl), s32)));
  const mid2 = c.let(x.add(x.mul(al, bh), x.and(mid, m32)));
  return x.add(x.add(x.mul(ah, bh), down(mid, s32)), down(mid2, s32));
}

function setProductFlags(c: Sem, s: Size, low: Val, overflow: Val): void {
  c.setFlags('product', s, low, c.let(asSize(s, x.mul(overflow, x.i32(CF | EAGER_OF)))));
}

/** Low half of a signed product, flags set. */
function multiply(c: Sem, s: Size, a: Val, b: Val): Val {
  let r: Val;
  let over: Val;
  if (s === 64) {
    r = c.let(x.mul(a, b));
    over = x.ne(high64(c, a, b, true), x.sar(r, x.i64(63n)));
  } else {
    const wide = c.let(x.mul(x.sextWide(a, s, 64), x.sextWide(b, s, 64)));
    r = c.let(x.norm(s, x.wrap(wide)));
    over = x.ne(wide, x.sextWide(r, s, 64));
  }
  setProductFlags(c, s, r, over);
  return r;
}

/** AX, DX:AX, EDX:EAX or RDX:RAX <- accumulator times `b`. */
function multiplyWide(c: Sem, s: Size, b: Val, signed: boolean): void {
  const a = c.let(c.reg(RAX, s).read());
  if (s === 64) {
    const low = c.let(x.mul(a, b));
    const high = c.let(high64(c, a, b, signed));
    setProductFlags(c, 64, low, x.ne(high, signed ? x.sar(low, x.i64(63n)) : x.i64(0n)));
    c.reg(RAX, 64).write(low);
    c.reg(RDX, 64).write(high);
    return;
  }
  const widened = (v: Val): Val => (signed ? x.sextWide(v, s, 64) : x.extendU(v));
  const wide = c.let(x.mul(widened(a), widened(b)));
  const low = c.let(x.norm(s, x.wrap(wide)));
  setProductFlags(c, s, low, x.ne(wide, widened(low)));
  if (s === 8) c.reg(RAX, 16).write(x.and(x.wrap(wide), x.i32(0xffff)));
  else {
    c.reg(RAX, s).write(low);
    c.reg(RDX, s).write(x.norm(s, x.wrap(x.shr(wide, x.i64(BigInt(s))))));
  }
}

define('mul', 'sets', (c, s, operands) => multiplyWide(c, s, c.let(only(operands).read()), false));

define('imul', 'sets', (c, s, operands) => {
  const [dst, src, imm] = operands;
  if (dst === undefined) throw new Error('imul takes an operand');
  if (src === undefined) multiplyWide(c, s, c.let(dst.read()), true);
  else if (imm === undefined) {
    const b = src.read();
    dst.update((a) => multiply(c, s, a, b));
  } else dst.write(multiply(c, s, src.read(), imm.read()));
});

define('mulx', 'none', (c, s, operands) => {
  const [high, low, src] = operands;
  if (high === undefined || low === undefined || src === undefined) throw new Error('mulx takes three operands');
  const a = c.let(c.reg(RDX, s).read());
  const b = c.let(src.read());
  if (s === 64) {
    const top = c.let(high64(c, a, b, false));
    low.write(x.mul(a, b));
    high.write(top);
    return;
  }
  const wide = c.let(x.mul(x.extendU(a), x.extendU(b)));
  low.write(x.wrap(wide));
  high.write(x.wrap(x.shr(wide, x.i64(32n))));
});

/** The dividend of a division of `s` bits (8, 16, 32) as i64. */
function dividend(c: Sem, s: Size, signed: boolean): Val {
  if (s === 8) return signed ? x.sextWide(c.reg(RAX, 16).read(), 16, 64) : x.extendU(c.reg(RAX, 16).read());
  const low = x.extendU(c.reg(RAX, s).read());
  const high = c.reg(RDX, s).read();
  const joined = x.or(x.shl(x.extendU(high), x.i64(BigInt(s))), low);
  return s === 16 && signed ? x.sextWide(x.wrap(joined), 32, 64) : joined;
}

function writeQuotient(c: Sem, s: Size, quotient: Val, remainder: Val): void {
  const part = (v: Val): Val => (s === 64 ? v : x.norm(s, x.wrap(v)));
  c.reg(RAX, s).write(part(quotient));
  if (s === 8) c.highByte(RAX).write(part(remainder));
  else c.reg(RDX, s).write(part(remainder));
}

/**
 * Quotient and remainder of high:low by `d`, where high < d: two digits of 32 bits (Knuth, The Art of Computer
 * Programming, vol. 2, 4.3.1, algorithm D).
 */
function divideWide(c: Sem, high: Val, low: Val, d: Val): readonly [Val, Val] {
  const half = x.i64(32n);
  const digit = x.i64(0xffffffffn);
  const shift = c.let(x.clz(d));
  const v = c.let(x.shl(d, shift));
  const [vHigh, vLow] = [c.let(x.shr(v, half)), c.let(x.and(v, digit))];
  // A shift by 64 - 0 would go round.
  const carried = x.shr(x.shr(low, x.i64(1n)), x.sub(x.i64(63n), shift));
  const rest = c.variable(64, x.or(x.shl(high, shift), carried));
  const scaled = c.let(x.shl(low, shift));
  const digits = [x.shr(scaled, half), x.and(scaled, digit)].map((next) => {
    const u = c.let(next);
    const q = c.variable(64, x.divU(rest.value, vHigh));
    const r = c.variable(64, x.sub(rest.value, x.mul(q.value, vHigh)));
    c.while(
      () =>
        x.and(
          x.leU(r.value, digit),
          x.or(x.gtU(q.value, digit), x.gtU(x.mul(q.value, vLow), x.or(x.shl(r.value, half), u))),
        ),
      () => {
        q.set(x.sub(q.value, x.i64(1n)));
        r.set(x.add(r.value, vHigh));
      },
    );
    rest.set(x.sub(x.or(x.shl(rest.value, half), u), x.mul(q.value, v)));
    return q.value;
  });
  return [x.add(x.shl(digits[0] as Val, half), digits[1] as Val), x.shr(rest.value, shift)];
}

// Zero divisors and overflow (a quotient of more than `s` bits: a high half that is not below the divisor) go to the routine, which raises #DE.
define('div', 'partly', (c, s, operands) => {
  const d = c.let(only(operands).read());
  if (s === 64) {
    const high = c.let(c.reg(RDX, 64).read());
    c.elseRoutine(x.geU(high, d));
    const a = c.let(c.reg(RAX, 64).read());
    const quotient = c.variable(64, x.divU(a, d));
    const remainder = c.variable(64, x.remU(a, d));
    c.when(x.ne(high, x.i64(0n)), () => {
      const [q, r] = divideWide(c, high, a, d);
      quotient.set(q);
      remainder.set(r);
    });
    writeQuotient(c, 64, quotient.value, remainder.value);
    return;
  }
  const n = c.let(dividend(c, s, false));
  const d64 = c.let(x.extendU(d));
  // The quotient fits exactly when the high half is below the divisor, which also excludes a zero divisor.
  c.elseRoutine(x.geU(x.shr(n, x.i64(BigInt(s))), d64));
  writeQuotient(c, s, c.let(x.divU(n, d64)), c.let(x.remU(n, d64)));
});

define('idiv', 'partly', (c, s, operands) => {
  const d = c.let(only(operands).read());
  if (s === 64) {
    const a = c.let(c.reg(RAX, 64).read());
    const wide = x.ne(c.reg(RDX, 64).read(), x.sar(a, x.i64(63n)));
    c.elseRoutine(x.or(wide, x.leU(x.add(d, x.i64(1n)), x.i64(1n))));
    writeQuotient(c, 64, c.let(x.divS(a, d)), c.let(x.remS(a, d)));
    return;
  }
  const n = c.let(dividend(c, s, true));
  const d64 = c.let(x.sextWide(d, s, 64));
  c.elseRoutine(x.leU(x.add(d64, x.i64(1n)), x.i64(1n)));
  const q = c.let(x.divS(n, d64));
  c.elseRoutine(x.ne(q, x.sextWide(x.norm(s, x.wrap(q)), s, 64)));
  writeQuotient(c, s, q, c.let(x.remS(n, d64)));
});
