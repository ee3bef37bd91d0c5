/** Handler shapes: which operands, in which places, of which widths. One interpreter handler exists for each. */
import type { Size } from '../../cpu/language/expr.ts';
import { REC } from '../../cpu/layout.ts';
import type { Definition } from '../../cpu/language/semantics.ts';
import type { Signature } from '../wasm/module.ts';

/**
 * r register; x XMM register; i immediate; I 64-bit immediate; c condition; t branch target; and memory:
 * m1 [base+disp] and m2 [base+index*scale+disp] of 64-bit mode without a segment base, mg every other address.
 */
export type SlotKind = 'r' | 'x' | 'm1' | 'm2' | 'mg' | 'i' | 'I' | 'c' | 't';

export interface Slot {
  readonly kind: SlotKind;
  readonly size: Size | 128;
}

export interface Shape {
  readonly key: string;
  readonly definition: Definition;
  readonly size: Size;
  readonly slots: readonly Slot[];
  /** For definitions that use the stack: outside 64-bit mode. */
  readonly legacy: boolean;
  /** Which dispatch loop handles it: 0 for common shapes, see `loopOf`. */
  readonly loop: number;
  /** Set for a fused pair: a conditional jump with this condition follows. */
  readonly fusedCondition?: number;
}

/** Record fields of the first, second and third register operand. */
export const REGISTER_FIELDS = [REC.a, REC.b, REC.index] as const;

/** Handlers that are not instructions of the table. */
export const PSEUDO = {
  /** Leaves the interpreter; S.rip is this record's RIP. */
  stop: 0,
  /** Goes on at another record of the page, or looks RIP up: the end of a straight line. Counts no instruction. */
  go: 1,
  /** An instruction whose meaning is a TypeScript routine. */
  routine: 2,
  /** A region begins here (REGION_OF): `run` calls it. */
  region: 3,
} as const;
export const PSEUDO_COUNT = 4;

/** A compiled region as a function: it returns a REGION_ANSWER. */
export const REGION_SIGNATURE: Signature = { params: [], results: ['i32'] };

export interface Interpreter {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** The same, compiled, where that was done ahead. */
  readonly module?: WebAssembly.Module;
  /** Handler number by shape key. */
  readonly handlers: ReadonlyMap<string, number>;
}
