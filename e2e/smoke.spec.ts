import { expect, test } from './fixtures.ts';

test('the page opens from a subfolder of a static host', async ({ page, baseURL }) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(String(baseURL))) elsewhere.push(request.url());
  });
  await page.goto('./');
  await expect(page).toHaveTitle('Emergence Playground');
  await expect(page.locator('#root > *').first()).toBeVisible();
  expect(elsewhere, 'requests outside the folder of the site').toEqual([]);
});
