import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('every command is found by a part of its name and run by the keyboard alone', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  await page.keyboard.press('F1');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette).toBeVisible();
  await page.keyboard.type('syscall next');
  await expect(palette.getByRole('menuitem')).toHaveText([/To next SYSCALL or SYSRET/]);
  const before = await playground.instructions();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect.poll(() => playground.instructions()).toBeGreaterThan(before);
  await page.keyboard.press('F1');
  await expect(palette).toBeVisible();
  await page.keyboard.type('no such thing');
  await expect(palette).toContainText('Nothing has a name like this.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});
