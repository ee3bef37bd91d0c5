/** Shifts and rotates. A masked count of 0 leaves all flags alone (SDM vol. 2B, SAL/SAR/SHL/SHR). */
import * as x from '../language/expr.ts';
import type { Size, Val } from '../language/expr.ts';
import { CF, EAGER_OF, OF } from '../language/flags.ts';
import { define, type Sem, type Value } from '../language/semantics.ts';
import { asSize, topBit } from './arithmetic.ts';
import { pair } from './move.ts';

const word = (size: Size): Size => (size === 64 ? 64 : 32);
const low = (v: Val): Val => (v.ty === 'i64' ? x.wrap(v) : v);

/** Shift count, masked the way the processor does, in the operand's type. */
const countOf = (c: Sem, s: Size, count: Value): Val =>
  c.let(x.and(x.zext(count.read(), count.size, word(s)), x.constant(word(s), s === 64 ? 63n : 31n)));

/** OF after a shift: what the first of its one-bit steps gives, as Intel processors leave it for every count. */
function setShiftFlags(c: Sem, s: Size, n: Val, r: Val, lastOut: Val, over: Val): void {
  const carry = x.and(low(lastOut), x.i32(1));
  c.setFlagsIf(low(n), 'eager', s, r, c.let(asSize(s, x.or(carry, x.mul(over, x.i32(EAGER_OF))))));
}
/** Whether a shift to the left by one bit changes the sign. */
const signChanges = (s: Size, a: Val): Val => topBit(s, x.xor(a, x.shl(a, x.constant(s, 1n))));

// 8- and 16-bit operands shift in 32 bits, so that counts above their size keep their carry.
const shift = (op: 'shl' | 'shr' | 'sar'): void =>
  define(op, 'partly', (c, s, operands) => {
    const [dst, count] = pair(operands);
    const n = countOf(c, s, count);
    dst.update((a) => {
      let r: Val;
      let lastOut: Val;
      if (op === 'shl') {
        r = c.let(x.norm(s, x.shl(a, n)));
        lastOut = s >= 32 ? x.shr(a, x.sub(x.constant(s, BigInt(s)), n)) : x.shr(x.shl(a, n), x.i32(s));
      } else {
        const wide = op === 'sar' ? c.let(x.sextWide(a, s, s)) : a;
        const by = op === 'sar' ? x.sar : x.shr;
        r = c.let(x.norm(s, by(wide, n)));
        lastOut = by(wide, x.sub(n, x.constant(word(s), 1n)));
      }
      const over = op === 'shl' ? signChanges(s, a) : op === 'shr' ? topBit(s, a) : x.i32(0);
      setShiftFlags(c, s, n, r, lastOut, over);
      return r;
    });
  });
shift('shl');
shift('shr');
shift('sar');

const rotate = (op: 'rol' | 'ror'): void =>
  define(op, 'partly', (c, s, operands) => {
    const [dst, count] = pair(operands);
    const n = countOf(c, s, count);
    dst.update((a) => {
      let r: Val;
      if (s < 32) {
        const by = c.let(x.and(n, x.i32(s - 1)));
        const back = x.and(x.sub(x.i32(s), by), x.i32(31));
        const [left, right] = op === 'rol' ? [by, back] : [back, by];
        r = c.let(x.norm(s, x.or(x.shl(a, left), x.shr(a, right))));
      } else {
        r = c.let(op === 'rol' ? x.rotl(a, n) : x.rotr(a, n));
      }
      const carry = c.let(op === 'rol' ? x.and(low(r), x.i32(1)) : topBit(s, r));
      // OF is what the first one-bit step gives; in a register, with an immediate count other than 1, it stays.
      const first = op === 'rol' ? signChanges(s, a) : x.xor(topBit(s, a), x.and(low(a), x.i32(1)));
      const old = c.let(c.flagsWord());
      const stepped = x.shl(first, x.i32(11));
      const over =
        count.kind === 'imm' && dst.kind === 'reg'
          ? x.select(x.eq(low(n), x.i32(1)), c.let(stepped), c.let(x.and(old, x.i32(OF))))
          : stepped;
      const bits = c.let(x.or(x.and(old, x.i32(~(CF | OF))), x.or(carry, over)));
      c.setFlagsIf(low(n), 'word', 32, bits, x.i32(0));
      return r;
    });
  });
rotate('rol');
rotate('ror');

/** RCL and RCR rotate the operand with CF above it: `s` + 1 bits. */
const rotateCarry = (op: 'rcl' | 'rcr'): void =>
  define(op, 'reads', (c, s, operands) => {
    const [dst, count] = pair(operands);
    const left = op === 'rcl';
    const n = countOf(c, s, count);
    const carryIn = c.let(c.condition(2));
    dst.update((a) => {
      const by = s < 32 ? c.let(x.remU(n, x.i32(s + 1))) : n;
      const [r, carry] = s < 32 ? narrow(c, s, a, by, carryIn, left) : wide(c, s, a, n, carryIn, left);
      const over = x.shl(left ? signChanges(s, a) : x.xor(topBit(s, a), carryIn), x.i32(11));
      const bits = c.let(x.or(x.and(c.flagsWord(), x.i32(~(CF | OF))), x.or(carry, over)));
      c.setFlagsIf(low(by), 'word', 32, bits, x.i32(0));
      return r;
    });
  });

/** 9 or 17 bits rotate in 64. Returns the result and CF. */
function narrow(c: Sem, s: Size, a: Val, by: Val, carryIn: Val, left: boolean): readonly [Val, Val] {
  const width = s + 1;
  const places = c.let(x.extendU(left ? by : x.sub(x.i32(width), by)));
  const all = c.let(x.extendU(x.or(a, x.shl(carryIn, x.i32(s)))));
  const turned = x.or(x.shl(all, places), x.shr(all, x.sub(x.i64(BigInt(width)), places)));
  const both = c.let(x.wrap(turned));
  return [c.let(x.norm(s, both)), c.let(x.and(x.shr(both, x.i32(s)), x.i32(1)))];
}

function wide(c: Sem, s: Size, a: Val, n: Val, carryIn: Val, left: boolean): readonly [Val, Val] {
  const [by, back] = left ? [x.shl, x.shr] : [x.shr, x.shl];
  const one = x.constant(s, 1n);
  const rest = x.sub(x.constant(s, BigInt(s)), n);
  const carryAt = left ? x.sub(n, one) : rest;
  const incoming = x.shl(s === 64 ? x.extendU(carryIn) : carryIn, carryAt);
  const round = back(back(a, rest), one);
  const turned = c.let(x.or(x.or(by(a, n), incoming), round));
  const out = c.let(x.and(low(left ? x.shr(a, rest) : x.shr(a, x.sub(n, one))), x.i32(1)));
  // A count of 0 would make the other shifts go round.
  return [c.let(x.select(low(n), turned, a)), c.let(x.select(low(n), out, carryIn))];
}
rotateCarry('rcl');
rotateCarry('rcr');

/**
 * SHLD and SHRD. For 16-bit operands a count above 16 is undefined (SDM vol. 2B, SHLD); here, as on the
 * processors at hand, bits come from dst:src:dst.
 */
const double = (op: 'shld' | 'shrd'): void =>
  define(op, 'partly', (c, s, operands) => {
    const [dst, src, count] = operands;
    if (dst === undefined || src === undefined || count === undefined) throw new Error(`${op} takes three operands`);
    const n = countOf(c, s, count);
    const b = c.let(src.read());
    dst.update((a) => {
      const left = op === 'shld';
      let r: Val;
      let lastOut: Val;
      if (s === 16) {
        const n64 = c.let(x.extendU(n));
        const [a64, b64] = [x.extendU(a), x.extendU(b)];
        const at = (v: Val, places: bigint): Val => x.shl(v, x.i64(places));
        if (left) {
          const all = c.let(x.or(x.or(at(a64, 32n), at(b64, 16n)), a64));
          const shifted = c.let(x.shl(all, n64));
          r = c.let(x.and(x.wrap(x.shr(shifted, x.i64(32n))), x.i32(0xffff)));
          lastOut = x.wrap(x.shr(shifted, x.i64(48n)));
        } else {
          const all = c.let(x.or(x.or(at(a64, 32n), at(b64, 16n)), a64));
          r = c.let(x.and(x.wrap(x.shr(all, n64)), x.i32(0xffff)));
          lastOut = x.wrap(x.shr(all, x.sub(n64, x.i64(1n))));
        }
      } else {
        const back = x.sub(x.constant(s, BigInt(s)), n);
        const joined = left ? x.or(x.shl(a, n), x.shr(b, back)) : x.or(x.shr(a, n), x.shl(b, back));
        // A count of 0 would make the second shift go round.
        r = c.let(x.select(low(n), c.let(joined), a));
        lastOut = left ? x.shr(a, back) : x.shr(a, x.sub(n, x.constant(s, 1n)));
      }
      const incoming = x.and(low(b), x.i32(1));
      setShiftFlags(c, s, n, r, lastOut, left ? signChanges(s, a) : x.xor(topBit(s, a), incoming));
      return r;
    });
  });
double('shld');
double('shrd');
