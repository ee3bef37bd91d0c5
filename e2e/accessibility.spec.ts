/** axe at every state of the page, in three sizes and both themes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Tour } from './pages/Tour.ts';

/** Run inside the page itself: AxeBuilder opens another page for each run, which takes longer than all the rules. */
const AXE = readFileSync(
  createRequire(import.meta.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

/** What this test uses of axe's own types. */
interface RunOptions {
  readonly resultTypes: readonly ['violations'];
  readonly rules?: Readonly<Record<string, { readonly enabled: boolean }>>;
  readonly runOnly?: readonly string[];
}
interface Axe {
  run(
    on: { include: string; exclude: readonly string[] },
    options: RunOptions,
  ): Promise<{
    violations: readonly { id: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
  }>;
}

const ALL: RunOptions = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
/** What depends on the theme. */
const COLOURS: RunOptions = { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] };

async function violations(page: Page, part: string, options: RunOptions): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ([selector, chosen]) => {
      const { axe } = window as unknown as { axe: Axe };
      const results = await axe.run({ include: selector, exclude: [] }, chosen);
      return results.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id} at ${html}: ${failureSummary}`),
      );
    },
    [part, options] as const,
  );
}

for (const viewport of SIZES) {
  test.describe(`${viewport.width} x ${viewport.height}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });

    test('axe finds no violation anywhere', async ({ page }) => {
      test.setTimeout(120_000);
      const found: string[] = [];
      for await (const { name, part } of new Tour(page, viewport.width < 760).stops()) {
        await page.emulateMedia({ colorScheme: 'light' });
        found.push(...(await violations(page, part, ALL)).map((text) => `${name}, light: ${text}`));
        await page.emulateMedia({ colorScheme: 'dark' });
        found.push(...(await violations(page, part, COLOURS)).map((text) => `${name}, dark: ${text}`));
      }
      expect(found).toEqual([]);
    });
  });
}
