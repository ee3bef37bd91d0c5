import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('once visited, the site opens without a network and everything in it works', async ({ page, context }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await expect(playground.control('Micro-step')).toBeEnabled();
  await playground.run();
  await expect(page.getByRole('region', { name: 'Serial terminal' })).toContainText('RING3 OK');
  // What is fetched only when asked for.
  await page.goto('./?lab=tss=unset');
  await expect(page.getByRole('status').filter({ hasText: 'First difference' })).toContainText('#DF');
});

test('it can be installed', async ({ page, request }) => {
  await page.goto('./');
  const href = (await page.locator('link[rel="manifest"]').getAttribute('href')) ?? '';
  const address = new URL(href, page.url());
  const manifest = await (await request.get(address.href)).json();
  expect(manifest).toMatchObject({ display: 'standalone', start_url: './' });
  for (const { src, type } of manifest.icons) {
    const icon = await request.get(new URL(src, address).href);
    expect(icon.headers()['content-type']).toBe(type);
  }
});
