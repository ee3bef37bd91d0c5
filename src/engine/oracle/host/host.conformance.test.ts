import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compileC } from '../../../testing/nativeProgram.ts';
import { allCases, describeWith } from '../../../testing/tools.ts';
import { type Host, type Mismatch, Oracle, summary } from './oracle.ts';

const PER_BATCH = 20_000;
const SHARES = { 64: allCases ? 4_000_000 : 240_000, 32: allCases ? 1_200_000 : 80_000 } as const;
/** Enough to see what is wrong. */
const ENOUGH = 1000;

function nativeHost(): Host {
  const program = compileC(fileURLToPath(new URL('./harness.c', import.meta.url)));
  return { describe: () => program.run(['--features']).toString(), run: (input) => program.run([], input) };
}

describeWith('gcc', 'one instruction at a time, against the processor this runs on', () => {
  it.each([64, 32] as const)(
    'registers, memory, flags and exceptions agree in %i-bit code',
    (mode) => {
      const oracle = new Oracle(nativeHost(), mode);
      const found: Mismatch[] = [];
      for (let at = 0; at < SHARES[mode] && found.length < ENOUGH; at += PER_BATCH) {
        found.push(...oracle.compare(at, PER_BATCH));
      }
      expect(summary(found)).toBe('');
    },
    3_600_000,
  );
});
