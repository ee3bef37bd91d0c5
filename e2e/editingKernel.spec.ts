/** Editing the kernel's own assembly: what is typed is assembled, linked and booted, and a mistake shows what it breaks. */
import { expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test.beforeEach(async ({ page }) => {
  test.slow();
  const editor = new EditorPage(page);
  await new PlaygroundPage(page).open();
  await editor.ready();
  await editor.tab('syscall_entry.S').click();
  await expect(editor.status('kernel, as built')).toBeVisible();
});

test('the saving of RCX is dropped, the kernel faults; undone, it works again', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.find('pushq %rcx');
  await page.keyboard.press('Home');
  await page.keyboard.type('# ');
  await expect(editor.changedKernel).toContainText('syscall_entry.S');
  // SYSRETQ takes what lies one quadword further on: CS for RIP, RSP for RFLAGS with TF among them.
  await expect(playground.terminalLog).toContainText('killed: #DB debug');
  for (let n = 0; n < 2; n++) await page.keyboard.press('ControlOrMeta+Z');
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await expect(playground.terminalLog).not.toContainText('killed');
  await expect(editor.changedKernel).toHaveCount(0);
});

test('a changed kernel survives a reload, and the built one is a press away', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.find('swapgs');
  await page.keyboard.press('Enter');
  // At once: half of it is an instruction.
  await page.keyboard.insertText('nopp');
  await expect(editor.problem).toContainText('there is no instruction nopp');
  await expect(editor.squiggles).toHaveCount(1);
  await expect(editor.changedKernel).toHaveCount(0);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Escape');
  await expect(editor.changedKernel).toBeVisible();
  await expect(playground.terminalLog).toContainText('RING3 OK');
  await page.waitForTimeout(500);
  await page.reload();
  await editor.ready();
  await expect(editor.changedKernel).toBeVisible();
  await editor.tab('syscall_entry.S').click();
  await expect.poll(() => editor.text()).toContain('nop');
  await playground.run();
  await expect(playground.terminalLog).toContainText('RING3 OK');
  await editor.changedKernel.getByRole('button', { name: 'Back to the built kernel' }).click();
  await expect(editor.changedKernel).toHaveCount(0);
  await expect.poll(() => editor.text()).not.toContain('nop');
  await page.keyboard.press('ControlOrMeta+Z');
});

test('breakpoints stop in assembly and in C of the kernel, by line, wherever the code lies', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.find('pushq %r11');
  await page.keyboard.press('F9');
  await playground.run();
  await expect(playground.stateText).toContainText('Breakpoint');
  const before = await playground.registerValue('RIP');
  await editor.find('swapgs');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nop');
  await page.keyboard.press('Escape');
  await expect.poll(() => playground.registerValue('RIP')).toBe(before + 1n);
  await expect(playground.stateText).toContainText('Breakpoint');
  await editor.openKernelFile('syscall.c');
  await expect(editor.status('kernel, read only')).toBeVisible();
  await editor.find('void syscall_dispatch(struct');
  await page.keyboard.press('F9');
  await playground.run();
  await expect(playground.stateText).toContainText('Breakpoint at syscall_dispatch');
});
