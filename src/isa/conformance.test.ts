import { expect, it } from 'vitest';
import { allCases } from '../testing/tools.ts';
import { FULL_COUNT, run } from './conformance.ts';

const STRINGS = allCases ? FULL_COUNT : 600_000;

it(`agrees with iced-x86 on ${STRINGS} strings`, { timeout: allCases ? 3_600_000 : 120_000 }, () => {
  const report = run(STRINGS, 1);
  expect(report.examples).toEqual([]);
  expect(report).toMatchObject({ strings: STRINGS, mismatches: 0 });
  expect(report.instructions).toBeGreaterThan(250_000);
  expect(report.undecodable).toBeGreaterThan(100_000);
});

it('agrees with iced-x86 in AMD mode on 150,000 strings', { timeout: 60_000 }, () => {
  const report = run(150_000, 2, 'amd');
  expect(report.examples).toEqual([]);
});
