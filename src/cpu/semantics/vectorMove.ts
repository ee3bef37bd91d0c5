/** Moves of XMM registers (the routines of cpu/float/moves.ts do the rest). */
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import { reinterpret } from '../language/floats.ts';
import type { Value } from '../language/semantics.ts';
import { defineVector, floatOf, lowOf, operandOf, vectorOf } from './vector.ts';

for (const op of 'movaps movapd movdqa movups movupd movdqu movntps movntpd movntdq movntdqa lddqu'.split(' ')) {
  const aligned = !/^mov(ups|upd|dqu)|^lddqu/.test(op);
  defineVector(op, (_c, _unless, operands) => {
    const v = vectorOf(operands, 1).read(aligned);
    vectorOf(operands, 0).write(v, aligned);
  });
}

/** i64x2.extract_lane. */
const EXTRACT64 = 0x1d;
/** Memory or a general register becomes a float's bits. */
function put(to: Value, v: Val): void {
  if (to.float !== undefined) to.float.write(v);
  else to.write(reinterpret(v));
}

for (const [op, bits] of [
  ['movss', 32],
  ['movsd', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const [to, from] = [operandOf(operands, 0), operandOf(operands, 1)];
    if (to.vector === undefined) put(to, vectorOf(operands, 1).readFloat(bits));
    else if (from.vector === undefined) to.vector.writeFloatAlone(floatOf(c, from, bits));
    else to.vector.writeFloat(from.vector.readFloat(bits));
  });
}
for (const [op, bits] of [
  ['movd', 32],
  ['movq', 64],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const [to, from] = [operandOf(operands, 0), operandOf(operands, 1)];
    if (to.vector !== undefined) to.vector.writeFloatAlone(floatOf(c, from, bits));
    else put(to, vectorOf(operands, 1).readFloat(bits));
  });
}
for (const [op, high] of [
  ['movlps', false],
  ['movlpd', false],
  ['movhps', true],
  ['movhpd', true],
] as const) {
  defineVector(op, (c, _unless, operands) => {
    const [to, from] = [operandOf(operands, 0), operandOf(operands, 1)];
    if (to.vector === undefined) {
      if (high) to.write(x.simd('i64', EXTRACT64, [vectorOf(operands, 1).read(false)], 1));
      else put(to, vectorOf(operands, 1).readFloat(64));
    } else if (high) to.vector.writeHigh(lowOf(c, from, 64));
    else to.vector.writeFloat(floatOf(c, from, 64));
  });
}
