import type { Page } from '@playwright/test';
import { expect } from '../fixtures.ts';
import { LessonsPage } from './LessonsPage.ts';
import { PlaygroundPage } from './PlaygroundPage.ts';

/** A state of the page that is worth looking at. */
export interface Stop {
  readonly name: string;
  /** The part of the page that is new in it, as a CSS selector. */
  readonly part: string;
}

const region = (name: string) => `section[aria-label="${name}"]`;
const WHOLE = 'body';

const REGISTERS = ['Registers', 'Control', 'Vector', 'x87'] as const;
const SYSTEM = ['Descriptors', 'MSRs', 'Paging', 'Rings', 'Kernel', 'Stack', 'Memory', 'Code', 'Engine'] as const;
const ON_PHONE = {
  state: [...REGISTERS, 'MSRs', 'GDT'],
  memory: ['Memory', 'Paging', 'Stack', 'Rings', 'Kernel', 'Disassembly', 'Engine'],
} as const;

const DIALOGS = [
  ['boot', 'Boot options', 'Boot options'],
  ['help', 'Keys and signs', 'Keys and signs'],
  ['branches', 'Branches of the history', 'Branches'],
  ['share', 'Share this machine', 'Share this machine'],
] as const;

/** Leads through everything the page can show, in one page. At each stop it stands still until asked to go on. */
export class Tour {
  readonly page: Page;
  readonly playground: PlaygroundPage;
  private readonly phone: boolean;

  constructor(page: Page, phone: boolean) {
    this.page = page;
    this.phone = phone;
    this.playground = new PlaygroundPage(page);
  }

  async *stops(): AsyncGenerator<Stop> {
    await this.playground.open();
    await this.settled();
    yield { name: 'first-screen', part: WHOLE };
    yield* this.phone ? this.phonePanels() : this.panels();
    yield* this.dialogs();
    await this.show('State');
    await this.playground.microStepUntil(/^CS ←/);
    await expect(this.playground.stateText).toContainText('step 7 of 10');
    yield { name: 'mid-syscall', part: region('What is happening') };
    await this.command('Boot options');
    const boot = this.page.getByRole('dialog', { name: 'Boot options' });
    await boot.getByRole('textbox', { name: 'Command line' }).fill('documented');
    await boot.getByRole('button', { name: 'Boot', exact: true }).click();
    await expect(this.playground.why).toContainText('#PF');
    yield { name: 'why', part: this.phone ? region('What is happening') : 'main' };
    yield* this.lessons();
    await this.page.goto('./?lab=documented');
    await this.page.getByRole('button', { name: 'To the fault' }).click();
    const right = this.page.getByRole('region', { name: 'Right machine', exact: true });
    await expect(right.getByRole('article', { name: 'Why #PF' })).toBeVisible();
    // How far the lists have scrolled to what is next depends on what was drawn first.
    await this.page.evaluate(() => {
      for (const element of document.querySelectorAll('*')) element.scrollTop = 0;
    });
    yield { name: 'lab', part: WHOLE };
  }

  /** Nothing under the pointer or in focus, all letters there. */
  async still(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.evaluate(async () => {
      const { activeElement, fonts } = document;
      if (activeElement instanceof HTMLElement && activeElement.closest('[role="dialog"]') === null) {
        activeElement.blur();
      }
      await fonts.ready;
    });
  }

  private async settled(): Promise<void> {
    await expect(this.playground.control('Micro-step')).toBeEnabled();
    if (this.phone) return;
    await expect(this.page.locator('.monaco-editor .view-line').first()).toBeVisible();
    await expect(this.page.locator('.xterm-rows')).toBeAttached();
  }

  private async *panels(): AsyncGenerator<Stop> {
    for (const title of REGISTERS) {
      await this.playground.openTab('Registers', title);
      yield { name: `registers-${title.toLowerCase()}`, part: region('Registers') };
    }
    await this.playground.openTab('Registers', 'Registers');
    for (const title of SYSTEM) {
      await this.playground.openTab('System', title);
      yield { name: `system-${title.toLowerCase()}`, part: region('System') };
    }
  }

  private async *phonePanels(): AsyncGenerator<Stop> {
    for (const title of ON_PHONE.state) {
      await this.playground.openTab('Registers', title);
      yield { name: `registers-${title.toLowerCase()}`, part: region('Registers') };
    }
    await this.show('Memory');
    for (const title of ON_PHONE.memory) {
      await this.playground.openTab('Memory and code', title);
      yield { name: `system-${title.toLowerCase()}`, part: region('Memory and code') };
    }
    for (const tab of ['Code', 'Output']) {
      await this.show(tab);
      yield { name: tab.toLowerCase(), part: WHOLE };
    }
  }

  private async *dialogs(): AsyncGenerator<Stop> {
    await this.page.keyboard.press('F1');
    await expect(this.page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    yield { name: 'dialog-commands', part: '[role="dialog"]' };
    await this.page.keyboard.press('Escape');
    for (const [name, command, title] of DIALOGS) {
      await this.command(command);
      const dialog = this.page.getByRole('dialog', { name: title });
      await expect(dialog).toBeVisible();
      if (name === 'share') await expect(dialog.getByRole('textbox')).toBeVisible();
      yield { name: `dialog-${name}`, part: '[role="dialog"]' };
      await this.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
  }

  private async *lessons(): AsyncGenerator<Stop> {
    await this.command('Open the lessons');
    const lessons = new LessonsPage(this.page);
    await expect(lessons.entry('What a ring is')).toBeVisible();
    yield { name: 'lessons', part: region('Lessons') };
    await lessons.entry('What a ring is').click();
    await lessons.ready();
    yield { name: 'lesson', part: region('Lessons') };
  }

  /** Runs a command of the palette by a part of its name. */
  private async command(name: string): Promise<void> {
    const palette = this.page.getByRole('dialog', { name: 'Commands' });
    await this.page.keyboard.press('F1');
    await palette.getByRole('searchbox').fill(name);
    await palette.getByRole('menuitem').first().click();
    await expect(palette).toBeHidden();
  }

  /** On a phone, the panel of this name. */
  private async show(panel: string): Promise<void> {
    if (this.phone)
      await this.page.getByRole('navigation', { name: 'Panels' }).getByText(panel, { exact: true }).click();
  }
}
