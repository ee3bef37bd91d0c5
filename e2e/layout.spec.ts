/** Panels go where the person wants them and stay there; the keyboard reaches everything. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a panel is moved by the keyboard, stays there after a reload, and goes back', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  const registers = playground.region('Registers');
  const leftOf = async () => (await registers.boundingBox())?.x ?? 0;
  const middle = await leftOf();
  await playground.button('Place of Registers').press('Enter');
  await page.getByRole('menuitem', { name: 'Move to the right' }).press('Enter');
  await expect.poll(leftOf).toBeGreaterThan(middle + 100);
  await playground.button('Place of MSRs').press('Enter');
  await page.getByRole('menuitem', { name: 'Move to the left' }).press('Enter');
  const left = playground.region('System, left');
  await expect(left.getByRole('tab', { name: 'MSRs' })).toBeVisible();
  await page.reload();
  await expect.poll(leftOf).toBeGreaterThan(middle + 100);
  await expect(left.getByRole('group', { name: 'IA32_STAR' })).toBeVisible();
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.type('restore layout');
  await page.keyboard.press('Enter');
  await expect(left).toBeHidden();
  await expect.poll(leftOf).toBe(middle);
});

test('every panel is shown by its name from the palette', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.type('show kernel');
  await page.keyboard.press('Enter');
  const tab = playground.region('System').getByRole('tab', { name: 'Kernel', exact: true });
  await expect(tab).toHaveAttribute('aria-selected', 'true');
  await expect(tab).toBeFocused();
});

test('Tab comes to every control of the first screen and never gets stuck', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.control('Micro-step')).toBeEnabled();
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
  await expect(page.locator('.xterm-rows')).toBeAttached();
  /** Marks what has the focus; where Tab is typed, the hint of the page is followed: Escape first. */
  const visit = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return 'end';
      if (at.hasAttribute('data-visited')) return 'again';
      at.setAttribute('data-visited', '');
      return at.closest('.monaco-editor, .xterm') === null ? 'control' : 'typing';
    });
  let again = 0;
  for (let n = 0; n < 300 && again < 3; n++) {
    await page.keyboard.press('Tab');
    const where = await visit();
    if (where === 'typing') await page.keyboard.press('Escape');
    if (where === 'end' && n > 0) break;
    again = where === 'again' ? again + 1 : 0;
  }
  const left = await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, [tabindex="0"]');
    return [...controls]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.monaco-editor, .xterm'))
      .filter((one) => !(one as HTMLButtonElement).disabled && one.closest('[aria-hidden="true"], [inert]') === null)
      .filter((one) => {
        // Inside a toolbar or a list of tabs one goes on by the arrow keys.
        const group = one.closest('[role="toolbar"], [role="tablist"]');
        const reached = (at: Element) => at.matches('[data-visited]') || at.querySelector('[data-visited]') !== null;
        return !reached(one) && (group === null || !reached(group));
      })
      .map((one) => one.outerHTML.slice(0, 200));
  });
  expect(left).toEqual([]);
  expect(again, 'Tab stays where it is').toBeLessThan(3);
});
