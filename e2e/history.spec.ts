/** Going back: over a crossing, out of a triple fault, to what printed a character, to another branch. */
import { expect, test } from './fixtures.ts';
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
