/**
 * Every panel as a picture, in three sizes and both themes, compared with the reviewed ones in `e2e/pictures/`.
 * After a change that is meant: `npx playwright test pictures --update-snapshots`, and look at what changed.
 */
import { expect, test } from './fixtures.ts';
import { Tour } from './pages/Tour.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

for (const viewport of SIZES) {
  test.describe(`${viewport.width} x ${viewport.height}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });

    test('every panel looks as it was reviewed', async ({ page }) => {
      test.setTimeout(180_000);
      const tour = new Tour(page, viewport.width < 760);
      for await (const { name, part } of tour.stops()) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await tour.still();
          await expect
            .soft(page.locator(part).first())
            .toHaveScreenshot([String(viewport.width), `${name}-${colorScheme}.png`], {
              // Letters are drawn a little differently by another Chromium.
              maxDiffPixelRatio: 0.03,
              // What depends on the address the page was served from.
              mask: [page.getByRole('dialog', { name: 'Share this machine' }).getByRole('textbox')],
            });
        }
      }
    });
  });
}
