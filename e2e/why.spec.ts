/** Why cards: the cause found, gone back to, repaired. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('the document’s kernel: a triple fault told from its first cause, repaired by one press', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.bootWith('documented');
  await expect(playground.alert).toContainText('Triple fault: #PF, then #SS, then #DF, then #SS');
  const chain = playground.why.getByRole('list', { name: 'Exception chain' });
  await expect(chain.getByRole('button')).toHaveCount(4);
  await expect(playground.why.getByRole('list', { name: 'Checks in order' }).getByRole('listitem')).toHaveText([
    /PML4E\[0\] is present/,
    /PDPTE\[0\] is present/,
    /PDE\[2\] is present/,
    /PTE\[0\] is present/,
    /CPL 3: U\/S = 1 at every level/,
  ]);
  await expect(playground.why.getByRole('list', { name: 'Where this comes from' })).toContainText('U/S of PML4E[0]');
  await chain
    .getByRole('button', { name: /^#SS error 1/ })
    .first()
    .click();
  await expect(playground.why).toContainText('are canonical');
  await playground.button('Set U/S in PML4E[0] and PDPTE[0]').click();
  await expect(playground.stateText).toContainText('Repaired');
  await playground.step();
  await expect(playground.happening).toContainText('_start+0x7');
  await expect(playground.ringBadge).toContainText('CPL 3');
});

test('a program that was killed: from its end back to before the refused instruction', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.button('New program').click();
  await page.getByRole('menuitem', { name: /^Privileged/ }).click();
  await expect(playground.why).toContainText('CPL is at most IOPL for CLI');
  await expect(playground.happening).toContainText('Reset begins again');
  await playground.button('Back to before it').click();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.happening).toContainText('cli');
});

test('a delayed cause points back: SS of the failing IRETQ was loaded by a SYSRETQ', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.bootWith('star=documented gdt=documented');
  // Where the program loops for ever: the timer interrupts it there, and the kernel returns by IRETQ.
  await playground.editRegister('RIP', '400029');
  await playground.run();
  await expect(playground.why).toContainText('#GP');
  await playground.button('Where does this come from?').click();
  const origins = playground.why.getByRole('list', { name: 'Where this comes from' });
  await expect(origins).toContainText(/SS = 13h was set [\d\u2009]+ instructions? ago by sysretq/);
  await origins.getByRole('button', { name: 'Go there' }).first().click();
  await expect(playground.happening).toContainText('SYSRETQ is next');
});
