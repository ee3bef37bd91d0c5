/** x87 loads, stores, constants and the handling of the stack (SDM vol. 1, 8.3.2 to 8.3.5). */
import { Access, Outcome, S } from '../layout.ts';
import { operandAt } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { toInteger } from './arithmetic.ts';
import { BITS, LN10, LN2, ONE, over, PI } from './fixedPoint.ts';
import {
  EX,
  F32,
  F64,
  F80,
  type Format,
  INDEFINITE,
  isNan,
  Kind,
  pack,
  packSpecial,
  quieted,
  round,
  unpack,
  zero,
} from './format.ts';
import { memoryHost } from './vectorOperands.ts';
import { integerValue, memoryValue } from './x87Arithmetic.ts';
import { INDEFINITE_BITS, type X87, x87 } from './x87Stack.ts';
import { FSW, requireNoPending, setTop, topOf } from './x87State.ts';

const indexOf = (f: X87, n: number): number => {
  const operand = operandAt(f.insn, n);
  return operand.kind === 'reg' ? operand.index : 0;
};
const memoryBits = (f: X87, n: number): number => {
  const operand = operandAt(f.insn, n);
  return operand.kind === 'mem' ? operand.bits : 0;
};
const read80 = (f: X87, host: number): bigint =>
  (BigInt(f.cpu.view.getUint16(host + 8, true)) << 64n) | f.cpu.view.getBigUint64(host, true);

x87('fld', (f) => {
  const bits = memoryBits(f, 0);
  if (bits === 80) return f.push(read80(f, memoryHost(f.cpu, f.insn, 0, 10, 0)));
  if (bits === 0) {
    const i = indexOf(f, 0);
    if (!f.empty(i)) return f.push(f.bits(i));
    f.underflow();
    return f.push(INDEFINITE_BITS);
  }
  const v = memoryValue(f.cpu, f.insn, 0, false);
  if (!f.empty(7)) return f.push(INDEFINITE_BITS);
  if (isNan(v)) {
    if (v.kind === Kind.signaling) f.c.flags |= EX.I;
    return f.push(packSpecial(F80, quieted(v)));
  }
  if (v.denormal) f.c.flags |= EX.D;
  f.push(pack(f.c, F80, v));
});
x87('fild', (f) => f.push(pack(f.c, F80, memoryValue(f.cpu, f.insn, 0, true))));

/** Stores `bytes` bytes of a value unless an exception that is not masked forbids it; then pops. */
function storeMemory(f: X87, bytes: number, compute: () => bigint, pops: boolean): void {
  const host = memoryHost(f.cpu, f.insn, 0, bytes, Access.write);
  const value = compute();
  if (!f.settle(true)) return;
  if (bytes === 10) {
    f.cpu.view.setBigUint64(host, BigInt.asUintN(64, value), true);
    f.cpu.view.setUint16(host + 8, Number(value >> 64n), true);
    f.cpu.access.finishWrite(host);
  } else f.cpu.writeAt(host, bytes, value);
  if (pops) f.pop();
}

/** ST(0) as a shorter real. */
function shorter(f: X87, format: Format): bigint {
  if (f.empty(0)) {
    f.underflow();
    return packSpecial(format, INDEFINITE);
  }
  const v = unpack(F80, f.bits(0));
  if (v.kind === Kind.signaling || v.kind === Kind.unsupported) f.c.flags |= EX.I;
  if (v.kind === Kind.unsupported) return packSpecial(format, INDEFINITE);
  return isNan(v) ? packSpecial(format, quieted(v)) : pack(f.c, format, v);
}
/** A second encoding of FSTP ST(i): of an empty register it is a mere pop. */
const QUIET_STORE = 'd9 d8+i';
function storeReal(op: string, pops: boolean): void {
  x87(op, (f) => {
    const bits = memoryBits(f, 0);
    if (bits === 32 || bits === 64) return storeMemory(f, bits / 8, () => shorter(f, bits === 32 ? F32 : F64), pops);
    const whole = (): bigint => {
      if (!f.empty(0)) return f.bits(0);
      f.underflow();
      return INDEFINITE_BITS;
    };
    if (bits === 80) return storeMemory(f, 10, whole, pops);
    if (f.insn.encoding.form === QUIET_STORE && f.empty(0)) {
      f.settle();
      return f.pop();
    }
    const value = whole();
    if (!f.settle()) return;
    f.setBits(indexOf(f, 0), value);
    if (pops) f.pop();
  });
}
storeReal('fst', false);
storeReal('fstp', true);

/** ST(0) as an integer of `bits` bits; the lowest one where it does not fit. */
function integer(f: X87, bits: number, rounding: number): bigint {
  const limit = 1n << BigInt(bits - 1);
  if (f.empty(0)) {
    f.underflow();
    return limit;
  }
  const v = unpack(F80, f.bits(0));
  if (v.kind === Kind.zero || v.kind === Kind.finite) {
    const { n, inexact, up } = toInteger(v, rounding);
    if (n >= -limit && n < limit) {
      if (inexact) f.c.flags |= EX.P;
      f.c.roundedUp = up;
      return BigInt.asUintN(bits, n);
    }
  }
  f.c.flags |= EX.I;
  return limit;
}
for (const [op, pops, chops] of [
  ['fist', false, false],
  ['fistp', true, false],
  ['fisttp', true, true],
] as const) {
  x87(op, (f) => {
    const bits = memoryBits(f, 0);
    storeMemory(f, bits / 8, () => integer(f, bits, chops ? 3 : f.c.rounding), pops);
  });
}

/** Eighteen decimal digits and a sign. */
const BCD_LIMIT = 10n ** 18n;
const BCD_INDEFINITE = 0xffffc000000000000000n;
x87('fbld', (f) => {
  const bits = read80(f, memoryHost(f.cpu, f.insn, 0, 10, 0));
  let n = 0n;
  for (let digit = 17n; digit >= 0n; digit--) n = n * 10n + ((bits >> (4n * digit)) & 15n);
  const negative = bits >> 79n !== 0n;
  f.push(n === 0n ? packSpecial(F80, zero(negative ? 1 : 0)) : pack(f.c, F80, integerValue(negative ? -n : n)));
});
x87('fbstp', (f) => {
  storeMemory(f, 10, () => decimal(f), true);
});
function decimal(f: X87): bigint {
  if (f.empty(0)) {
    f.underflow();
    return BCD_INDEFINITE;
  }
  const v = unpack(F80, f.bits(0));
  const { n, inexact, up } = v.kind === Kind.finite ? toInteger(v, f.c.rounding) : { n: 0n, inexact: false, up: false };
  const magnitude = n < 0n ? -n : n;
  if (v.kind > Kind.finite || magnitude >= BCD_LIMIT) {
    f.c.flags |= EX.I;
    return BCD_INDEFINITE;
  }
  if (inexact) f.c.flags |= EX.P;
  f.c.roundedUp = up;
  let bits = v.sign === 1 ? 1n << 79n : 0n;
  let rest = magnitude;
  for (let digit = 0n; digit < 18n; digit++) {
    bits |= (rest % 10n) << (4n * digit);
    rest /= 10n;
  }
  return bits;
}

/** Constants are rounded as FCW.RC says, silently. */
function constant(op: string, value: bigint): void {
  x87(op, (f) => {
    const bits = value === 0n ? 0n : round(f.c, F80, 0, value, -BITS);
    f.c.flags = 0;
    f.c.roundedUp = false;
    f.push(bits);
  });
}
constant('fldz', 0n);
constant('fld1', ONE);
constant('fldpi', PI);
constant('fldln2', LN2);
constant('fldl2e', over(ONE, LN2));
constant('fldl2t', over(LN10, LN2));
constant('fldlg2', over(LN2, LN10));

x87('fxch', (f) => {
  const i = f.insn.operands.length === 0 ? 1 : indexOf(f, 0);
  const take = (n: number): bigint => {
    if (!f.empty(n)) return f.bits(n);
    f.underflow();
    return INDEFINITE_BITS;
  };
  const [top, other] = [take(0), take(i)];
  if (!f.settle()) return;
  f.setBits(0, other);
  f.setBits(i, top);
});

const SIGN = 1n << 79n;
for (const [op, change] of [
  ['fchs', (bits: bigint) => bits ^ SIGN],
  ['fabs', (bits: bigint) => bits & ~SIGN],
] as const) {
  x87(op, (f) => {
    const empty = f.empty(0);
    if (empty) f.underflow();
    if (f.settle()) f.setBits(0, empty ? INDEFINITE_BITS : change(f.bits(0)));
  });
}

const CLASS: Readonly<Record<number, number>> = {
  [Kind.zero]: FSW.C3,
  [Kind.finite]: FSW.C2,
  [Kind.infinity]: FSW.C2 | FSW.C0,
  [Kind.quiet]: FSW.C0,
  [Kind.signaling]: FSW.C0,
  [Kind.unsupported]: 0,
};
x87('fxam', (f) => {
  const v = unpack(F80, f.bits(0));
  const empty = f.empty(0);
  f.settle();
  if (empty) f.conditions(FSW.C3 | FSW.C0);
  else f.conditions(v.denormal ? FSW.C3 | FSW.C2 : (CLASS[v.kind] ?? 0));
  if (v.sign === 1) f.raiseC1();
});

for (const [op, by] of [
  ['fincstp', 1],
  ['fdecstp', -1],
] as const) {
  x87(op, (f) => {
    f.settle();
    setTop(f.cpu, topOf(f.cpu) + by);
  });
}
x87('ffree', (f) => {
  f.settle();
  f.tag(indexOf(f, 0), false);
});
x87('ffreep', (f) => {
  f.settle();
  f.tag(indexOf(f, 0), false);
  f.pop();
});
routine('fnop', (cpu, insn) => {
  // FNENI and its like (DB) do not even wait.
  if (insn.encoding.opcode !== 0xd9) return Outcome.next;
  requireNoPending(cpu);
  cpu.copy64(S.fip, S.rip);
  return Outcome.next;
});

/** Condition codes of FCMOVB, FCMOVE, FCMOVBE, FCMOVU. */
for (const [name, cc] of [
  ['b', 2],
  ['e', 4],
  ['be', 6],
  ['u', 10],
] as const) {
  for (const negate of [0, 1]) {
    x87(`fcmov${negate === 1 ? 'n' : ''}${name}`, (f) => {
      const i = indexOf(f, 1);
      const broken = f.empty(0) || f.empty(i);
      if (broken) f.underflow();
      else f.keepC1();
      if (!f.settle()) return;
      if (broken) f.setBits(0, INDEFINITE_BITS);
      else if (f.cpu.evaluateCondition(cc + negate) !== 0) f.setBits(0, f.bits(i));
    });
  }
}

x87('fxtract', (f) => {
  let [significand, exponent] = [INDEFINITE_BITS, INDEFINITE_BITS];
  if (f.empty(0) || !f.empty(7)) {
    f.c.flags |= EX.I;
    f.extra |= f.empty(0) ? FSW.SF : FSW.SF | FSW.C1;
  } else {
    const a = unpack(F80, f.bits(0));
    if (a.kind === Kind.unsupported) f.c.flags |= EX.I;
    else if (isNan(a)) {
      if (a.kind === Kind.signaling) f.c.flags |= EX.I;
      significand = packSpecial(F80, quieted(a));
      exponent = significand;
    } else if (a.kind === Kind.zero) {
      f.c.flags |= EX.Z;
      significand = packSpecial(F80, a);
      exponent = packSpecial(F80, { ...a, kind: Kind.infinity, sign: 1 });
    } else if (a.kind === Kind.infinity) {
      significand = packSpecial(F80, a);
      exponent = packSpecial(F80, { ...a, sign: 0 });
    } else {
      if (a.denormal) f.c.flags |= EX.D;
      const length = a.sig.toString(2).length;
      significand = pack(f.c, F80, { ...a, exp: 1 - length, denormal: false });
      const e = BigInt(a.exp + length - 1);
      exponent = pack(f.c, F80, integerValue(e));
    }
  }
  if (!f.settle()) return;
  f.setBits(0, exponent);
  setTop(f.cpu, topOf(f.cpu) - 1);
  f.setBits(0, significand);
});
