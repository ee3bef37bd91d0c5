/**
 * Lazy flags: the last operation's kind and two values. Kind = op * 4 + log2(size / 8).
 * The same description serves compile-time known kinds (regions, fused pairs), the
 * run-time helper of the interpreter, and the materialised word.
 */
import * as x from './expr.ts';
import type { Size, Val } from './expr.ts';

export const FLAG_OPS = ['word', 'add', 'sub', 'logic', 'inc', 'dec', 'product', 'eager'] as const;
export type FlagOp = (typeof FLAG_OPS)[number];

/**
 * word: x = EFLAGS bits.  add: x = result, y = second operand.  sub: x, y = operands.
 * logic: x = result.  inc/dec: x = result, y = carry.  eager: x = result, y = CF|AF|EAGER_OF bits; product: the same
 * with ZF always 0, as Intel processors leave it after MUL and IMUL.
 */
export interface Flags {
  readonly op: FlagOp;
  readonly size: Size;
  readonly x: Val;
  readonly y: Val;
}

export const CF = 1,
  PF = 4,
  AF = 0x10,
  ZF = 0x40,
  SF = 0x80,
  OF = 0x800;
/** Overflow in the y of an eager kind, where it fits an 8-bit value. */
export const EAGER_OF = 8;

export const flagKind = (op: FlagOp, size: Size): number =>
  FLAG_OPS.indexOf(op) * 4 + (size === 8 ? 0 : size === 16 ? 1 : size === 32 ? 2 : 3);

/** x86 condition numbers are pairs: even = test, odd = its negation. */
export const CC_NAMES = [
  'o',
  'no',
  'b',
  'ae',
  'e',
  'ne',
  'be',
  'a',
  's',
  'ns',
  'p',
  'np',
  'l',
  'ge',
  'le',
  'g',
] as const;

const bool = (v: Val): Val => x.eqz(x.eqz(v));
const sized = (f: Flags, n: bigint): Val => x.constant(f.size, n);
const zero = (f: Flags): Val => sized(f, 0n);
const low = (v: Val): Val => (v.ty === 'i64' ? x.wrap(v) : v);
const bit = (f: Flags, v: Val, n: number): Val => x.and(low(x.shr(v, sized(f, BigInt(n)))), x.i32(1));
const signed = (f: Flags, v: Val): Val => x.sextWide(v, f.size, f.size);
const wordBit = (v: Val, mask: number): Val => x.ne(x.and(low(v), x.i32(mask)), x.i32(0));

export const result = (f: Flags): Val => (f.op === 'sub' ? x.norm(f.size, x.sub(f.x, f.y)) : f.x);

function carry(f: Flags): Val {
  switch (f.op) {
    case 'word':
    case 'eager':
    case 'product':
      return x.and(low(f.op === 'word' ? f.x : f.y), x.i32(CF));
    case 'add':
    case 'sub':
      return x.ltU(f.x, f.y);
    case 'logic':
      return x.i32(0);
    default:
      return low(f.y);
  }
}

function overflow(f: Flags): Val {
  const top = f.size - 1;
  switch (f.op) {
    case 'word':
      return wordBit(f.x, OF);
    case 'eager':
    case 'product':
      return wordBit(f.y, EAGER_OF);
    case 'add': {
      const a = x.sub(f.x, f.y);
      return bit(f, x.and(x.xor(a, f.x), x.xor(f.y, f.x)), top);
    }
    case 'sub':
      return bit(f, x.and(x.xor(f.x, f.y), x.xor(f.x, x.sub(f.x, f.y))), top);
    case 'logic':
      return x.i32(0);
    case 'inc':
      return x.eq(f.x, sized(f, 1n << BigInt(top)));
    case 'dec':
      return x.eq(f.x, sized(f, (1n << BigInt(top)) - 1n));
  }
}

function zeroFlag(f: Flags): Val {
  if (f.op === 'word') return wordBit(f.x, ZF);
  if (f.op === 'product') return x.i32(0);
  return f.op === 'sub' ? x.eq(f.x, f.y) : x.eqz(f.x);
}

function sign(f: Flags): Val {
  return f.op === 'word' ? wordBit(f.x, SF) : x.ltS(signed(f, result(f)), zero(f));
}

function parity(f: Flags): Val {
  if (f.op === 'word') return wordBit(f.x, PF);
  return x.xor(x.and(x.popcnt(x.and(low(result(f)), x.i32(0xff))), x.i32(1)), x.i32(1));
}

function adjust(f: Flags): Val {
  switch (f.op) {
    case 'word':
    case 'eager':
      return wordBit(f.op === 'word' ? f.x : f.y, AF);
    case 'add':
      return bit(f, x.xor(x.xor(f.x, f.y), x.sub(f.x, f.y)), 4);
    case 'sub':
      return bit(f, x.xor(x.xor(f.x, f.y), x.sub(f.x, f.y)), 4);
    case 'inc':
      return x.eqz(x.and(low(f.x), x.i32(15)));
    case 'dec':
      return x.eq(x.and(low(f.x), x.i32(15)), x.i32(15));
    default:
      return x.i32(0);
  }
}

/** i32 0/1 value of condition `cc` for flags whose operation is known while emitting. */
export function condition(f: Flags, cc: number): Val {
  const positive = testOf(f, cc & ~1);
  return cc & 1 ? x.eqz(positive) : positive;
}

function testOf(f: Flags, cc: number): Val {
  switch (CC_NAMES[cc]) {
    case 'o':
      return overflow(f);
    case 'b':
      return carry(f);
    case 'e':
      return zeroFlag(f);
    case 'be':
      return f.op === 'sub' ? x.leU(f.x, f.y) : f.op === 'logic' ? x.eqz(f.x) : x.or(bool(carry(f)), zeroFlag(f));
    case 's':
      return sign(f);
    case 'p':
      return parity(f);
    case 'l':
      if (f.op === 'sub') return x.ltS(signed(f, f.x), signed(f, f.y));
      return f.op === 'logic' ? sign(f) : x.xor(bool(sign(f)), bool(overflow(f)));
    default:
      if (f.op === 'sub') return x.leS(signed(f, f.x), signed(f, f.y));
      if (f.op === 'logic') return x.leS(signed(f, f.x), zero(f));
      return x.or(zeroFlag(f), x.xor(bool(sign(f)), bool(overflow(f))));
  }
}

/** The EFLAGS bits (CF PF AF ZF SF OF) as i32. */
export function word(f: Flags): Val {
  if (f.op === 'word') return low(f.x);
  const at = (v: Val, n: number): Val => x.shl(bool(v), x.i32(n));
  return [
    at(carry(f), 0),
    at(parity(f), 2),
    at(adjust(f), 4),
    at(zeroFlag(f), 6),
    at(sign(f), 7),
    at(overflow(f), 11),
  ].reduce(x.or);
}
