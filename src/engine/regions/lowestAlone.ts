/** Which XMM registers of a region hold single floats or doubles, and not vectors. */
import type { FloatBits } from '../../cpu/language/floats.ts';
import type { Step } from './block.ts';
import { operandSizes } from './operands.ts';
import type { LowestAlone } from './vectorRegisters.ts';

/** Widths of the first two operands. */
const CONVERSIONS: Record<string, readonly (FloatBits | undefined)[]> = {
  cvtsi2sd: [64],
  cvtsi2ss: [32],
  cvtsd2si: [undefined, 64],
  cvttsd2si: [undefined, 64],
  cvtss2si: [undefined, 32],
  cvttss2si: [undefined, 32],
  cvtss2sd: [64, 32],
  cvtsd2ss: [32, 64],
};

function widths(op: string): readonly (FloatBits | undefined)[] {
  const conversion = CONVERSIONS[op];
  if (conversion !== undefined) return conversion;
  const both = op.endsWith('sd') ? 64 : op.endsWith('ss') ? 32 : undefined;
  return [both, both];
}

/** By what most of the instructions on a register do. */
export function lowestAlone(steps: readonly Step[]): LowestAlone {
  const votes = new Map<number, number>();
  for (const { definition, insn } of steps) {
    if (definition.vector !== true) continue;
    const sizes = operandSizes(insn);
    for (const [n, bits] of widths(definition.op).entries()) {
      const operand = insn.operands[n];
      if (bits === undefined || operand?.kind !== 'reg' || sizes[n] !== 128) continue;
      votes.set(operand.index, (votes.get(operand.index) ?? 0) + (bits === 64 ? 1 : -1));
    }
  }
  return new Map([...votes].map(([n, sum]) => [n, sum >= 0 ? 64 : 32]));
}
