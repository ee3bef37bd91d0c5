/** What definitions on XMM registers share: whether they may run, and how they read their operands. */
import { CR0, CR4 } from '../../registers/cr.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import { type FloatBits, reinterpret, withFirstLane } from '../language/floats.ts';
import { define, type FlagUse, type Sem, type Value, type VectorValue } from '../language/semantics.ts';
import { S } from '../layout.ts';

export type Body = (c: Sem, unless: (when: Val) => void, operands: readonly Value[]) => void;

/** A definition; its routine runs instead where SSE is not to be used now, and raises what is due. */
export function defineVector(op: string, body: Body, flags: FlagUse = 'none'): void {
  define(
    op,
    flags,
    (c, _size, operands) => {
      c.orRoutine((unless) => {
        const off = x.and(c.stateWord(S.cr0), x.i32(CR0.EM | CR0.TS));
        const closed = x.xor(x.and(c.stateWord(S.cr4), x.i32(CR4.OSFXSR)), x.i32(CR4.OSFXSR));
        unless(x.or(off, closed));
        body(c, unless, operands);
      });
    },
    { vector: true },
  );
}

export function vectorOf(operands: readonly Value[], n: number): VectorValue {
  const vector = operands[n]?.vector;
  if (vector === undefined) throw new Error(`operand ${n} is no vector`);
  return vector;
}
export function operandOf(operands: readonly Value[], n: number): Value {
  const operand = operands[n];
  if (operand === undefined) throw new Error(`no operand ${n}`);
  return operand;
}

/** The low `bits` of a source with zeros above: an XMM register, or memory or a general register of that width. */
export function lowOf(c: Sem, source: Value, bits: FloatBits): Val {
  if (source.vector !== undefined) return source.vector.readLow(bits);
  return c.let(withFirstLane(x.v128(0n), floatOf(c, source, bits)));
}
/** The same as a float or double. */
export function floatOf(c: Sem, source: Value, bits: FloatBits): Val {
  if (source.vector !== undefined) return source.vector.readFloat(bits);
  return source.float?.read() ?? c.let(reinterpret(source.read()));
}
