/** Widths of a decoded instruction's operands, and of its definition: those of its handler in the interpreter. */
import type { Size } from '../../cpu/language/expr.ts';
import { type Definition, DEFINITIONS } from '../../cpu/semantics/index.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { shapeOf } from '../../isa/shapes.ts';
import { definitionSize, doesNothing, NOTHING_KEY, slotsOf } from '../interpreter/handlers.ts';
import { definitionOf } from '../interpreter/handlerShapes.ts';

export type Sizes = readonly (Size | 128)[] & { readonly definition: Size };

export function operandSizes(insn: Instruction): Sizes {
  const shape = shapeOf(insn);
  const definition = regionDefinition(insn);
  if (definition === undefined) throw new Error('an instruction without a definition');
  const sizes = shape.operands.map((_, n) => {
    const slots = slotsOf(shape, 'mg').filter(({ kind }) => kind !== 'c');
    return slots[n]?.size ?? 64;
  });
  return Object.assign(sizes, { definition: definitionSize(definition, shape) });
}

/** What an instruction of 64-bit mode means in a region; undefined when only the interpreter can run it. */
export function regionDefinition(insn: Instruction): Definition | undefined {
  if (doesNothing(insn.encoding.op)) return DEFINITIONS.get(NOTHING_KEY);
  if (insn.code !== 64) return undefined;
  const definition = definitionOf(shapeOf(insn));
  // Branches that truncate RIP, as AMD processors have them, are not worth it.
  if (definition?.ends !== undefined && insn.operandSize !== 64) return undefined;
  // Another ring has another TLB.
  if (definition?.ends === 'ring') return undefined;
  return definition;
}
