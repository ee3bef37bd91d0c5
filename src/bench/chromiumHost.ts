/** The same rows in a worker of a Chromium without a window: what a visitor of the page would get. */
import type { Page } from '@playwright/test';
import { alternate } from './boot.ts';
import { BOOT_AGAIN_ROW, BOOT_NEW_ROW, SHELL_ROW } from './catalogue.ts';
import type { Answer, Job } from './chromium/job.ts';
import type { Request } from './nodeHost.ts';
import type { Row } from './row.ts';

type Result = Extract<Answer, { kind: 'rows' | 'ms' }>;

/** Runs a job in a worker of its own. Progress goes through the console. */
async function inWorker(page: Page, job: Job): Promise<Result> {
  const answer = await page.evaluate((wanted: Job) => {
    const worker = new Worker('worker.js', { type: 'module' });
    return new Promise<Answer>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(`the worker did not start: ${event.message}`));
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.kind === 'ready') worker.postMessage(wanted);
        else if (data.kind === 'progress') console.log(data.text);
        else resolve(data);
      };
    }).finally(() => worker.terminate());
  }, job);
  if (answer.kind === 'error') throw new Error(answer.text);
  return answer as Result;
}

async function rowsIn(page: Page, { names, peers, effort }: Request): Promise<Row[]> {
  const job = async (job: Job): Promise<readonly Row[]> => {
    const result = await inWorker(page, job);
    return result.kind === 'rows' ? result.rows : [];
  };
  const want = (name: string): boolean => names.includes(name);
  const rows = [...(await job({ kind: 'compare', wanted: { host: 'chromium', workloads: names, peers, effort } }))];
  const turns = 2 * effort.turns;
  if (want(SHELL_ROW)) rows.push(...(await job({ kind: 'boot to shell', turns })));
  const name = BOOT_NEW_ROW.chromium;
  if (want(name)) {
    const once = async (who: 'ours' | 'v86'): Promise<number> => {
      const result = await inWorker(page, { kind: 'boot', who });
      return result.kind === 'ms' ? result.ms : Number.NaN;
    };
    const row = { name, host: 'chromium', peer: 'v86' } as const;
    rows.push(
      await alternate(
        row,
        turns,
        () => once('ours'),
        () => once('v86'),
      ),
    );
  }
  if (want(BOOT_AGAIN_ROW)) rows.push(...(await job({ kind: 'boot again', turns })));
  return rows;
}

/** Throws when no Chromium can be had. */
export async function benchInChromium(request: Request, progress: (text: string) => void): Promise<Row[]> {
  // Not loaded where they are not needed: they would take time from the boots in new processes.
  const { chromium } = await import('@playwright/test');
  const { serveBench } = await import('./chromium/site.ts');
  const finder = new URL('../../.ci/chromium.js', import.meta.url).href;
  const executablePath = await ((await import(finder)) as { chromium: () => Promise<string | null> }).chromium();
  if (executablePath === null) throw new Error('no Chromium found; CHROMIUM_PATH may name one');
  const { server, address } = await serveBench();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => progress(message.text()));
    await page.goto(address);
    return await rowsIn(page, request);
  } finally {
    await browser.close();
    server.close();
  }
}
