import { expect, it } from 'vitest';
import { run } from './conformance.ts';

it('agrees with iced-x86 on 600,000 strings', { timeout: 120_000 }, () => {
  const report = run(600_000, 1);
  expect(report.examples).toEqual([]);
  expect(report).toMatchObject({ strings: 600_000, mismatches: 0 });
  expect(report.instructions).toBeGreaterThan(250_000);
  expect(report.undecodable).toBeGreaterThan(100_000);
});

it('agrees with iced-x86 in AMD mode on 150,000 strings', { timeout: 60_000 }, () => {
  const report = run(150_000, 2, 'amd');
  expect(report.examples).toEqual([]);
});
