import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures.ts';

/** The lessons as a person uses them. */
export class LessonsPage {
  readonly page: Page;
  readonly pane: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pane = page.getByRole('region', { name: 'Lessons', exact: true });
  }

  /** The page with a lesson open, its first machine set up. */
  async openByName(name: string): Promise<void> {
    await this.page.goto(`./?lesson=${name}`);
    await this.ready();
  }

  /** Opens the list by the button of the page. */
  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Lessons', exact: true }).click();
    await expect(this.pane).toBeVisible();
  }

  /** An entry of the list: "What a ring is". */
  entry(title: string): Locator {
    return this.pane.getByRole('listitem').filter({ hasText: title }).getByRole('button');
  }

  async backToList(): Promise<void> {
    await this.pane.getByRole('button', { name: 'All lessons' }).first().click();
  }

  get heading(): Locator {
    return this.pane.getByRole('heading', { level: 3 });
  }

  /** The section's machine stands. */
  async ready(): Promise<void> {
    await expect(this.button('Set the machine up again')).toBeEnabled({ timeout: 20_000 });
  }

  button(name: string): Locator {
    return this.pane.getByRole('button', { name, exact: true });
  }

  async next(): Promise<void> {
    await this.button('Next').click();
    await this.ready();
  }

  /** The predictions and tasks of the section, in order. */
  card(kind: 'predict' | 'task', index: number): Locator {
    return this.pane.locator(`section[data-kind="${kind}"]`).nth(index);
  }

  task(title: string): Locator {
    return this.pane.getByRole('region', { name: title, exact: true });
  }

  state(title: string): Locator {
    return this.pane.getByRole('status', { name: `Task ${title}` });
  }

  /** Types an answer, or chooses it. */
  async answer(card: Locator, answer: string): Promise<void> {
    const choice = card.getByRole('radio', { name: answer, exact: true });
    if ((await choice.count()) > 0) await choice.check();
    else await card.getByRole('textbox').fill(answer);
    await card.getByRole('button', { name: 'Check my answer' }).click();
  }

  /** Opens all hints, then has the task done. */
  async giveUp(card: Locator): Promise<void> {
    const hint = card.getByRole('button', { name: /hint$/ });
    while ((await hint.count()) > 0) await hint.click();
    await card.getByRole('button', { name: 'Do it for me' }).click();
  }

  async openFile(name: string, text: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button('Open a lesson file…').click();
    await (await chooser).setFiles({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) });
  }
}
