/** Moves of XMM registers (the routines of cpu/float/moves.ts do the rest). */
import * as x from '../language/expr.ts';
import { defineVector, lowOf, operandOf, vectorOf } from './vector.ts';

for (const op of 'movaps movapd movdqa movups movupd movdqu movntps movntpd movntdq movntdqa lddqu'.split(' ')) {
  const aligned = !/^mov(ups|upd|dqu)|^lddqu/.test(op);
  defineVector(op, (_c, _unless, operands) => {
    const v = vectorOf(operands, 1).read(aligned);
    vectorOf(operands, 0).write(v, aligned);
  });
}

const EXTRACT32 = 0x1b;
const EXTRACT64 = 0x1d;
for (const [op, bits] of [
  ['movss', 32],
  ['movsd', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const [to, from] = [operandOf(operands, 0), operandOf(operands, 1)];
    if (to.vector === undefined) {
      const v = vectorOf(operands, 1).readLow(bits);
      to.write(bits === 64 ? x.simd('i64', EXTRACT64, [v]) : x.simd('i32', EXTRACT32, [v]));
    } else if (from.vector === undefined) to.vector.write(lowOf(c, from, bits), false);
    else to.vector.writeLow(bits, from.vector.readLow(bits));
  });
}
for (const [op, bits] of [
  ['movd', 32],
  ['movq', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const [to, from] = [operandOf(operands, 0), operandOf(operands, 1)];
    if (to.vector !== undefined) to.vector.write(lowOf(c, from, bits), false);
    else {
      const v = vectorOf(operands, 1).readLow(bits);
      to.write(bits === 64 ? x.simd('i64', EXTRACT64, [v]) : x.simd('i32', EXTRACT32, [v]));
    }
  });
}
for (const [op, high] of [
  ['movlps', false],
  ['movlpd', false],
  ['movhps', true],
  ['movhpd', true],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const to = operandOf(operands, 0);
    if (to.vector === undefined) {
      const v = vectorOf(operands, 1).read(false);
      to.write(x.simd('i64', EXTRACT64, [v], high ? 1 : 0));
    } else {
      const v = lowOf(c, operandOf(operands, 1), 64);
      if (high) to.vector.writeHigh(v);
      else to.vector.writeLow(64, v);
    }
  });
}
