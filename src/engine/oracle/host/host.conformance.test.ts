import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compileC } from '../../../testing/nativeProgram.ts';
import { allCases, describeWith } from '../../../testing/tools.ts';
import { type Host, type Mismatch, Oracle, summary } from './oracle.ts';

const PER_BATCH = 20_000;
const SHARES = allCases ? { 64: 3_000_000, 32: 600_000, 16: 600_000 } : { 64: 160_000, 32: 40_000, 16: 40_000 };
/** Cases of several instructions, for each mode. */
const SEQUENCES = allCases ? 400_000 : 20_000;
/** Enough to see what is wrong. */
const ENOUGH = 1000;

function nativeHost(): Host {
  const program = compileC(fileURLToPath(new URL('./harness.c', import.meta.url)));
  return { describe: () => program.run(['--features']).toString(), run: (input) => program.run([], input) };
}

describeWith('gcc', 'one instruction at a time, against the processor this runs on', () => {
  it.for([64, 32, 16] as const)(
    'registers, memory, flags and exceptions agree in %i-bit code',
    { timeout: 3_600_000 },
    (mode, { skip }) => {
      const oracle = new Oracle(nativeHost(), mode);
      if (!oracle.possible) skip('this system runs no 16-bit code');
      const found: Mismatch[] = [];
      for (let at = 0; at < SHARES[mode] && found.length < ENOUGH; at += PER_BATCH) {
        found.push(...oracle.compare(at, PER_BATCH));
      }
      expect(summary(found)).toBe('');
    },
  );

  it.for([64, 32, 16] as const)(
    'and so do a few instructions in a row in %i-bit code',
    { timeout: 3_600_000 },
    (mode, { skip }) => {
      const oracle = new Oracle(nativeHost(), mode);
      if (!oracle.possible) skip('this system runs no 16-bit code');
      if (!oracle.exact) skip('the definitions do not follow this processor in what the manual leaves open');
      const found: Mismatch[] = [];
      for (let at = 0; at < SEQUENCES && found.length < ENOUGH; at += PER_BATCH) {
        found.push(...oracle.compareSequences(at, PER_BATCH));
      }
      expect(summary(found)).toBe('');
    },
  );
});
