/** Bit scans, counts, tests and BMI. Memory bit offsets in a register have a routine. */
import * as x from '../language/expr.ts';
import type { Size, Val } from '../language/expr.ts';
import { CF } from '../language/flags.ts';
import { define, type Sem, type Value } from '../language/semantics.ts';

import { pair } from './move.ts';

const ZF = 0x40;
const SF = 0x80;
const low = (v: Val): Val => (v.ty === 'i64' ? x.wrap(v) : v);
const zero = (s: Size): Val => x.constant(s, 0n);

const bitTest = (op: string, change: ((v: Val, mask: Val) => Val) | undefined): void =>
  define(op, 'partly', (c, s, operands) => {
    const [dst, position] = pair(operands);
    const n = c.let(x.and(x.zext(position.read(), position.size, s), x.constant(s, BigInt(s - 1))));
    const noteCarry = (v: Val): void => {
      const bit = x.and(low(x.shr(v, n)), x.i32(1));
      c.setFlags('word', 32, c.let(x.or(x.and(c.flagsWord(), x.i32(~CF)), bit)));
    };
    if (change === undefined) return noteCarry(dst.read());
    dst.update((v) => {
      noteCarry(v);
      return change(v, c.let(x.shl(x.constant(s, 1n), n)));
    });
  });
const all = (v: Val): Val => x.constant(v.ty === 'i64' ? 64 : 32, -1n);
bitTest('bt', undefined);
bitTest('bts', x.or);
bitTest('btr', (v, mask) => x.and(v, x.xor(mask, all(mask))));
bitTest('btc', x.xor);

/** Leading zeros of a clean value of `s` bits; `s` for zero. */
const leading = (s: Size, v: Val): Val => (s < 32 ? x.sub(x.clz(v), x.i32(32 - s)) : x.clz(v));
/** Trailing zeros; `s` for zero. */
const trailing = (s: Size, v: Val): Val => (s < 32 ? x.ctz(x.or(v, x.i32(1 << s))) : x.ctz(v));

/**
 * A zero source sets ZF and leaves the destination as it was, upper half included, which AMD documents and Intel does.
 * Of the undefined flags Intel sets PF by the result (0 for a zero source) and clears the others.
 */
const scan = (op: string, result: (s: Size, v: Val) => Val): void =>
  define(op, 'sets', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const v = c.let(src.read());
    const found = c.let(x.ne(v, zero(s)));
    const position = c.let(low(result(s, v)));
    const odd = x.and(x.popcnt(x.mul(position, found)), x.i32(1));
    c.setFlags('word', 32, c.let(x.or(x.shl(x.eqz(found), x.i32(6)), x.shl(x.eqz(odd), x.i32(2)))));
    c.when(found, () => dst.write(s === 64 ? x.extendU(position) : position));
  });
scan('bsf', trailing);
scan('bsr', (s, v) => x.sub(x.constant(s, BigInt(s - 1)), leading(s, v)));

const count = (op: string, result: (s: Size, v: Val) => Val): void =>
  define(op, 'sets', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const v = c.let(src.read());
    const r = c.let(result(s, v));
    const carry = x.eq(v, zero(s));
    c.setFlags('word', 32, c.let(x.or(carry, x.shl(x.eq(r, zero(s)), x.i32(6)))));
    dst.write(r);
  });
count('tzcnt', trailing);
count('lzcnt', leading);

define('popcnt', 'sets', (c, s, operands) => {
  const [dst, src] = pair(operands);
  const v = c.let(src.read());
  c.setFlags('word', 32, c.let(x.shl(x.eq(v, zero(s)), x.i32(6))));
  dst.write(x.popcnt(v));
});

/** ZF and SF of the result and a given carry; OF cleared; AF and PF, undefined, cleared (SDM vol. 2A, ANDN and others). */
function setBmiFlags(c: Sem, s: Size, r: Val, carry: Val): void {
  const sign = x.and(low(x.shr(r, x.constant(s, BigInt(s - 8)))), x.i32(SF));
  c.setFlags('word', 32, c.let(x.or(x.or(carry, sign), x.mul(x.eq(r, zero(s)), x.i32(ZF)))));
}

const three = (operands: readonly Value[]): readonly [Value, Value, Value] => {
  const [a, b, d] = operands;
  if (a === undefined || b === undefined || d === undefined) throw new Error('three operands expected');
  return [a, b, d];
};

define('andn', 'sets', (c, s, operands) => {
  const [dst, inverted, src] = three(operands);
  const r = c.let(x.and(x.xor(inverted.read(), x.constant(s, -1n)), src.read()));
  setBmiFlags(c, s, r, x.i32(0));
  dst.write(r);
});

const lowest = (op: string, result: (s: Size, v: Val) => Val, carry: (s: Size, v: Val) => Val): void =>
  define(op, 'sets', (c, s, operands) => {
    const [dst, src] = pair(operands);
    const v = c.let(src.read());
    const r = c.let(result(s, v));
    setBmiFlags(c, s, r, carry(s, v));
    dst.write(r);
  });
const minusOne = (s: Size, v: Val): Val => x.sub(v, x.constant(s, 1n));
lowest(
  'blsr',
  (s, v) => x.and(minusOne(s, v), v),
  (s, v) => x.eq(v, zero(s)),
);
lowest(
  'blsmsk',
  (s, v) => x.xor(minusOne(s, v), v),
  (s, v) => x.eq(v, zero(s)),
);
lowest(
  'blsi',
  (s, v) => x.and(x.sub(zero(s), v), v),
  (s, v) => x.ne(v, zero(s)),
);

/** Bits below position `n` (i32 or i64 of size s, any value up to 255): all when n is the size or more. */
const below = (c: Sem, s: Size, n: Val): Val => {
  const shifted = x.sub(x.shl(x.constant(s, 1n), n), x.constant(s, 1n));
  return x.select(x.ltU(n, x.constant(s, BigInt(s))), c.let(shifted), x.constant(s, -1n));
};

define('bextr', 'sets', (c, s, operands) => {
  const [dst, src, control] = three(operands);
  const k = c.let(control.read());
  const byte = x.constant(s, 0xffn);
  const start = c.let(x.and(k, byte));
  const length = c.let(x.and(x.shr(k, x.constant(s, 8n)), byte));
  const v = c.let(src.read());
  const moved = x.select(x.ltU(start, x.constant(s, BigInt(s))), c.let(x.shr(v, start)), zero(s));
  const r = c.let(x.and(moved, below(c, s, length)));
  c.setFlags('word', 32, c.let(x.mul(x.eq(r, zero(s)), x.i32(ZF))));
  dst.write(r);
});

define('bzhi', 'sets', (c, s, operands) => {
  const [dst, src, position] = three(operands);
  const n = c.let(x.and(position.read(), x.constant(s, 0xffn)));
  const r = c.let(x.and(src.read(), below(c, s, n)));
  setBmiFlags(c, s, r, x.geU(n, x.constant(s, BigInt(s))));
  dst.write(r);
});

const shiftx = (op: string, by: (v: Val, n: Val) => Val): void =>
  define(op, 'none', (_c, _s, operands) => {
    const [dst, src, n] = three(operands);
    const v = src.read();
    dst.write(by(v, n.read()));
  });
shiftx('shlx', x.shl);
shiftx('shrx', x.shr);
shiftx('sarx', x.sar);
define('rorx', 'none', (_c, s, operands) => {
  const [dst, src, n] = three(operands);
  const v = src.read();
  dst.write(x.rotr(v, x.zext(n.read(), n.size, s)));
});

/** PEXT and PDEP go bit by bit over the mask. */
define('pext', 'none', (c, s, operands) => {
  const [dst, src, mask] = three(operands);
  const v = c.let(src.read());
  const m = c.variable(s, mask.read());
  const r = c.variable(s, zero(s));
  const at = c.variable(s, zero(s));
  c.while(
    () => x.ne(m.value, zero(s)),
    () => {
      const bit = x.and(x.shr(v, x.ctz(m.value)), x.constant(s, 1n));
      r.set(x.or(r.value, x.shl(bit, at.value)));
      at.set(x.add(at.value, x.constant(s, 1n)));
      m.set(x.and(m.value, minusOne(s, m.value)));
    },
  );
  dst.write(r.value);
});
define('pdep', 'none', (c, s, operands) => {
  const [dst, src, mask] = three(operands);
  const v = c.variable(s, src.read());
  const m = c.variable(s, mask.read());
  const r = c.variable(s, zero(s));
  c.while(
    () => x.ne(m.value, zero(s)),
    () => {
      const bit = x.and(v.value, x.constant(s, 1n));
      r.set(x.or(r.value, x.shl(bit, x.ctz(m.value))));
      v.set(x.shr(v.value, x.constant(s, 1n)));
      m.set(x.and(m.value, minusOne(s, m.value)));
    },
  );
  dst.write(r.value);
});

/** Flag instructions. */
const carryFlag = (op: string, change: (flags: Val) => Val): void =>
  define(op, 'reads', (c) => c.setFlags('word', 32, c.let(change(c.flagsWord()))));
carryFlag('clc', (f) => x.and(f, x.i32(~CF)));
carryFlag('stc', (f) => x.or(f, x.i32(CF)));
carryFlag('cmc', (f) => x.xor(f, x.i32(CF)));

const OF = 0x800;
const ARITHMETIC_LOW = 0xd5;
define('lahf', 'reads', (c) => c.highByte(0).write(x.or(x.and(c.flagsWord(), x.i32(ARITHMETIC_LOW)), x.i32(2))));
define('sahf', 'reads', (c) => {
  const low8 = x.and(c.highByte(0).read(), x.i32(ARITHMETIC_LOW));
  c.setFlags('word', 32, c.let(x.or(x.and(c.flagsWord(), x.i32(OF)), low8)));
});
