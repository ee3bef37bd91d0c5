/** x87 arithmetic and comparisons (SDM vol. 1, 8.3.3 to 8.3.6). */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { S } from '../layout.ts';
import { operandAt } from '../routines/operands.ts';
import { add, divide, multiply, order, squareRoot, subtract, toInteger } from './arithmetic.ts';
import {
  type Context,
  EX,
  F32,
  F64,
  F80,
  finite,
  type Format,
  isNan,
  Kind,
  packSpecial,
  pack,
  quieted,
  round,
  unpack,
  type Value,
  zero,
} from './format.ts';
import { orderFlags } from './sseCompare.ts';
import { memoryHost } from './vectorOperands.ts';
import { INDEFINITE_BITS, type X87, x87 } from './x87Stack.ts';
import { FSW } from './x87State.ts';

export const integerValue = (n: bigint): Value => finite(n < 0n ? 1 : 0, n < 0n ? -n : n, 0);

/** A memory operand as a value: a real of 32, 64 or 80 bits, or an integer. */
export function memoryValue(cpu: Cpu, insn: Instruction, n: number, integer: boolean): Value {
  const operand = operandAt(insn, n);
  if (operand.kind !== 'mem') throw new Error('memory expected');
  const bytes = operand.bits / 8;
  const host = memoryHost(cpu, insn, n, bytes, 0);
  if (bytes === 10)
    return unpack(F80, (BigInt(cpu.view.getUint16(host + 8, true)) << 64n) | cpu.view.getBigUint64(host, true));
  const bits = cpu.readAt(host, bytes);
  if (integer) return integerValue(BigInt.asIntN(operand.bits, bits));
  return unpack(bytes === 4 ? F32 : F64, bits);
}

/** The value of a NaN or an encoding without meaning; undefined when both operands are numbers (table 4-7). */
export function nanResult(c: Context, a: Value, b: Value): bigint | undefined {
  if (a.kind === Kind.unsupported || b.kind === Kind.unsupported) {
    c.flags |= EX.I;
    return INDEFINITE_BITS;
  }
  if (!isNan(a) && !isNan(b)) return undefined;
  if (a.kind === Kind.signaling || b.kind === Kind.signaling) c.flags |= EX.I;
  return packSpecial(F80, quieted(chosenNan(a, b)));
}
function chosenNan(a: Value, b: Value): Value {
  if (!isNan(b)) return a;
  if (!isNan(a)) return b;
  if (a.kind !== b.kind) return a.kind === Kind.quiet ? a : b;
  if (a.sig !== b.sig) return a.sig > b.sig ? a : b;
  return a.sign === 0 ? a : b;
}

type Exact = (c: Context, f: Format, a: Value, b: Value) => bigint;
const OPERATIONS: Readonly<Record<string, Exact>> = {
  add,
  mul: multiply,
  sub: subtract,
  subr: (c, f, a, b) => subtract(c, f, b, a),
  div: divide,
  divr: (c, f, a, b) => divide(c, f, b, a),
};

/** ST(to) <- ST(to) op source. */
function operate(f: X87, op: Exact, to: number, source: Value | number): boolean {
  let result = INDEFINITE_BITS;
  if (f.empty(to) || (typeof source === 'number' && f.empty(source))) f.underflow();
  else {
    f.controlPrecision();
    const a = unpack(F80, f.bits(to));
    const b = typeof source === 'number' ? unpack(F80, f.bits(source)) : source;
    result = nanResult(f.c, a, b) ?? op(f.c, F80, a, b);
  }
  if (!f.settle()) return false;
  f.setBits(to, result);
  return true;
}
const stackIndex = (insn: Instruction, n: number): number => {
  const operand = operandAt(insn, n);
  return operand.kind === 'reg' ? operand.index : 0;
};

for (const [name, op] of Object.entries(OPERATIONS)) {
  x87(`f${name}`, (f) => {
    if (f.insn.operands.length === 1) operate(f, op, 0, memoryValue(f.cpu, f.insn, 0, false));
    else operate(f, op, stackIndex(f.insn, 0), stackIndex(f.insn, 1));
  });
  x87(`fi${name}`, (f) => {
    operate(f, op, 0, memoryValue(f.cpu, f.insn, 0, true));
  });
  x87(`f${name}p`, (f) => {
    if (operate(f, op, stackIndex(f.insn, 0), stackIndex(f.insn, 1))) f.pop();
  });
}

const UNORDERED = 2;
/** Orders ST(0) against a source; FCOM and its kin call quiet NaNs invalid, FUCOM does not. */
function compare(f: X87, source: Value | number, quiet: boolean): number {
  if (f.empty(0) || (typeof source === 'number' && f.empty(source))) {
    f.underflow();
    return UNORDERED;
  }
  const a = unpack(F80, f.bits(0));
  const b = typeof source === 'number' ? unpack(F80, f.bits(source)) : source;
  if (a.kind >= Kind.quiet || b.kind >= Kind.quiet) {
    if (!quiet || a.kind > Kind.quiet || b.kind > Kind.quiet) f.c.flags |= EX.I;
    return UNORDERED;
  }
  if (a.denormal || b.denormal) f.c.flags |= EX.D;
  return order(a, b);
}
const CODES: Readonly<Record<number, number>> = {
  [-1]: FSW.C0,
  0: FSW.C3,
  1: 0,
  [UNORDERED]: FSW.C0 | FSW.C2 | FSW.C3,
};

function comparison(op: string, source: (f: X87) => Value | number, quiet: boolean, pops: number): void {
  x87(op, (f) => {
    const answer = compare(f, source(f), quiet);
    const done = f.settle();
    f.conditions(CODES[answer] ?? 0);
    for (let i = 0; i < pops && done; i++) f.pop();
  });
}
const realOrRegister = (f: X87): Value | number =>
  operandAt(f.insn, 0).kind === 'mem' ? memoryValue(f.cpu, f.insn, 0, false) : stackIndex(f.insn, 0);
const integerOperand = (f: X87): Value => memoryValue(f.cpu, f.insn, 0, true);
const second = (): number => 1;
comparison('fcom', realOrRegister, false, 0);
comparison('fcomp', realOrRegister, false, 1);
comparison('fcompp', second, false, 2);
comparison('fucom', realOrRegister, true, 0);
comparison('fucomp', realOrRegister, true, 1);
comparison('fucompp', second, true, 2);
comparison('ficom', integerOperand, false, 0);
comparison('ficomp', integerOperand, false, 1);
comparison('ftst', () => zero(0), false, 0);

for (const [op, quiet, pops] of [
  ['fcomi', false, false],
  ['fcomip', false, true],
  ['fucomi', true, false],
  ['fucomip', true, true],
] as const) {
  x87(op, (f) => {
    const answer = compare(f, stackIndex(f.insn, 1), quiet);
    f.keepC1();
    const done = f.settle();
    f.cpu.setStatusFlags(orderFlags(answer));
    if (done && pops) f.pop();
  });
}

/** ST(0) <- g(ST(0)), with the NaN and stack rules. */
export function unary(op: string, g: (f: X87, a: Value) => bigint): void {
  x87(op, (f) => {
    let result = INDEFINITE_BITS;
    if (f.empty(0)) f.underflow();
    else {
      const a = unpack(F80, f.bits(0));
      result = nanResult(f.c, a, a) ?? g(f, a);
    }
    if (f.settle()) f.setBits(0, result);
  });
}
unary('fsqrt', (f, a) => {
  f.controlPrecision();
  return squareRoot(f.c, F80, a);
});
unary('frndint', (f, a) => {
  if (a.denormal) f.c.flags |= EX.D;
  if (a.kind !== Kind.finite || a.exp >= 0) return pack(f.c, F80, a);
  const { n, inexact, up } = toInteger(a, f.c.rounding);
  if (inexact) f.c.flags |= EX.P;
  const result = n === 0n ? packSpecial(F80, zero(a.sign)) : pack(f.c, F80, integerValue(n));
  f.c.roundedUp = up;
  return result;
});

/** 2^n of ST(1), chopped, as an exponent; far beyond the range both ways. */
x87('fscale', (f) => {
  let result = INDEFINITE_BITS;
  if (f.empty(0) || f.empty(1)) f.underflow();
  else result = scaled(f, unpack(F80, f.bits(0)), unpack(F80, f.bits(1)));
  if (f.settle()) f.setBits(0, result);
});
function scaled(f: X87, a: Value, b: Value): bigint {
  const nan = nanResult(f.c, a, b);
  if (nan !== undefined) return nan;
  if (b.kind === Kind.infinity) {
    const bad = b.sign === 1 ? a.kind === Kind.infinity : a.kind === Kind.zero;
    if (bad) {
      f.c.flags |= EX.I;
      return INDEFINITE_BITS;
    }
    if (a.denormal) f.c.flags |= EX.D;
    return packSpecial(F80, b.sign === 1 ? zero(a.sign) : { ...b, sign: a.sign });
  }
  if (a.denormal || b.denormal) f.c.flags |= EX.D;
  if (a.kind !== Kind.finite) return packSpecial(F80, a);
  const { n } = toInteger(b, 3);
  const by = Number(n > 70000n ? 70000n : n < -70000n ? -70000n : n);
  return round(f.c, F80, a.sign, a.sig, a.exp + by);
}

/** Remainders (SDM vol. 2A, FPREM): exact, up to 63 bits of the exponents' difference at a time. */
function remainder(op: string, nearest: boolean): void {
  x87(op, (f) => {
    let result = INDEFINITE_BITS;
    let codes = f.cpu.low(S.fsw) & (FSW.C0 | FSW.C3);
    if (f.empty(0) || f.empty(1)) f.underflow();
    else {
      const [a, b] = [unpack(F80, f.bits(0)), unpack(F80, f.bits(1))];
      const nan = nanResult(f.c, a, b);
      if (nan !== undefined) result = nan;
      else if (a.kind === Kind.infinity || b.kind === Kind.zero) f.c.flags |= EX.I;
      else {
        if (a.denormal || b.denormal) f.c.flags |= EX.D;
        if (b.kind === Kind.infinity || a.kind === Kind.zero) {
          result = pack(f.c, F80, a);
          codes = 0;
        } else ({ result, codes } = partial(f, a, b, nearest));
      }
    }
    const done = f.settle();
    f.conditions((done ? codes : f.cpu.low(S.fsw)) & (FSW.C0 | FSW.C3 | (done ? FSW.C2 : 0)));
    if (!done) return;
    f.setBits(0, result);
    if ((codes & FSW.C1) !== 0) f.raiseC1();
  });
}
const topExponent = (v: Value): number => v.exp + v.sig.toString(2).length - 1;

function partial(f: X87, a: Value, b: Value, nearest: boolean): { result: bigint; codes: number } {
  const difference = topExponent(a) - topExponent(b);
  const exp = Math.min(a.exp, b.exp);
  if (difference < -1) return { result: pack(f.c, F80, a), codes: 0 };
  if (difference >= 64) {
    // Only a part: the exponent comes down by 32 to 63.
    const n = 32 + (difference & 31);
    const shift = difference - n;
    const divisor = b.sig << BigInt(Math.max(0, b.exp + shift - a.exp));
    const dividend = a.sig << BigInt(Math.max(0, a.exp - b.exp - shift));
    const low = Math.min(a.exp, b.exp + shift);
    const rest = dividend % divisor;
    return { result: pack(f.c, F80, finite(a.sign, rest, low)), codes: FSW.C2 };
  }
  const dividend = a.sig << BigInt(a.exp - exp);
  const divisor = b.sig << BigInt(b.exp - exp);
  let quotient = dividend / divisor;
  let rest = dividend % divisor;
  let sign = a.sign;
  if (nearest && (rest * 2n > divisor || (rest * 2n === divisor && (quotient & 1n) === 1n))) {
    quotient++;
    rest = divisor - rest;
    sign = sign === 1 ? 0 : 1;
  }
  const q = Number(quotient & 7n);
  const codes = ((q & 4) !== 0 ? FSW.C0 : 0) | ((q & 2) !== 0 ? FSW.C3 : 0) | ((q & 1) !== 0 ? FSW.C1 : 0);
  return { result: pack(f.c, F80, rest === 0n ? zero(a.sign) : finite(sign, rest, exp)), codes };
}
remainder('fprem', false);
remainder('fprem1', true);
