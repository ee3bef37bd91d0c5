/** Editing on a phone: a text area instead of Monaco, the same squiggle message, the same new output. */
import { expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

test('a program is edited in a text area, and a breakpoint set by touch', async ({ page }) => {
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await playground.open();
  await page.getByRole('navigation').getByText('Code').click();
  await expect(editor.status(/\d+ bytes$/)).toBeVisible();
  await editor.panel.getByRole('button', { name: 'Edit' }).click();
  const text = await editor.input.inputValue();
  await editor.input.fill(text.replace('movq $1, %rdi', 'mvoq $1, %rdi'));
  await expect(editor.problem).toContainText('there is no instruction mvoq');
  await editor.input.fill(text.replaceAll('RING3 OK', 'by thumb'));
  await expect(editor.problem).toBeEmpty();
  await page.getByRole('navigation').getByText('Output').click();
  await expect(playground.terminalLog).toContainText('by thumb');
  await page.getByRole('navigation').getByText('Code').click();
  const dot = editor.panel.getByRole('button', { name: 'Breakpoint on line 15', exact: true });
  await dot.click();
  await expect(dot).toHaveAttribute('aria-pressed', 'true');
});
