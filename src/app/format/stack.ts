import type { RegisterView } from '../../worker/protocol.ts';

/** What IRETQ takes from the stack, from the lowest address up. */
const frame = ['RIP', 'CS', 'RFLAGS', 'RSP', 'SS'] as const;

/** A kernel stack may be this large; farther below RSP0 RSP stands on another one. */
const stackBytes = 0x4000n;

/**
 * Labels of the frame that a crossing from ring 3 leaves at the top of the kernel's stack: it ends at the TSS's RSP0
 * (SDM vol. 3A, 6.14.2), also while it is being pushed. Empty when RSP is not on that stack, or when what stands there cannot be such a frame.
 */
export function frameLabels(
  registers: RegisterView,
  rsp0: bigint | null,
  wordAt: (address: bigint) => bigint | null,
): ReadonlyMap<bigint, string> {
  const rsp = registers.gpr[4] ?? 0n;
  if (rsp0 === null || registers.cpl !== 0 || rsp >= rsp0 || rsp0 - rsp > stackBytes) return new Map();
  const start = rsp0 - BigInt(frame.length * 8);
  const fromUser = (at: bigint): boolean => {
    const selector = at < rsp ? 3n : (wordAt(at) ?? 0n);
    return selector < 0x10000n && (selector & 3n) === 3n;
  };
  if (!fromUser(start + 8n) || !fromUser(start + 32n)) return new Map();
  const labels = frame.map((name, n): [bigint, string] => [start + BigInt(n * 8), `saved ${name}`]);
  return new Map(labels.filter(([address]) => address >= rsp));
}

/** Frames that are followed; a chain that leads in a circle ends anyway. */
const mostFrames = 32;

/**
 * Labels of the frames that RBP chains together, innermost first: the saved RBP and above it the return address. The
 * chain ends where a frame does not stand above the one before, or is not among the words that are known.
 */
export function callFrames(
  registers: RegisterView,
  wordAt: (address: bigint) => bigint | null,
): ReadonlyMap<bigint, string> {
  const labels = new Map<bigint, string>();
  let below = registers.gpr[4] ?? 0n;
  let frame = registers.gpr[5] ?? 0n;
  for (let n = 0; n < mostFrames && frame >= below && frame % 8n === 0n; n++) {
    const saved = wordAt(frame);
    if (saved === null) break;
    labels.set(frame, n === 0 ? 'saved RBP (RBP points here)' : 'saved RBP');
    labels.set(frame + 8n, 'return address');
    below = frame + 16n;
    frame = saved;
  }
  return labels;
}
