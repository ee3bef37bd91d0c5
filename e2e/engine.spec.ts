/** The engine panel: how much runs compiled, and why not more. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('the engine panel says how much is interpreted, and goes along while the machine runs', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  // Tabs that do not fit stand in a menu.
  await playground.button('More of System').click();
  await page.getByRole('menuitem', { name: 'Engine' }).click();
  const run = playground.region('Instructions run');
  await expect(run).toContainText('interpreted');
  await expect(playground.region('Compiled code')).toContainText('pieces now');
  const before = await run.innerText();
  await playground.run();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await expect(run).not.toHaveText(before);
});
