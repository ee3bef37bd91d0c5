/** Buttons, menus and tooltips by keyboard and pointer: their code is fetched when they are first wanted. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a menu opens at its first or last entry, closes with Escape, and gives the focus back', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  const button = page.getByRole('button', { name: /^Kernel Emergence/ });
  const menu = page.getByRole('menu', { name: 'Kernel' });
  await button.press('ArrowUp');
  await expect(menu.getByRole('menuitem', { name: 'Boot again' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await button.press('ArrowDown');
  await expect(menu.getByRole('menuitem', { name: /^Open kernel/ })).toBeFocused();
  await page.mouse.click(5, 500);
  await expect(menu).toBeHidden();
  await page.getByRole('button', { name: /^CPU/ }).press('Enter');
  await expect(page.getByRole('menuitemradio', { name: /Intel/ })).toBeChecked();
});

test('a tooltip comes with the keyboard and with the pointer, describes its button, and goes with Escape', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  const tip = page.getByRole('tooltip');
  const share = page.getByRole('button', { name: 'Share' });
  await share.hover();
  await expect(tip).toContainText('Copy a link');
  await expect(share).toHaveAccessibleDescription(/Copy a link/);
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  await page.getByRole('button', { name: 'Flaw lab' }).hover();
  await expect(tip).toContainText('two machines');
  await page.mouse.move(5, 500);
  await expect(tip).toBeHidden();
  const flag = playground.region('Registers').getByRole('toolbar', { name: 'RFLAGS bits' }).getByRole('button').first();
  await playground.region('Registers').getByRole('tab', { name: 'Registers' }).focus();
  await flag.focus();
  await page.keyboard.press('ArrowRight');
  await expect(tip).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(tip).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('tabs are chosen by arrows, and Tab leaves a toolbar', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  const registers = playground.region('Registers');
  await registers.getByRole('tab', { name: 'Registers' }).press('ArrowRight');
  await expect(registers.getByRole('tab', { name: 'Control' })).toBeFocused();
  await expect(registers.getByRole('toolbar', { name: 'CR0 bits', exact: true })).toBeVisible();
  await page.keyboard.press('End');
  await expect(registers.getByRole('tab', { name: 'x87' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Home');
  const bar = page.getByRole('toolbar', { name: 'Machine' });
  await bar.getByRole('button', { name: 'Step back' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(bar.getByRole('button', { name: 'Run', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(bar.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(bar.getByRole('button', { name: 'Run', exact: true })).toBeFocused();
});
