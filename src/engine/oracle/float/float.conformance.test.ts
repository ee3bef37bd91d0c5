import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compileC } from '../../../testing/nativeProgram.ts';
import { allCases, describeWith } from '../../../testing/tools.ts';
import { type FloatMismatch, FloatOracle } from './floatOracle.ts';

const PER_BATCH = 10_000;
const CASES = [
  [64, allCases ? 3_200_000 : 180_000],
  [32, allCases ? 400_000 : 20_000],
] as const;
const ENOUGH = 500;

/** How many mismatches each meaning has, and the first of them. */
export function summary(found: readonly FloatMismatch[], shown = 12): string {
  const byOp = new Map<string, FloatMismatch[]>();
  for (const m of found) byOp.set(m.op, [...(byOp.get(m.op) ?? []), m]);
  return [...byOp]
    .slice(0, shown)
    .map(([op, list]) => `${list.length} of ${op}, such as ${list[0]?.text}`)
    .join('\n');
}

describeWith('gcc', 'x87, MMX and SSE, one instruction at a time, against the processor this runs on', () => {
  it.for(CASES)(
    'registers, flags, status words and memory agree in %i-bit code',
    { timeout: 3_600_000 },
    ([mode, cases]) => {
      const program = compileC(fileURLToPath(new URL('./harness.c', import.meta.url)));
      const oracle = new FloatOracle((input) => program.run(mode === 32 ? ['32'] : [], input), mode);
      const found: FloatMismatch[] = [];
      for (let at = 0; at < cases && found.length < ENOUGH; at += PER_BATCH) {
        found.push(...oracle.compare(at, PER_BATCH));
      }
      expect(summary(found)).toBe('');
    },
  );
});
