/** The bar at the top, in every width of window that is not a phone's. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('every button of the bar is inside the window', async ({ page }) => {
  await new PlaygroundPage(page).open();
  const last = page.getByRole('banner').getByRole('button').last();
  for (const width of [800, 1024, 1180, 1260, 1280, 1360, 1440, 1600, 1680, 1860]) {
    await page.setViewportSize({ width, height: 800 });
    await expect
      .poll(async () => {
        const box = await last.boundingBox();
        return box !== null && box.x + box.width <= width;
      }, `at ${width} pixels`)
      .toBe(true);
  }
});
