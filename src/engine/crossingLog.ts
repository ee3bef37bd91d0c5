/** Crossings of rings as the engine meets them, kept without a call to anyone until there are many or somebody looks. */
import type { Instruction } from '../isa/instruction.ts';

const CAPACITY = 1 << 9;

/** What crossed. */
export const Crossing = { syscall: 0, sysret: 1, iret: 2, other: 3 } as const;

export class CrossingLog {
  /** Instructions retired before each, since the engine's present run began. */
  readonly counts = new Float64Array(CAPACITY);
  /** Its Crossing in bits 11:8, CPL before it in bits 7:4, and after it. */
  readonly details = new Uint16Array(CAPACITY);
  length = 0;
  /** Takes what has come and sets `length` to 0. */
  private readonly take: () => void;

  constructor(take: () => void) {
    this.take = take;
  }

  add(count: number, insn: Instruction, from: number, to: number): void {
    const { op } = insn.encoding;
    const what =
      op === 'syscall'
        ? Crossing.syscall
        : op === 'sysret'
          ? Crossing.sysret
          : op === 'iret'
            ? Crossing.iret
            : Crossing.other;
    const at = this.length;
    this.counts[at] = count;
    this.details[at] = (what << 8) | (from << 4) | to;
    this.length = at + 1;
    if (at + 1 === CAPACITY) this.take();
  }
}
