import { expect, test } from 'vitest';
import { builtFile } from './emergence.ts';
import { allCases } from './tools.ts';
import { walks } from './walks.ts';

const COUNT = allCases ? 1000 : 50;

test(`${COUNT} random walks find every state as it was`, { timeout: 3_600_000 }, () => {
  const { failures, revisits, looks } = walks(builtFile, 1, COUNT);
  expect(failures.slice(0, 10)).toEqual([]);
  expect(looks).toBe(COUNT * 25);
  expect(revisits).toBeGreaterThan(COUNT * 5);
});
