/** Handler shapes: which operands, in which places, of which widths. One interpreter handler exists for each. */
import type { Size } from '../../cpu/language/expr.ts';
import type { Definition } from '../../cpu/language/semantics.ts';

/**
 * r register; i immediate; I 64-bit immediate; c condition; t branch target; and memory:
 * m1 [base+disp] and m2 [base+index*scale+disp] of 64-bit mode without a segment base, mg every other address.
 */
export type SlotKind = 'r' | 'm1' | 'm2' | 'mg' | 'i' | 'I' | 'c' | 't';

export interface Slot {
  readonly kind: SlotKind;
  readonly size: Size;
}

export interface Shape {
  readonly key: string;
  readonly definition: Definition;
  readonly size: Size;
  readonly slots: readonly Slot[];
  /** For definitions that use the stack: outside 64-bit mode. */
  readonly legacy: boolean;
  /** Set for a fused pair: a conditional jump with this condition follows. */
  readonly fusedCondition?: number;
}
