import { type DecodedDescriptor, decodeDescriptor } from '../../registers/decodeDescriptor.ts';

export interface Gate {
  readonly vector: number;
  readonly descriptor: DecodedDescriptor;
  /** All 16 bytes. */
  readonly value: bigint;
}

/** Vectors the processor raises by itself (SDM vol. 3A, table 6-1). */
const exceptions: Readonly<Record<number, string>> = {
  0: '#DE divide error',
  1: '#DB debug',
  2: 'NMI',
  3: '#BP breakpoint',
  4: '#OF overflow',
  5: '#BR bound range',
  6: '#UD invalid opcode',
  7: '#NM no device',
  8: '#DF double fault',
  10: '#TS invalid TSS',
  11: '#NP not present',
  12: '#SS stack fault',
  13: '#GP general protection',
  14: '#PF page fault',
  16: '#MF x87 error',
  17: '#AC alignment',
  18: '#MC machine check',
  19: '#XM SIMD error',
  21: '#CP control protection',
};

export function vectorName(vector: number): string {
  return exceptions[vector] ?? (vector < 32 ? 'reserved' : 'interrupt');
}

/** Gates of an IDT of IA-32e mode (16 bytes each), without those that are all zeros. */
export function idtGates(words: readonly (bigint | null)[]): readonly Gate[] {
  const gates: Gate[] = [];
  for (let vector = 0; vector * 2 + 1 < words.length; vector++) {
    const [first, second] = [words[vector * 2], words[vector * 2 + 1]];
    if (first == null || second == null || (first === 0n && second === 0n)) continue;
    const part = (word: bigint, shift: bigint) => Number((word >> shift) & 0xffffffffn);
    const descriptor = decodeDescriptor(part(first, 0n), part(first, 32n), {
      inIdt: true,
      nextLow: part(second, 0n),
      nextHigh: part(second, 32n),
    });
    gates.push({ vector, descriptor, value: first | (second << 64n) });
  }
  return gates;
}
