/** Crossings of rings as the engine meets them, kept without a call to anyone until there are many or somebody looks. */
import type { Instruction } from '../isa/instruction.ts';

const CAPACITY = 1 << 12;

export class CrossingLog {
  /** Instructions retired before each, since the engine's present run began. */
  readonly counts = new Float64Array(CAPACITY);
  /** CPL before, in bits 7:4, and after. */
  readonly rings = new Uint8Array(CAPACITY);
  readonly instructions: (Instruction | undefined)[] = Array.from({ length: CAPACITY }, () => undefined);
  length = 0;
  /** Takes what has come and sets `length` to 0. */
  private readonly take: () => void;

  constructor(take: () => void) {
    this.take = take;
  }

  add(count: number, insn: Instruction, from: number, to: number): void {
    const at = this.length;
    this.counts[at] = count;
    this.rings[at] = (from << 4) | to;
    this.instructions[at] = insn;
    this.length = at + 1;
    if (this.length === CAPACITY) this.take();
  }
}
