/** The page in a frame of another site: only the panels that were asked for, driven by messages. */
import { createServer, type Server } from 'node:http';
import type { FrameLocator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

let lecture: Server;
test.beforeAll(async () => {
  lecture = createServer(({ url }, answer) => {
    const frame = decodeURIComponent(url?.split('?')[1] ?? '').replaceAll('"', '');
    answer.setHeader('content-type', 'text/html');
    answer.end(`<!doctype html><link rel="icon" href="data:,"><title>Lecture</title>
      <iframe id="machine" width="1000" height="640" src="${frame}"></iframe>`);
  });
  await new Promise<void>((listening) => lecture.listen(0, '127.0.0.1', listening));
});
test.afterAll(() => lecture.close());

/** A page of another origin with the playground in a frame, and `ask` to speak to it. */
async function host(page: Page, baseURL: string, query: string): Promise<FrameLocator> {
  const address = lecture.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await page.goto(`http://127.0.0.1:${port}/?${encodeURIComponent(`${baseURL}${query}`)}`);
  await page.evaluate(() => {
    const frame = document.querySelector<HTMLIFrameElement>('#machine')?.contentWindow;
    let id = 0;
    const waiting = new Map<number, (answer: unknown) => void>();
    const told: unknown[] = [];
    window.addEventListener('message', ({ data, source }) => {
      if (source !== frame || data.playground !== 1) return;
      if ('event' in data) told.push(data);
      else waiting.get(data.id)?.(data);
    });
    const ask = (method: unknown, ...params: unknown[]): Promise<unknown> => {
      id += 1;
      const mine = id;
      return new Promise((resolve) => {
        waiting.set(mine, resolve);
        frame?.postMessage({ playground: 1, id: mine, method, params }, '*');
      });
    };
    Object.assign(window, { ask, told });
  });
  return page.frameLocator('#machine');
}

type Answer = { ok: boolean; value?: unknown; error?: string };

function ask(page: Page, method: string, ...params: unknown[]): Promise<Answer> {
  return page.evaluate(
    ([name, values]) => (window as unknown as { ask(...all: unknown[]): Promise<Answer> }).ask(name, ...values),
    [method, params] as const,
  );
}

test('shows the panels that were asked for, and a way to the whole page', async ({ page, baseURL }) => {
  const frame = await host(page, baseURL ?? '', '?embed&panels=editor,msrs,nonsense');
  await expect(frame.getByRole('status', { name: 'Privilege level' })).toContainText('CPL 3');
  await expect(frame.getByRole('region', { name: 'Source' })).toBeVisible();
  await expect(frame.getByRole('region', { name: 'MSRs' }).getByRole('group', { name: 'IA32_STAR' })).toBeVisible();
  await expect(frame.getByRole('region', { name: 'Registers' })).toHaveCount(0);
  await expect(frame.getByRole('button', { name: 'Share' })).toHaveCount(0);
  await frame.getByRole('button', { name: 'Next ring' }).click();
  await expect(frame.getByRole('status', { name: 'Privilege level' })).toContainText('CPL 0');
  const opened = page.context().waitForEvent('page');
  await frame.getByRole('link', { name: 'Open in playground' }).click();
  const whole = await opened;
  await expect(whole.getByRole('status', { name: 'Machine state' })).toContainText('Opened where it was shared');
  await expect(whole.getByRole('status', { name: 'Privilege level' })).toContainText('CPL 0');
  await expect(whole.getByRole('button', { name: 'Share' })).toBeVisible();
});

test('is driven by messages of the page around it', async ({ page, baseURL }) => {
  await host(page, baseURL ?? '', '?embed&panels=registers');
  const ready = await ask(page, 'ready');
  expect(ready).toMatchObject({ ok: true, value: { state: 'stopped', cpl: 3 } });
  expect(await ask(page, 'subscribe', 'stop')).toMatchObject({ ok: true });
  expect(await ask(page, 'run', { until: 'ring-change' })).toMatchObject({ ok: true, value: { cpl: 0 } });
  expect(await ask(page, 'read', 'CS')).toMatchObject({ ok: true, value: 8n });
  await expect
    .poll(() =>
      page.evaluate(() => (window as unknown as { told: { value: { cpl: number } }[] }).told.at(-1)?.value.cpl),
    )
    .toBe(0);
  expect(await ask(page, 'stepBack')).toMatchObject({ ok: true, value: { cpl: 3 } });
  expect(await ask(page, 'write', { kind: 'register', name: 'rax' }, '0x2')).toMatchObject({ ok: true });
  const { value } = await ask(page, 'share');
  expect(value).toMatchObject({ url: expect.stringContaining('#'), hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
});

test('what is wrong is refused in words, and changes nothing', async ({ page, baseURL }) => {
  await host(page, baseURL ?? '', '?embed&panels=registers');
  await ask(page, 'ready');
  const { value: before } = await ask(page, 'stateHash');
  const wrong: readonly (readonly [string, ...unknown[]])[] = [
    ['constructor'],
    ['__proto__'],
    ['on', 'stop'],
    ['step', 1e9],
    ['step', '1'],
    ['goTo', -1],
    ['read', '<img src=x onerror=alert(1)>'],
    ['readMemory', 0x400000, 1e6],
    ['write', { kind: 'register', name: 'rax', more: 1 }, 1],
    ['write', { kind: 'register', name: 'rax' }, -1],
    ['write', { kind: 'descriptor', table: 'ldt', index: 0 }, 1],
    ['load', { kernel: 'not bytes' }],
    ['load', { memoryMiB: 1e6 }],
    ['openLink', '#1.AAAA'],
    ['openLink', 'x'.repeat(3 << 20)],
    ['openFile', new Uint8Array(10)],
    ['type', 'x'.repeat(100_000)],
  ];
  for (const [method, ...params] of wrong) {
    const answer = await ask(page, method, ...params);
    expect(answer.ok, method).toBe(false);
    expect(answer.error, method).toMatch(/^[^<>]{10,400}$/);
  }
  // What is no request gets no answer.
  await page.evaluate(() => {
    const frame = document.querySelector<HTMLIFrameElement>('#machine')?.contentWindow;
    for (const data of [null, 1, 'x', {}, { playground: 1 }, { playground: 1, id: {}, method: 'step' }]) {
      frame?.postMessage(data, '*');
    }
  });
  expect((await ask(page, 'stateHash')).value).toBe(before);
});

test('a page that is not embedded does not listen', async ({ page, playground }) => {
  const { instructions } = await playground.state();
  await page.evaluate(() => window.postMessage({ playground: 1, id: 1, method: 'step', params: [] }, '*'));
  await page.waitForTimeout(200);
  expect((await playground.state()).instructions).toBe(instructions);
});
