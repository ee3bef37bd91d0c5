import { gzipSync } from 'node:zlib';
import type { Page, Response } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

const VISITS = 5;
/** Gzipped, of everything that the page fetches before the machine can be stepped. */
const INITIAL_SCRIPTS = 350_000;

interface Visit {
  /** Milliseconds from the navigation's start. */
  readonly painted: number;
  readonly steppable: number;
  /** Gzipped: of the page, and of the machine's worker. */
  readonly scriptBytes: number;
  readonly workerBytes: number;
}

/** One visit with nothing cached. Times are the browser's own. */
async function visit(page: Page): Promise<Visit> {
  const playground = new PlaygroundPage(page);
  const scripts = new Map<string, Response>();
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.set(response.url(), response);
  });
  await page.addInitScript(() => {
    const look = (): void => {
      const step = document.querySelector<HTMLButtonElement>('[aria-label="Machine"] [aria-keyshortcuts="M"]');
      if (step !== null && !step.disabled) performance.mark('steppable');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await playground.open();
  await page.waitForFunction(() => performance.getEntriesByName('steppable').length > 0);
  const seen = await page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? 0;
    const steppable = at('steppable');
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const before = resources.filter(({ startTime }) => startTime < steppable).map(({ name }) => name);
    return { painted: at('first-contentful-paint'), steppable, before };
  });
  const size = async (names: readonly string[]): Promise<number> => {
    const bodies = await Promise.all(names.map((name) => scripts.get(name)?.body()));
    return bodies.reduce((sum, body) => sum + (body === undefined ? 0 : gzipSync(body).length), 0);
  };
  const isWorker = (name: string): boolean => name.includes('.worker-');
  return {
    ...seen,
    scriptBytes: await size(seen.before.filter((name) => !isWorker(name))),
    workerBytes: await size(seen.before.filter(isWorker)),
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

test('loading: first paint, first step, and how much script that takes', async ({ browser, baseURL, viewport }) => {
  test.setTimeout(120_000);
  const visits: Visit[] = [];
  for (let n = 0; n < VISITS; n++) {
    const context = await browser.newContext({ baseURL: baseURL ?? '', viewport });
    visits.push(await visit(await context.newPage()));
    await context.close();
  }
  const scriptBytes = median(visits.map((v) => v.scriptBytes));
  const workerBytes = median(visits.map((v) => v.workerBytes));
  console.log(
    `first contentful paint ${median(visits.map((v) => v.painted)).toFixed(0)} ms, ` +
      `steppable ${median(visits.map((v) => v.steppable)).toFixed(0)} ms, ` +
      `initial scripts ${(scriptBytes / 1000).toFixed(0)} kB gzipped and the machine's worker ` +
      `${(workerBytes / 1000).toFixed(0)} kB (median of ${VISITS} visits)`,
  );
  expect(visits.every(({ painted, steppable }) => painted > 0 && steppable > 0)).toBe(true);
  expect(scriptBytes).toBeLessThan(INITIAL_SCRIPTS);
});
