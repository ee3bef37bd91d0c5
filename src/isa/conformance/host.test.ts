import { expect, it } from 'vitest';
import { runOnHost } from './host.ts';

for (const code of [16, 32, 64] as const) {
  it(`agrees with this processor on 20,000 strings of ${code}-bit code`, { timeout: 60_000 }, (context) => {
    const report = runOnHost(20_000, code, code);
    if (report === undefined) return context.skip();
    expect(report.examples).toEqual([]);
    expect(report.strings).toBe(20_000);
    expect(report.instructions).toBeGreaterThan(8_000);
  });
}
