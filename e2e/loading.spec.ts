import { gzipSync } from 'node:zlib';
import type { Page, Response } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

const VISITS = 5;
/** Gzipped: all that is fetched of JavaScript, by the page and by its workers, before the machine can be stepped. */
const INITIAL_SCRIPTS = 350_000;

interface Visit {
  /** Milliseconds from the navigation's start. */
  readonly painted: number;
  readonly steppable: number;
  /** Gzipped sizes of scripts by their names. */
  readonly scripts: ReadonlyMap<string, number>;
}

/** One visit with nothing cached. Times are the browser's own. */
async function visit(page: Page): Promise<Visit> {
  const playground = new PlaygroundPage(page);
  const responses: Response[] = [];
  let steppable = false;
  // The context hears of what workers fetch too, which the page does not.
  page.context().on('response', (response) => {
    if (!steppable && new URL(response.url()).pathname.endsWith('.js')) responses.push(response);
  });
  await page.exposeFunction('noteSteppable', () => {
    steppable = true;
  });
  await page.addInitScript(() => {
    const look = (): void => {
      const step = document.querySelector<HTMLButtonElement>('[aria-label="Machine"] [aria-keyshortcuts="M"]');
      if (step === null || step.disabled) {
        requestAnimationFrame(look);
        return;
      }
      performance.mark('steppable');
      (window as unknown as { noteSteppable(): void }).noteSteppable();
    };
    requestAnimationFrame(look);
  });
  await playground.open();
  await page.waitForFunction(() => performance.getEntriesByName('steppable').length > 0);
  const at = (name: string): Promise<number> =>
    page.evaluate((entry) => performance.getEntriesByName(entry)[0]?.startTime ?? 0, name);
  const sizes = await Promise.all(
    responses.map(async (response) => [fileOf(response.url()), gzipSync(await response.body()).length] as const),
  );
  return { painted: await at('first-contentful-paint'), steppable: await at('steppable'), scripts: new Map(sizes) };
}

const fileOf = (address: string): string => new URL(address).pathname.split('/').at(-1) ?? '';

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

test('loading: first paint, first step, and how much script that takes', async ({ browser, baseURL, viewport }) => {
  test.setTimeout(120_000);
  const visits: Visit[] = [];
  for (let n = 0; n < VISITS; n++) {
    const context = await browser.newContext({ baseURL: baseURL ?? '', viewport });
    visits.push(await visit(await context.newPage()));
    await context.close();
  }
  const bytes = visits.map(({ scripts }) => [...scripts.values()].reduce((sum, size) => sum + size, 0));
  const largest = visits[bytes.indexOf(Math.max(...bytes))]?.scripts ?? new Map<string, number>();
  console.log(
    `first contentful paint ${median(visits.map((v) => v.painted)).toFixed(0)} ms, ` +
      `steppable ${median(visits.map((v) => v.steppable)).toFixed(0)} ms, ` +
      `${(Math.max(...bytes) / 1000).toFixed(0)} kB of gzipped script until then (${VISITS} visits): ` +
      [...largest].map(([name, size]) => `${name} ${(size / 1000).toFixed(1)}`).join(', '),
  );
  expect(visits.every(({ painted, steppable }) => painted > 0 && steppable > 0)).toBe(true);
  // The page, the machine in its worker, and what both are made of.
  expect([...largest.keys()].filter((name) => /^(page|machine\.worker)-/.test(name))).toHaveLength(2);
  expect(Math.max(...bytes)).toBeLessThan(INITIAL_SCRIPTS);
});
