/** Operands that both implementations of the semantics language make alike. */
import type { Size, Val } from '../../cpu/language/expr.ts';
import type { Value, VectorValue } from '../../cpu/language/semantics.ts';

export const noAddress = (): never => {
  throw new Error('operand has no such access');
};
export const vectorOnly = (kind: 'reg' | 'mem', vector: VectorValue): Value => ({
  kind,
  size: 64,
  read: noAddress,
  write: noAddress,
  update: noAddress,
  address: noAddress,
  vector,
});
export const constantValue = (kind: 'imm' | 'rel', size: Size, v: Val): Value => ({
  kind,
  size,
  read: () => v,
  write: noAddress,
  update: noAddress,
  address: noAddress,
});
