/** Editing a user program: what is typed runs at once, and what cannot be assembled leaves the machine alone. */
import { expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test.beforeEach(async ({ page }) => {
  await new PlaygroundPage(page).open();
  await new EditorPage(page).ready();
});

test('a wrong mnemonic is underlined and changes nothing; mended, the new program runs', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  const before = await playground.terminalText();
  const count = await playground.instructions();
  await editor.clickBehind('movq $1, %rdi');
  await page.keyboard.press('Home');
  await page.keyboard.type('x');
  await expect(editor.squiggles).toHaveCount(1);
  await expect(editor.problem).toContainText('there is no instruction xmovq');
  await expect(editor.status('1 problem, not run')).toBeVisible();
  expect(await playground.terminalText()).toBe(before);
  expect(await playground.instructions()).toBe(count);
  expect(await playground.registerValue('RIP')).toBe(0x40001cn);

  await page.keyboard.press('Backspace');
  await expect(editor.squiggles).toHaveCount(0);
  await editor.clickBehind('.ascii');
  await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(' and edited');
  await expect(playground.terminalLog).toContainText('RING3 OK and edited');
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await expect(editor.problem).toBeEmpty();
  await expect(editor.tab('userprog.S')).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('ControlOrMeta+Z');
  await expect(playground.terminalLog).not.toContainText('and edited');
  await expect(playground.terminalLog).toContainText('RING3 OK');
});

test('a breakpoint by line is hit, also after lines were put in above it', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await expect(editor.gutter(15)).toContainText('40001e');
  await editor.gutter(15).click();
  await playground.run();
  await expect(playground.stateText).toContainText('Breakpoint');
  expect(await playground.registerValue('RIP')).toBe(0x40001en);
  await editor.clickBehind('_start:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nop');
  await page.keyboard.press('Escape');
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001fn);
  await expect(playground.stateText).toContainText('Breakpoint');
  await expect(playground.terminalLog).toContainText('RING3 OK');
  await expect(editor.gutter(16).locator('[data-set]')).toHaveCount(1);
  await page.keyboard.press('F9');
});

test('what was typed is there after a reload, runs, and can be undone', async ({ page }) => {
  test.slow();
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.newProgram(/^Count/);
  await expect(playground.terminalLog).toContainText('T minus 1');
  await editor.clickBehind('movl $5, %ebx');
  await page.keyboard.press('Backspace');
  await expect(editor.problem).toBeVisible();
  await page.keyboard.type('x # three');
  await page.waitForTimeout(500);
  await page.reload();
  await editor.ready();
  await expect(editor.tab('count.S')).toHaveAttribute('aria-selected', 'true');
  expect(await editor.text()).toContain('movl $5, %ebx # three');
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.run();
  await expect(playground.terminalLog).toContainText('T minus 1');
  await editor.input.focus();
  await page.keyboard.press('ControlOrMeta+Z');
  await expect.poll(() => editor.text()).not.toContain('# three');
  await page.keyboard.press('ControlOrMeta+Shift+Z');
  await expect.poll(() => editor.text()).toContain('# three');
});

test('programs are named, renamed, deleted and brought back', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.newProgram('Empty program');
  await expect(playground.terminalLog).toContainText('pid 1 program');
  await editor.programMenu('Rename…');
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await name.fill('userprog');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Rename' })).toBeDisabled();
  await name.fill('mine');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(editor.tab('mine.S')).toHaveAttribute('aria-selected', 'true');
  await editor.programMenu('Delete');
  await expect(editor.tab('mine.S')).toHaveCount(0);
  await editor.panel.getByRole('button', { name: 'Undo delete' }).click();
  await expect(editor.tab('mine.S')).toHaveAttribute('aria-selected', 'true');
});

test('the keyboard leaves the editor, as the page says', async ({ page }) => {
  const editor = new EditorPage(page);
  await expect(editor.panel).toContainText('Esc then Tab leaves the editor');
  await editor.input.focus();
  await page.keyboard.press('Escape');
  await expect(editor.panel).toContainText('Tab now leaves the editor');
  await page.keyboard.press('Tab');
  await expect(editor.input).not.toBeFocused();
});

test('completion and hover know instructions, registers and system calls', async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.clickBehind('movq $SYS_write');
  await page.keyboard.press('Enter');
  await page.keyboard.type('sysc');
  await expect(page.getByRole('option', { name: /^syscall/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await editor.line('movq $SYS_exit').getByText('%rax').hover();
  await expect(page.getByText(/RAX.*now/)).toBeVisible();
});

test('a program that never ends is edited while it runs', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.clickBehind('_start:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('jmp .', { delay: 20 });
  await expect(playground.control('Pause')).toBeVisible();
  await expect(editor.tab('userprog.S')).toHaveAttribute('aria-selected', 'true');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Backspace');
  await expect(playground.terminalLog).toContainText('RING3 OK');
  await expect(playground.control('Run')).toBeVisible();
});

test('without "Run after edit" a change stops at the first SYSCALL again', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await editor.panel.getByRole('checkbox', { name: 'Run after edit' }).uncheck();
  await editor.clickBehind('_start:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nop');
  await page.keyboard.press('Escape');
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001dn);
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.terminalLog).not.toContainText('RING3 OK');
});

test('a label leads to where it is defined', async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.line('leaq message').getByText('message').first().click();
  await page.keyboard.press('F12');
  await page.keyboard.press('End');
  await page.keyboard.type(' # here');
  await expect(editor.line('message: # here')).toBeVisible();
});

test('the program is laid out on demand, as one edit that can be undone', async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.clickBehind('_start:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nop     # nothing');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+I');
  // hasText folds blanks, which are what matters here.
  await expect.poll(() => editor.text()).toContain(`    nop${' '.repeat(29)}# nothing`);
  await page.keyboard.press('ControlOrMeta+Z');
  await expect.poll(() => editor.text()).toContain('\nnop     # nothing');
});
