import { expect, type Locator, type Page } from '@playwright/test';

export interface ReadMicroStep {
  readonly label: string;
  readonly state: string;
}

/** The playground as a person uses it: everything is found by its role and its accessible name. */
export class PlaygroundPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`./${query}`);
  }

  // ---- the machine's controls

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** A button of the transport bar. */
  control(name: string): Locator {
    return this.page.getByRole('toolbar', { name: 'Machine' }).getByRole('button', { name, exact: true });
  }

  async run(): Promise<void> {
    await this.control('Run').click();
  }

  async pause(): Promise<void> {
    await this.control('Pause').click();
  }

  async step(): Promise<void> {
    await this.control('Step').click();
  }

  async stepOver(): Promise<void> {
    await this.controlOrMenu('Over', 'Step over');
  }

  async microStep(): Promise<void> {
    await this.control('Micro-step').click();
  }

  async toNextRingChange(): Promise<void> {
    await this.control('Next ring').click();
  }

  async toNextSyscall(): Promise<void> {
    await this.controlOrMenu('Next SYSCALL', 'Run to the next SYSCALL');
  }

  async reset(): Promise<void> {
    await this.controlOrMenu('Reset', 'Reset');
  }

  async stepBack(): Promise<void> {
    await this.control('Step back').click();
  }

  async share(): Promise<void> {
    const menu = this.button('Menu');
    if (!(await menu.isVisible())) return this.button('Share').click();
    await menu.click();
    await this.page.getByRole('menuitem', { name: 'Share…', exact: true }).click();
  }

  /** An item of the menu behind the way back: "Previous SYSCALL". */
  async runBackTo(item: string): Promise<void> {
    await this.control('Run back to').click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  async openBranches(): Promise<void> {
    await this.page.getByRole('button', { name: /^Branches: / }).click();
  }

  /** Returns to the end of another branch. */
  async goToBranch(name: string): Promise<void> {
    await this.openBranches();
    await this.page.getByRole('button', { name: `Go to ${name}`, exact: true }).click();
  }

  /** The strip of the history. */
  get timeline(): Locator {
    return this.page.getByRole('slider', { name: 'Instruction' });
  }

  /** Gives a register another value, in hexadecimal. */
  async editRegister(name: string, value: string): Promise<void> {
    await this.register(name).getByRole('button').first().click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${name}` });
    await dialog.getByRole('textbox').fill(value);
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
  }

  /** Opens a field of a toolbar ("RFLAGS bits") and presses a button of its editor ("Set IF to 1"). */
  async pressField(toolbar: string, field: string, action: string): Promise<void> {
    const fields = this.page.getByRole('toolbar', { name: toolbar, exact: true });
    await fields.getByRole('button', { name: new RegExp(`^${field} `) }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  }

  /** Clicks the first character of a text in the terminal. */
  async clickOutput(text: string): Promise<void> {
    const row = this.page.locator('.xterm-rows > div').filter({ hasText: text }).first();
    const box = await row.boundingBox();
    if (box === null) throw new Error(`"${text}" is not on the screen`);
    await this.page.mouse.move(box.x + 3, box.y + box.height / 2);
    await this.page.mouse.click(box.x + 4, box.y + box.height / 2);
  }

  /** A button of the bar, or on a phone the item of the menu that stands for it. */
  private async controlOrMenu(control: string, item: string): Promise<void> {
    const menu = this.button('Menu');
    if (!(await menu.isVisible())) return this.control(control).click();
    await menu.click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  // ---- what it shows

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** The sentence the live region speaks. */
  get stateText(): Locator {
    return this.page.getByRole('status', { name: 'Machine state' });
  }

  get ringBadge(): Locator {
    return this.page.getByRole('status', { name: 'Privilege level' });
  }

  async cpl(): Promise<number> {
    const text = await this.ringBadge.innerText();
    return Number(/CPL (\d)/.exec(text)?.[1]);
  }

  async instructions(): Promise<number> {
    const text = await this.page.getByLabel('Instructions retired').innerText();
    return Number(text.replace(/\s/g, ''));
  }

  /** One register of the register file: "RCX", "RIP", "RFLAGS", "CS". */
  register(name: string): Locator {
    return this.region('Registers').getByRole('group', { name, exact: true });
  }

  /** Its value (of a segment register, the selector). */
  async registerValue(name: string): Promise<bigint> {
    return BigInt((await this.register(name).locator('data').first().getAttribute('value')) ?? 'nothing shown');
  }

  /** Whether it is marked as changed since the last stop. */
  async isChanged(name: string): Promise<boolean> {
    return (await this.register(name).locator('[data-changed]').count()) > 0;
  }

  /** Opens a tab, which may stand in the menu of those that do not fit. */
  async openTab(panel: string, tab: string): Promise<void> {
    const direct = this.region(panel).getByRole('tab', { name: tab, exact: true });
    const more = this.button(`More of ${panel}`);
    await direct.or(more).first().waitFor();
    if (await direct.isVisible()) return direct.click();
    await more.click();
    await this.page.getByRole('menuitem', { name: tab, exact: true }).click();
  }

  /** One MSR of the MSRs tab: "IA32_STAR". */
  msr(name: string): Locator {
    return this.region('System').getByRole('group', { name, exact: true });
  }

  async msrValue(name: string): Promise<bigint> {
    return BigInt((await this.msr(name).locator('data').first().getAttribute('value')) ?? 'nothing shown');
  }

  /** A field of an MSR, whose name carries its value: msrField('IA32_EFER', 'SCE'). */
  msrField(name: string, field: string): Locator {
    return this.msr(name).getByRole('button', { name: new RegExp(`^${field.replace(/[[\]:.]/g, '\\$&')} `) });
  }

  /** The row of the GDT with this selector: "08", "28". */
  descriptor(selector: string): Locator {
    return this.region('System')
      .getByRole('table', { name: 'GDT' })
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: selector, exact: true }) });
  }

  // ---- what is happening

  get happening(): Locator {
    return this.region('What is happening');
  }

  /** The micro-steps of the instruction at RIP, first to last. */
  async microSteps(): Promise<readonly ReadMicroStep[]> {
    const rows = this.happening.getByRole('list', { name: /^Micro-steps of/ }).getByRole('listitem');
    return rows.evaluateAll((items) =>
      items.map((item) => ({
        state: item.getAttribute('data-state') ?? '',
        label: item.querySelector('[data-label]')?.textContent ?? '',
      })),
    );
  }

  /** What the micro-step at large reads and writes, and the arrows between. */
  get drawing(): Locator {
    return this.happening.getByRole('group', { name: /^Drawing: / });
  }
  get arrows(): Locator {
    return this.drawing.locator('path[marker-end]');
  }

  /** Lines over the page, from the field of one panel to that of another. */
  get wires(): Locator {
    return this.page.locator('[data-wire]');
  }

  /** Micro-steps on until the step with this label has been made. */
  async microStepUntil(label: RegExp): Promise<void> {
    const made = this.happening
      .locator('[aria-current="step"][data-state="done"] [data-label]')
      .filter({ hasText: label });
    for (let n = 0; n < 40 && (await made.count()) === 0; n++) {
      const before = await this.stateText.innerText();
      await this.microStep();
      await expect(this.stateText).not.toHaveText(before);
    }
  }

  /** Boots the Emergence kernel with a command line. */
  async bootWith(commandLine: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Kernel (?!files)/ }).click();
    await this.page.getByRole('menuitem', { name: /^Boot options/ }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Boot options' });
    await dialog.getByRole('textbox', { name: 'Command line' }).fill(commandLine);
    await dialog.getByRole('button', { name: 'Boot', exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** The card that says why an exception was raised. */
  get why(): Locator {
    return this.happening.getByRole('article');
  }

  get alert(): Locator {
    return this.page.getByRole('main').getByRole('alert');
  }

  // ---- source and serial line

  /** All serial output since reset. */
  async terminalText(): Promise<string> {
    return this.page.getByRole('log', { name: 'Serial output' }).evaluate((log) => log.textContent ?? '');
  }

  get terminalLog(): Locator {
    return this.page.getByRole('log', { name: 'Serial output' });
  }

  async typeInTerminal(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Type to the serial line' }).focus();
    await this.page.keyboard.type(text);
  }

  /** Chooses from the menu of the kernel. */
  async kernelMenu(item: string | RegExp): Promise<void> {
    await this.page
      .getByRole('banner')
      .getByRole('button', { name: /^Kernel (?!files)/ })
      .click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Boots a file of this computer as the kernel. */
  async openKernel(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page
      .getByRole('banner')
      .getByRole('button', { name: /^Kernel (?!files)/ })
      .click();
    await this.page.getByRole('menuitem', { name: /^Open kernel/ }).click();
    await (await chooser).setFiles(file);
  }
}
