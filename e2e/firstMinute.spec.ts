/** What a newcomer does who follows only what the page says: CPL goes 3, 0, 3, and why. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('CPL is seen to go 3, 0, 3 in a handful of clicks', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.happening).toContainText(/Micro-step \(M\) goes through it/);
  await playground.microStepUntil(/^CPL ← 0/);
  await expect(playground.ringBadge).toContainText('CPL 0');
  await playground.microStepUntil(/^RSP stays/);
  await playground.toNextRingChange();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Rings');
  await expect(playground.region('System')).toContainText('Last crossings');
  await playground.stepBack();
  await expect(playground.happening).toContainText('SYSRETQ is next');
  await expect(playground.ringBadge).toContainText('CPL 0');
});
