/** A lesson on a phone: its own tab, with the steps under the thumb. */
import { expect, test } from './fixtures.ts';
import { LessonsPage } from './pages/LessonsPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a lesson in its tab', async ({ page }) => {
  const lessons = new LessonsPage(page);
  const playground = new PlaygroundPage(page);
  await playground.open();
  await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Lessons' }).click();
  await lessons.entry('What a ring is').click();
  await lessons.ready();
  await lessons.answer(lessons.card('predict', 0), '0');
  await expect(lessons.card('predict', 0)).toContainText('Right.');
  await playground.step();
  await expect(lessons.state('Cross from ring 3 to ring 0')).toContainText('Done.');
  await expect(playground.ringBadge).toContainText('CPL 0');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, 'nothing is wider than the screen').toBe(false);
});
