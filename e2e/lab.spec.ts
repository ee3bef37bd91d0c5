import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** Each switch and what its Why card names, with the exception that is the first cause. */
const FLAWS: readonly (readonly [word: string, cause: string])[] = [
  ['upper-u=0', '#PF'],
  ['tss=unset', '#UD'],
  ['star=documented', '#GP'],
  ['gdt=documented', '#PF'],
  ['entry=documented', '#PF'],
  ['save-rcx=0', '#PF'],
  ['fmask=documented', '#DB'],
  ['canonical-check=0', '#GP'],
  ['documented', '#PF'],
];

/** The switch whose word stands last in its name. */
const flawSwitch = (page: Page, word: string) => page.getByRole('checkbox', { name: new RegExp(` ${word}$`) });

test('every flaw parts the two machines and leads to its Why card', async ({ page }) => {
  await page.goto('./?lab=upper-u=0');
  await expect(page.getByRole('heading', { name: 'Flaw lab' })).toBeFocused();
  let last = 'upper-u=0';
  for (const [word, cause] of FLAWS) {
    if (word !== last) {
      await flawSwitch(page, word).check({ force: true });
      await flawSwitch(page, last).uncheck({ force: true });
      last = word;
    }
    const right = page.getByRole('region', { name: 'Right machine', exact: true });
    await expect(right.getByRole('heading', { name: word, exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'To the fault' }).click();
    await expect(right.getByRole('article', { name: `Why ${cause}` })).toBeVisible();
  }
});

test('two machines step together, and a difference in state is shown', async ({ page }) => {
  await page.goto('./?lab=star=documented');
  await expect(page.getByRole('status').filter({ hasText: 'First difference' })).toContainText('SS 13h');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  const table = page.getByRole('region', { name: 'State that differs here' });
  await expect(table.getByRole('row', { name: /^CS 0023 001b$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(table.getByRole('row', { name: /^CS 0023 001b$/ })).toBeHidden();
  await page.getByRole('button', { name: 'Playground' }).click();
  await expect(page.getByRole('button', { name: 'Micro-step', exact: true })).toBeEnabled();
});

test('Intel and AMD differ where SYSRET meets an address that is not canonical', async ({ page }) => {
  await page.goto('./?lab=canonical-check=0');
  await page.getByRole('combobox', { name: 'Left machine' }).selectOption('the same flaws');
  await page.getByRole('combobox', { name: 'Right CPU' }).selectOption('AMD');
  await expect(page.getByRole('status').filter({ hasText: 'First difference' })).toContainText('SYSRETQ');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});
