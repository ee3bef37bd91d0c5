/** Where jumps and calls through registers and memory went. */
import type { CodeCache } from '../codeCache.ts';
import type { Place } from './block.ts';

/** Targets kept of one instruction. */
const MOST = 256;

export class IndirectTargets {
  private readonly code: CodeCache;
  /** RIPs by record. */
  private readonly found = new Map<number, Set<bigint>>();

  constructor(code: CodeCache) {
    this.code = code;
  }

  /** The instruction of a record went to a RIP that was looked up. True when that is news of a jump or call it matters for. */
  note(from: number, low: number, high: number): boolean {
    const insn = this.code.instructionOf(from);
    if (insn === undefined || insn.operands[0]?.kind === 'rel') return false;
    const { op } = insn.encoding;
    if (op !== 'jmp' && op !== 'call') return false;
    let targets = this.found.get(from);
    if (targets === undefined) {
      targets = new Set();
      this.found.set(from, targets);
    }
    const before = targets.size;
    if (before < MOST) targets.add((BigInt(high) << 32n) | BigInt(low >>> 0));
    return targets.size > before;
  }

  /** Its targets, as places counted from `base`; those too far away to count are left out. */
  of(record: number, base: bigint): readonly Place[] {
    return [...(this.found.get(record) ?? [])].flatMap((rip) => {
      const distance = BigInt.asIntN(64, rip - base);
      return distance > -0x40000000n && distance < 0x40000000n ? [Number(distance)] : [];
    });
  }

  clear(): void {
    this.found.clear();
  }
}
