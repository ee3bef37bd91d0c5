import { expect, it } from 'vitest';
import { allCases } from '../../testing/tools.ts';
import { runOnHost } from './host.ts';

const STRINGS = allCases ? 400_000 : 20_000;

for (const code of [16, 32, 64] as const) {
  it(`agrees with this processor on ${STRINGS} strings of ${code}-bit code`, { timeout: 600_000 }, (context) => {
    const report = runOnHost(STRINGS, code, code);
    if (report === undefined) return context.skip();
    expect(report.examples).toEqual([]);
    expect(report.strings).toBe(STRINGS);
    expect(report.instructions).toBeGreaterThan(8_000);
  });
}
