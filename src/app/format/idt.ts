import { type DecodedDescriptor, decodeDescriptor } from '../../registers/decodeDescriptor.ts';

export interface Gate {
  readonly vector: number;
  readonly descriptor: DecodedDescriptor;
  /** All of it. */
  readonly value: bigint;
  /** 8-byte words it takes. */
  readonly slots: 1 | 2;
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

/** Gates of an IDT: of 16 bytes in IA-32e mode, else of 8. Without those that are all zeros. */
export function idtGates(words: readonly (bigint | null)[], longMode = true): readonly Gate[] {
  const slots = longMode ? 2 : 1;
  const gates: Gate[] = [];
  for (let vector = 0; (vector + 1) * slots <= words.length; vector++) {
    const first = words[vector * slots];
    const second = longMode ? words[vector * 2 + 1] : 0n;
    if (first == null || second == null || (first === 0n && second === 0n)) continue;
    const part = (word: bigint, shift: bigint) => Number((word >> shift) & 0xffffffffn);
    const descriptor = decodeDescriptor(part(first, 0n), part(first, 32n), {
      inIdt: true,
      longMode,
      ...(longMode && { nextLow: part(second, 0n), nextHigh: part(second, 32n) }),
    });
    gates.push({ vector, descriptor, value: first | (second << 64n), slots });
  }
  return gates;
}

/** An entry of the interrupt table of real-address mode: IP, then CS. */
export interface RealVector {
  readonly vector: number;
  readonly segment: number;
  readonly offset: number;
}

/** Entries of 4 bytes that are not all zeros (SDM vol. 3A, 20.1.4). */
export function realVectors(words: readonly (bigint | null)[]): readonly RealVector[] {
  return words.flatMap((word, n) =>
    word === null
      ? []
      : [0, 1].flatMap((half): RealVector[] => {
          const entry = Number((word >> BigInt(32 * half)) & 0xffffffffn);
          return entry === 0 ? [] : [{ vector: 2 * n + half, segment: entry >>> 16, offset: entry & 0xffff }];
        }),
  );
}
