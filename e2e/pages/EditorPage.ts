import type { Locator, Page } from '@playwright/test';

/** The source panel as a person uses it. */
export class EditorPage {
  readonly page: Page;
  readonly panel: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole('region', { name: 'Source', exact: true });
  }

  /** The box the program is typed into. */
  get input(): Locator {
    return this.panel.getByRole('textbox', { name: /^Source of/ });
  }

  /** Waits until the editor stands with the program assembled. */
  async ready(): Promise<void> {
    await this.panel.locator('.monaco-editor').waitFor();
    await this.panel.getByText(/^assembled, \d+ bytes$/).waitFor();
  }

  /** Bytes and problems as written beside the tabs: "assembled, 52 bytes". */
  status(text: string | RegExp): Locator {
    return this.panel.getByText(text);
  }

  /** What is wrong first, under the editor. */
  get problem(): Locator {
    return this.panel.getByRole('status', { name: 'Problem' });
  }

  get squiggles(): Locator {
    return this.panel.locator('.squiggly-error');
  }

  /** One drawn line of the program, by a text in it. */
  line(text: string): Locator {
    return this.panel.locator('.view-line').filter({ hasText: text });
  }

  /** Puts the cursor behind a text in its line. */
  async clickBehind(text: string): Promise<void> {
    await this.line(text).click({ position: { x: 2, y: 8 } });
    await this.page.keyboard.press('End');
  }

  /** Looks for a text from the top and puts the cursor behind its line. */
  async find(text: string): Promise<void> {
    const { keyboard } = this.page;
    await this.input.focus();
    await keyboard.press('ControlOrMeta+Home');
    await keyboard.press('ControlOrMeta+F');
    await this.page.getByRole('textbox', { name: 'Find' }).fill(text);
    await keyboard.press('Escape');
    await keyboard.press('End');
  }

  /** Replaces the whole text. */
  async replaceAll(text: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
  }

  /** Replaces the whole text by pasting, as it is. The page must be allowed to use the clipboard. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((t) => navigator.clipboard.writeText(t), text);
    await this.input.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+V');
  }

  /** The program's text, spaces as they are drawn. */
  async text(): Promise<string> {
    const lines = this.panel.locator('.view-line');
    const drawn = await lines.evaluateAll((all) =>
      all
        .map((line) => ({ top: Number.parseInt((line as HTMLElement).style.top, 10), text: line.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replace(/\u00a0/g, ' ')),
    );
    return drawn.join('\n');
  }

  /** The gutter of a line: number, address, bytes. */
  gutter(line: number): Locator {
    return this.panel.locator('.line-numbers').filter({ has: this.page.locator(`.gutter-line:text-is("${line}")`) });
  }

  tab(name: string): Locator {
    return this.panel.getByRole('tab', { name, exact: true });
  }

  /** Says that the kernel is not the built one. */
  get changedKernel(): Locator {
    return this.panel.getByRole('note', { name: 'Changed kernel' });
  }

  async openKernelFile(name: string): Promise<void> {
    await this.panel.getByRole('button', { name: 'Kernel files' }).click();
    await this.page.getByRole('menuitem', { name }).click();
  }

  async newProgram(item: string | RegExp): Promise<void> {
    await this.panel.getByRole('button', { name: 'New program' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async programMenu(item: string | RegExp): Promise<void> {
    await this.panel.getByRole('button', { name: /^Program / }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}
