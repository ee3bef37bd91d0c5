import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('XMM registers are read and set in lanes of the person’s choice, which is remembered', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await page.getByRole('tab', { name: 'Vector', exact: true }).click();
  const as = (lanes: string) => page.getByRole('radio', { name: lanes, exact: true });
  const xmm0 = page.getByRole('group', { name: 'XMM0', exact: true });
  await as('doubles').click();
  await xmm0.getByRole('button', { name: 'edit XMM0 double 0' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit XMM0 double 0' });
  await dialog.getByRole('textbox', { name: 'New value of XMM0 double 0, decimal, inf or nan' }).fill('-2.5');
  await dialog.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(xmm0).toContainText('−2.5');
  await as('words').click();
  await expect(xmm0.getByRole('button', { name: 'edit XMM0 word 3' })).toContainText('c004');

  await page.reload();
  await page.getByRole('tab', { name: 'Vector', exact: true }).click();
  await expect(as('words')).toBeChecked();
});

test('x87 registers show what they mean and are changed by hand', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await page.getByRole('tab', { name: 'x87', exact: true }).click();
  const st0 = page.getByRole('group', { name: 'ST0', exact: true });
  await expect(st0).toContainText('empty');
  await playground.editRegister('ST0', '4000c90fdaa22168c235');
  await expect(st0).toContainText('valid');
  await expect(st0).toContainText('≈3.14159265358979323851');
  await playground.editRegister('ST0', '7fff8000000000000005');
  await expect(st0).toContainText('signaling NaN payload 5');
  await playground.pressField('FCW bits', 'ZM', 'Clear ZM to 0');
  await expect(page.getByRole('group', { name: 'FCW', exact: true })).toContainText('037b');
});
