/** Deterministic choices for cases. */
import { Random } from '../../../isa/conformance/generate.ts';

const CORNERS = [
  0n,
  1n,
  2n,
  -1n,
  -2n,
  0x7fn,
  0x80n,
  0xffn,
  0x100n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
  0x99n,
  0x9an,
  0x0fn,
  0x5555555555555555n,
  -0x5555555555555556n,
] as const;

/** A source of operands: corners, counts, sparse and random values. */
export class Choices {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
    // Seeds that differ little start alike.
    for (let i = 0; i < 8; i++) this.random.next();
  }

  below(limit: number): number {
    // The low bits of the generator are its weakest.
    return Math.floor((this.random.next() / 0x100000000) * limit);
  }
  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
  byte(): number {
    return this.below(256);
  }
  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
  bits64(): bigint {
    return (BigInt(this.random.next()) << 32n) | BigInt(this.random.next());
  }

  /** 64 bits, unsigned. */
  operand(): bigint {
    return BigInt.asUintN(64, this.anyOperand());
  }
  private anyOperand(): bigint {
    switch (this.below(8)) {
      case 0:
      case 1:
        return this.pick(CORNERS);
      case 2:
        return BigInt(this.below(66));
      case 3:
        return -BigInt(this.below(66));
      case 4:
        return 1n << BigInt(this.below(64));
      case 5:
        return this.bits64() >> BigInt(this.below(64));
      case 6:
        // A corner below, something else above: what the upper half must not leak into.
        return (this.bits64() & ~0xffffffffn) | (this.pick(CORNERS) & 0xffffffffn);
      default:
        return this.bits64();
    }
  }
}
