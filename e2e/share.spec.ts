/** Links and files: the whole run in an address, opened elsewhere in the same state, with its past. */
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { driverOf, expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/** A hang guard; on an idle machine a link opens in well under 1.5 s. */
const GUARD_MS = 15_000;

/** A program of a hundred lines that writes three times. */
function hundredLines(): string {
  const write = (n: number): string[] => [
    `    movq $SYS_write, %rax          # the ${['first', 'second', 'third'][n]} time`,
    '    movq $1, %rdi',
    `    leaq message${n}(%rip), %rsi`,
    `    movq $message${n}_end - message${n}, %rdx`,
    '    syscall',
  ];
  const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa'];
  const work = Array.from({ length: 70 }, (_, n) => {
    const register = ['%rbx', '%rbp', '%r12', '%r13', '%r14', '%r15'][n % 6];
    return `    ${['addq', 'xorq', 'subq'][n % 3]} $${(n * 37) % 101}, ${register}   # ${words[n % 10]} ${n}`;
  });
  return [
    '#include "syscall.h"',
    '    .text',
    '    .globl _start',
    '_start:',
    ...write(0),
    ...work.slice(0, 35),
    ...write(1),
    ...work.slice(35),
    ...write(2),
    '    movq $SYS_exit, %rax',
    '    xorl %edi, %edi',
    '    syscall',
    '    .section .rodata',
    ...[0, 1, 2].flatMap((n) => [`message${n}: .ascii "message ${n}\\n"`, `message${n}_end:`]),
    '',
  ].join('\n');
}

const hash = (page: Page): Promise<string | undefined> => page.evaluate(() => window.playground?.stateHash());

/** The link that the Share button makes, and what its dialog says. */
async function shareLink(playground: PlaygroundPage): Promise<{ url: string; said: string }> {
  await playground.share();
  const dialog = playground.page.getByRole('dialog', { name: 'Share this machine' });
  const url = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  const said = await dialog.getByRole('status').innerText();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return { url, said };
}

/** A browser that has never seen the page. */
async function elsewhere(browser: Browser, url: string): Promise<{ page: Page; playground: PlaygroundPage }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  return { page, playground: new PlaygroundPage(page) };
}

test('a link to an edited program at its third SYSCALL opens elsewhere in the same state', async ({
  page,
  browser,
}) => {
  test.setTimeout(90_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await playground.open();
  await editor.ready();
  await page.getByRole('checkbox', { name: 'Run after edit' }).uncheck();
  await editor.paste(hundredLines());
  // Every key changes the program that the machine runs; a link holds what it became.
  await page.keyboard.type('# written key by key, for every one of which the machine got another program');
  await expect(editor.status(/^assembled/)).toBeVisible();
  await expect(playground.ringBadge).toContainText('CPL 3');
  // The first SYSCALL is before us; SYSRET, SYSCALL, SYSRET, SYSCALL.
  for (let n = 0; n < 4; n++) {
    const count = await playground.instructions();
    await playground.toNextSyscall();
    await expect.poll(() => playground.instructions()).toBeGreaterThan(count);
  }
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.terminalLog).toContainText('message 1');
  await expect(playground.terminalLog).not.toContainText('message 2');
  const state = await hash(page);

  const { url, said } = await shareLink(playground);
  expect(said).toBe(`Link copied, ${url.length.toLocaleString('en')} characters`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  expect(url.length).toBeLessThan(1500);

  const other = await elsewhere(browser, url);
  await expect(other.playground.stateText).toContainText('Opened where it was shared');
  const took = await other.page.evaluate(() => performance.getEntriesByName('opened').at(-1)?.startTime ?? Number.NaN);
  console.log(`link: ${url.length} characters, opened ${Math.round(took)} ms after navigation`);
  expect(took).toBeLessThan(GUARD_MS);
  expect(await hash(other.page)).toBe(state);
  await expect(other.playground.terminalLog).toContainText('message 1');
  await expect(new EditorPage(other.page).line('# the third time')).toBeVisible();
  const count = await other.playground.instructions();
  await other.playground.stepBack();
  await expect.poll(() => other.playground.instructions()).toBe(count - 1);
  await other.playground.runBackTo('Previous SYSCALL');
  await expect(other.playground.terminalLog).not.toContainText('message 1');
  await other.page.context().close();
});

test('a link to a changed kernel shows its source elsewhere, to be changed further', async ({ page, browser }) => {
  test.setTimeout(180_000);
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await playground.open();
  await editor.ready();
  await editor.tab('syscall_entry.S').click();
  await editor.find('swapgs');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nop   # shared');
  await page.keyboard.press('Escape');
  await expect(editor.changedKernel).toBeVisible();
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await playground.runBackTo('Previous SYSCALL');
  await expect(playground.ringBadge).toContainText('CPL 3');
  const state = await hash(page);
  const { url } = await shareLink(playground);
  expect(url.length).toBeLessThan(1500);

  const other = await elsewhere(browser, url);
  const theirs = new EditorPage(other.page);
  await expect(other.playground.stateText).toContainText('Opened where it was shared');
  expect(await hash(other.page)).toBe(state);
  await expect(theirs.changedKernel).toContainText('syscall_entry.S');
  await theirs.tab('syscall_entry.S').click();
  await theirs.find('# shared');
  await expect(theirs.line('# shared')).toBeVisible();
  await other.page.keyboard.press('Enter');
  await other.page.keyboard.type('nop   # and changed');
  await other.page.keyboard.press('Escape');
  await expect(other.playground.terminalLog).toContainText('exited with code: 0');
  await expect.poll(() => hash(other.page)).not.toBe(state);
  const further = await shareLink(other.playground);
  expect(further.url).not.toBe(url);
  await theirs.changedKernel.getByRole('button', { name: 'Back to the built kernel' }).click();
  await expect(theirs.changedKernel).toHaveCount(0);
  await other.page.context().close();
});

test('a link with 10,000 typed characters opens to the same state', async ({ playground, browser }) => {
  test.setTimeout(120_000);
  await playground.load({ commandLine: 'init=echo' });
  const running = playground.run({ timeout: 60_000 });
  for (let n = 0; n < 500; n++) await playground.type(`line ${String(n).padStart(4, '0')} of typing\r`);
  await playground.waitForOutput('line 0499 of typing', 60_000);
  await playground.pause();
  await running;
  const { url, characters, hash: state } = await playground.share();
  const other = await elsewhere(browser, url);
  const driver = driverOf(other.page);
  const began = Date.now();
  await other.page.waitForFunction(() => window.playground !== undefined);
  await driver.ready();
  console.log(`10,000 typed: ${characters} characters, opened in ${Date.now() - began} ms`);
  expect(await driver.stateHash()).toBe(state);
  expect(await driver.output()).toBe(await playground.output());
  expect((await driver.output()).match(/of typing/g)?.length).toBeGreaterThanOrEqual(500);
  await other.page.context().close();
});

test('a link that stands behind a fault opens with its Why card', async ({ page, playground }) => {
  await playground.load({ commandLine: 'documented' });
  await playground.run();
  const { url } = await playground.share();
  await page.goto('about:blank');
  await page.goto(url);
  const shown = new PlaygroundPage(page);
  await expect(shown.stateText).toContainText('Opened where it was shared');
  const chain = shown.why.getByRole('list', { name: 'Exception chain' });
  await expect(chain.getByRole('button')).toHaveText([/^#PF/, /^#SS/, /^#DF/, /^#SS/]);
});

for (const [what, fragment] of [
  ['cut off', '1.ZZC9asNAEIRfJUw9xel'],
  ['of a newer version', '99.AAAA'],
  ['that is none', '<img src=x onerror=alert(1)>'],
] as const) {
  test(`a link ${what} gets a message, and the first screen stays`, async ({ page }) => {
    const playground = new PlaygroundPage(page);
    await playground.open(`#${fragment}`);
    await expect(playground.ringBadge).toContainText('CPL 3');
    await expect(playground.alert).toContainText('This link cannot be opened');
    expect(await playground.registerValue('RIP')).toBe(0x40001cn);
    await expect(page.locator('img')).toHaveCount(0);
    await playground.toNextRingChange();
    await expect(playground.ringBadge).toContainText('CPL 0');
  });
}

test('a link whose hash is another opens with a warning; one that never arrives is cancelled', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  const pack = (content: object): string => `1.${deflateRawSync(JSON.stringify(content)).toString('base64url')}`;
  await playground.open(`#${pack({ a: [1000, 0, 0, 0], h: '0123456789abcdef' })}`);
  await expect(playground.stateText).toContainText('Opened where it was shared');
  await expect(playground.alert).toContainText('another one on this version');
  expect(await playground.instructions()).toBe(1000);

  // A program that ends long before, and a place beyond it.
  await page.goto('about:blank');
  await playground.open(`#${pack({ c: 'init=shell', a: [2 ** 40, 2 ** 41, 0, 0] })}`);
  await page.getByRole('button', { name: 'Cancel' }).click({ timeout: 20_000 });
  await expect(playground.alert).toContainText('Opening was stopped');
  await expect(playground.ringBadge).toContainText('CPL 3');
  expect(await playground.registerValue('RIP')).toBe(0x40001cn);
});

test('a machine is saved to a file and opened from it, by menu and by drop', async ({ page, playground }) => {
  const shown = new PlaygroundPage(page);
  const kernel = readFileSync(new URL('../public/kernel/emergence.elf', import.meta.url));
  const module = readFileSync(new URL('../public/kernel/hello.elf', import.meta.url));
  // Not the built kernel any more, to the last byte.
  const own = new Uint8Array(kernel.length + 16);
  own.set(kernel);
  await playground.load({
    kernel: own,
    modules: [{ name: 'hello', bytes: new Uint8Array(module) }],
    stopAt: 'first-syscall',
  });
  await playground.step(10);
  const state = await playground.stateHash();
  const download = page.waitForEvent('download');
  await shown.kernelMenu(/^Save machine/);
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^machine-at-\d+\.emergence$/);
  const path = await saved.path();
  await page.reload();
  await playground.ready();
  const chooser = page.waitForEvent('filechooser');
  await shown.kernelMenu(/^Open machine/);
  await (await chooser).setFiles(path);
  await expect(shown.stateText).toContainText('Opened where it was shared');
  expect(await playground.stateHash()).toBe(state);
  await playground.stepBack();

  const bytes = [...readFileSync(path)];
  const drop = (content: readonly number[]): Promise<void> =>
    page.evaluate((list) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(list)], 'dropped.emergence'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true }));
    }, content);
  await drop(bytes);
  await expect.poll(() => playground.stateHash()).toBe(state);
  await drop(bytes.slice(0, 2000));
  await expect(shown.alert).toContainText('This file cannot be opened');
  expect(await playground.stateHash()).toBe(state);
});
