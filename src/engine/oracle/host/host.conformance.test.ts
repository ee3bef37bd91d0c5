import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { compileC, type NativeProgram } from '../../../testing/nativeProgram.ts';
import { allCases, describeWith } from '../../../testing/tools.ts';
import { CaseBuilder, oracleRows } from './caseBuilder.ts';
import { CASE, OUTCOME } from './caseLayout.ts';
import { describeDifference, instructionOf, same } from './compare.ts';
import { OurCpu } from './ourCpu.ts';
import { Choices } from './random.ts';

const PER_BATCH = 20_000;
const SHARES = { 64: allCases ? 4_000_000 : 240_000, 32: allCases ? 1_200_000 : 80_000 } as const;
/** What undefined flags follow: an Intel processor of these years. Others are held to the defined ones. */
const FOLLOWED = 'GenuineIntel';
const SHOWN = 12;

interface Mismatch {
  readonly op: string;
  readonly text: string;
}

describeWith('gcc', 'one instruction at a time, against the processor this runs on', () => {
  let host: NativeProgram;
  let make = '';
  let features: ReadonlySet<string> = new Set();

  beforeAll(() => {
    host = compileC(fileURLToPath(new URL('./harness.c', import.meta.url)));
    const words = host.run(['--features']).toString().trim().split(' ');
    make = words[0] ?? '';
    features = new Set(words.slice(1));
  });

  function mismatches(mode: 64 | 32, batch: number, count: number, ours: OurCpu): Mismatch[] {
    const rows = oracleRows(mode, features);
    const builder = new CaseBuilder(mode, new Choices(batch * 2 + (mode === 64 ? 0 : 1)));
    const input = Buffer.alloc(8 + count * CASE.bytes);
    input.writeBigUInt64LE(BigInt(count));
    const cases = input.subarray(8);
    const view = new DataView(cases.buffer, cases.byteOffset, cases.length);
    for (let i = 0; i < count; i++) {
      const row = rows[(batch * PER_BATCH + i) % rows.length];
      if (row !== undefined) builder.write(row, view, i * CASE.bytes);
    }
    const expected = host.run([], input);
    const actual = Buffer.alloc(count * OUTCOME.bytes);
    const found: Mismatch[] = [];
    const exact = make === FOLLOWED;
    for (let i = 0; i < count; i++) {
      ours.run(cases, i * CASE.bytes, actual, i * OUTCOME.bytes);
      if (same(cases, i * CASE.bytes, actual, expected, i * OUTCOME.bytes, exact)) continue;
      const { op } = instructionOf(cases, i * CASE.bytes).encoding;
      found.push({ op, text: describeDifference(cases, i * CASE.bytes, actual, expected, i * OUTCOME.bytes) });
    }
    return found;
  }

  it.each([64, 32] as const)(
    'registers, memory, flags and exceptions agree in %i-bit code',
    (mode) => {
      const ours = new OurCpu(mode);
      const total = SHARES[mode];
      const found: Mismatch[] = [];
      for (let batch = 0; batch * PER_BATCH < total; batch++) {
        found.push(...mismatches(mode, batch, Math.min(PER_BATCH, total - batch * PER_BATCH), ours));
      }
      expect(summary(found)).toBe('');
    },
    3_600_000,
  );
});

/** How many per meaning, and the first of each. */
function summary(found: readonly Mismatch[]): string {
  const byOp = new Map<string, Mismatch[]>();
  for (const m of found) byOp.set(m.op, [...(byOp.get(m.op) ?? []), m]);
  return [...byOp]
    .slice(0, SHOWN)
    .map(([op, list]) => `${list.length} of ${op}, such as ${list[0]?.text}`)
    .join('\n');
}
