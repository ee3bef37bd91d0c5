/** Links and files: the whole run in an address, opened elsewhere in the same state, with its past. */
import type { Browser, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
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
  await expect(new EditorPage(other.page).line('# gamma 2').first()).toBeVisible();
  const count = await other.playground.instructions();
  await other.playground.stepBack();
  await expect.poll(() => other.playground.instructions()).toBe(count - 1);
  await other.playground.runBackTo('Previous SYSCALL');
  await expect(other.playground.terminalLog).not.toContainText('message 1');
  await other.page.context().close();
});
