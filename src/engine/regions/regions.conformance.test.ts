import { expect, test } from 'vitest';
import { allCases } from '../../testing/tools.ts';
import { EnginePair } from './testing/enginePair.ts';

const PROGRAMS = allCases ? 1_000_000 : 2_000;
/** Each pair begins with a fresh machine. */
const PER_PAIR = 1_000;

test('random programs do the same in the interpreter and in regions', { timeout: 14_400_000 }, () => {
  const mismatches: string[] = [];
  let [faults, inRegions, programs] = [0, 0, 0];
  for (let seed = 1; programs < PROGRAMS && mismatches.length < 20; seed++) {
    const result = new EnginePair(seed).compare(PER_PAIR);
    mismatches.push(...result.mismatches);
    programs += result.programs;
    faults += result.faults;
    inRegions += result.inRegions;
  }
  expect(mismatches.join('\n')).toBe('');
  expect(inRegions).toBeGreaterThan(programs * 0.8);
  expect(faults).toBeGreaterThan(200);
});
