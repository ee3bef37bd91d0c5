/** State is changed where it is shown, by keyboard too, and a refused delivery is told to its end. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a field of the TSS is changed; the exception that cannot be delivered for it is told and repaired', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Descriptors');
  const system = playground.region('System');
  await expect(system).toContainText('LDTR is null: there is no LDT');
  await expect(system).toContainText('no I/O permission bitmap');
  await system.getByRole('button', { name: /edit TSS RSP0/ }).click();
  const editor = page.getByRole('dialog', { name: 'Edit TSS RSP0' });
  await editor.getByRole('textbox').fill('123456789abcdef0');
  await editor.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(system.getByRole('table', { name: 'TSS' })).toContainText('123456789abcdef0');
  await playground.editRegister('RIP', '1000');
  await playground.step();
  const chain = playground.why.getByRole('list', { name: 'Exception chain' });
  await expect(chain.getByRole('button')).toHaveCount(3);
  await chain.getByRole('button', { name: /^#SS/ }).click();
  await expect(playground.why.getByRole('table', { name: 'the TSS' })).toContainText('RSP0');
  await expect(playground.why).toContainText('#PF was on its way to its handler');
  const checks = playground.why.getByRole('list', { name: 'Checks in order' }).getByRole('listitem');
  await expect(checks.last()).toContainText('the addresses that are pushed to are canonical');
  await expect(checks).toHaveCount(10);
  await playground.button('Make RSP0 canonical: 56789ABCDEF0h').click();
  await expect(playground.stateText).toContainText('Repaired');
  await expect(system.getByRole('table', { name: 'TSS' })).toContainText('000056789abcdef0');
});

test('memory by keyboard: arrows, two digits, and who set it', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Memory');
  const system = playground.region('System');
  const address = system.getByRole('textbox', { name: 'Address' });
  await address.fill('rsp+8');
  const grid = system.getByRole('grid', { name: 'Memory' });
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveText(/^f0/);
  // Tab goes over what to follow and the byte itself to the grid.
  await grid.getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('4');
  await expect(grid.getByRole('button')).toContainText('4_');
  await page.keyboard.type('142');
  await expect(grid).toContainText('AB');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveText(/^41/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Who set this?' }).click();
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveText(/^00/);
});

test('the hidden part of a segment register is shown by field and changed', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.button('CS, hidden part').click();
  await playground.pressField('CS attributes', 'L', 'Clear L to 0');
  await expect(playground.region('Registers').getByRole('group', { name: 'CS', exact: true })).toContainText('D=0');
  await playground.openTab('Registers', 'Control');
  await playground.pressField('DR7 bits', 'G0', 'Set G0 to 1');
  await expect(playground.stateText).toContainText('Changed by hand');
});
