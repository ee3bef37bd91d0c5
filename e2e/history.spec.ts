/** Going back: over a crossing, out of a triple fault, to what printed a character, to another branch. */
import { expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a step back over SYSRET stands at CPL 0 again, and forward gives the same state', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.toNextRingChange();
  await playground.toNextRingChange();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const count = await playground.instructions();
  const rip = await playground.registerValue('RIP');
  const rsp = await playground.registerValue('RSP');
  await playground.stepBack();
  await expect(playground.ringBadge).toContainText('CPL 0');
  expect(await playground.instructions()).toBe(count - 1);
  await expect(playground.happening).toContainText('SYSRET');
  await playground.step();
  await expect(playground.ringBadge).toContainText('CPL 3');
  expect(await playground.registerValue('RIP')).toBe(rip);
  expect(await playground.registerValue('RSP')).toBe(rsp);
});

test('a triple fault is taken back, its cause repaired, and the program runs to its end', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  // With the kernel's code segment not present no exception of ring 3 can be delivered: #PF, #NP, #DF.
  const rip = await playground.registerValue('RIP');
  await playground.openTab('System', 'Descriptors');
  await playground.pressField('Fields of descriptor 08', 'P', 'Clear P to 0');
  await expect(playground.descriptor('08')).toContainText('not present');
  await playground.editRegister('RIP', '1000');
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x1000n);
  await playground.run();
  await expect(playground.stateText).toContainText('Triple fault');
  await playground.alert.getByRole('button', { name: 'Step back' }).click();
  await expect(playground.stateText).not.toContainText('Triple fault');
  await playground.pressField('Fields of descriptor 08', 'P', 'Set P to 1');
  await expect(playground.descriptor('08')).not.toContainText('not present');
  await playground.editRegister('RIP', rip.toString(16));
  await playground.run();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
});

test('a character of the output leads to the instruction that printed it', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.run();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  const end = await playground.instructions();
  await playground.clickOutput('RING3 OK');
  await expect.poll(() => playground.instructions()).toBeLessThan(end);
  await expect(playground.ringBadge).toContainText('CPL 0');
  await expect(playground.stateText).toContainText('output');
  await playground.runBackTo('Previous SYSCALL');
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001cn);
  await expect(playground.ringBadge).toContainText('CPL 3');
});

test('the editor shows the program of the place where the machine stands, and keeps what was typed', async ({
  page,
}) => {
  test.slow();
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await playground.open();
  await editor.ready();
  const newer = page.getByRole('status', { name: 'Newer text' });
  await editor.clickBehind('.ascii');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(' edited');
  await expect(playground.terminalLog).toContainText('RING3 OK edited');
  // Not assembled, and no part of the machine.
  await editor.clickBehind('_start:');
  await page.keyboard.type('unfinished');
  await expect(editor.status(/problem.*not run/)).toBeVisible();

  await playground.runBackTo('Undo the last change by hand');
  await expect(playground.stateText).toContainText('Undone: userprog edited');
  await expect.poll(() => editor.text()).not.toContain('edited');
  expect(await editor.text()).not.toContain('unfinished');
  await expect(newer).toContainText('What you typed later is kept');
  await expect(editor.gutter(9)).toContainText('400000');

  // The way on which it was edited: the text is there again, with what was not finished.
  await playground.goToBranch('main');
  await expect.poll(() => editor.text()).toContain('RING3 OK edited');
  expect(await editor.text()).toContain('_start:unfinished');
  await expect(newer).toBeHidden();
  await expect(editor.status(/problem.*not run/)).toBeVisible();

  await playground.runBackTo('Start of the history');
  // The view has followed the machine into the kernel.
  await editor.tab('userprog.S').click();
  await expect.poll(() => editor.text()).not.toContain('unfinished');
  await newer.getByRole('button', { name: 'Use the newer text' }).click();
  await expect.poll(() => editor.text()).toContain('_start:unfinished');
  await editor.clickBehind('_start:');
  for (let n = 0; n < 'unfinished'.length; n++) await page.keyboard.press('Backspace');
  await expect(playground.terminalLog).toContainText('RING3 OK edited');
});

test('a watched MSR, GDT entry and range of memory lead back to their changes; an instruction by its number', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const end = await playground.instructions();
  await playground.runBackTo('Go to a place…');
  const dialog = page.getByRole('dialog', { name: 'Go to a place' });
  const name = dialog.getByRole('textbox', { name: /^Register, MSR/ });
  for (const watched of ['IA32_LSTAR', 'GDT 28', '400000 + 16']) {
    await name.fill(watched);
    await page.keyboard.press('Enter');
  }
  await expect(dialog.getByRole('list', { name: 'Watched values' }).getByRole('listitem')).toHaveCount(3);
  await dialog.getByRole('button', { name: 'Previous change of any' }).click();
  await expect(playground.stateText).toContainText('Before the change of memory at 400000h');
  await playground.runBackTo('Previous change of what is watched');
  await expect(playground.stateText).toContainText(/Before the change of (IA32_LSTAR|GDT entry 28h)/);
  await playground.runBackTo('Go to a place…');
  await dialog.getByRole('button', { name: 'Previous change of GDT 28' }).click();
  await expect(playground.stateText).toContainText(/It is set by|Before/);
  await playground.runBackTo('Go to a place…');
  await dialog.getByRole('textbox', { name: /^Instruction/ }).fill(String(end - 100));
  await page.keyboard.press('Enter');
  await expect.poll(() => playground.instructions()).toBe(end - 100);

  // A value on the page says whether it is watched.
  await playground.register('RBX').getByRole('button').first().click();
  const edit = page.getByRole('dialog', { name: 'Edit RBX' });
  await edit.getByRole('button', { name: 'Watch', exact: true }).click();
  await expect(edit.getByRole('button', { name: 'Watch', exact: true })).toHaveAttribute('aria-pressed', 'true');
});

test('two branches are compared in events, output and state', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.run();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await playground.runBackTo('Previous SYSRET');
  await playground.editRegister('RBX', '1234');
  await playground.openBranches();
  const dialog = page.getByRole('dialog', { name: 'Branches' });
  await dialog.getByRole('button', { name: 'Compare with main' }).click();
  const comparison = dialog.getByRole('region', { name: /compared with main/ });
  await expect(comparison.getByRole('status')).toContainText('They differ in events from instruction');
  await expect(comparison).toContainText('RBX changed');
  await expect(comparison.getByRole('table', { name: /registers? differs?/ })).toContainText('1234');
  await expect(
    comparison
      .getByRole('table', { name: /of memory differ/ })
      .locator('mark')
      .first(),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the timeline is moved on by keyboard; its list leads to an event', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const count = await playground.instructions();
  await playground.timeline.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => playground.instructions()).toBe(count - 1);
  await page.keyboard.press('End');
  await expect.poll(() => playground.instructions()).toBe(count);
  await playground.button('List of events').click();
  await page
    .getByRole('option', { name: /^SYSRET/ })
    .first()
    .click();
  await expect.poll(() => playground.instructions()).toBeLessThan(count);
  await expect(playground.ringBadge).toContainText('CPL 0');
});
