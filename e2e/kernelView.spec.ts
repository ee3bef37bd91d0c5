/** Rings and kernel: who is where, and the calls that were made, each a press away. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('the rings show who runs and where the last crossing went', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Rings');
  await expect(playground.region('Ring 3')).toContainText('runs now');
  await expect(playground.region('Ring 3')).toContainText('userprog, process 1');
  await playground.toNextRingChange();
  await expect(playground.region('Ring 0')).toContainText('runs now');
  await expect(playground.region('Ring 3')).toContainText('left at _start+0x1c');
  await playground
    .region('Last crossings')
    .getByRole('button', { name: /SYSRET/ })
    .click();
  await expect(playground.happening).toContainText('SYSRET');
  await expect(playground.ringBadge).toContainText('CPL 0');
});

test('the kernel’s calls have names, arguments and results, and lead back to their SYSCALL', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Kernel');
  await expect(playground.region('Processes').getByRole('row', { name: /1 userprog/ })).toContainText('running');
  await playground.run();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  const calls = playground.region('System calls');
  await expect(calls).toContainText('exit(0)');
  await calls.getByRole('button', { name: /write\(1, "RING3 OK\\n", 9\) = 9/ }).click();
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001cn);
  // On a narrow page the tabs that do not fit stand in a menu.
  await playground.button('More of System').click();
  await page.getByRole('menuitem', { name: 'Memory' }).click();
  await expect(playground.region('System').getByRole('tab', { name: 'Memory' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
});
