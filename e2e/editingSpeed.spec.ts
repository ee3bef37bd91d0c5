/** How long the page takes from a key to the squiggle and to the new text in the terminal. The figures are printed. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/** A recording takes a snapshot of the whole page after every key, in the time that is measured. */
test.use({ trace: 'off' });

const EDITS = 50;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Hang guards; on an idle machine the figures are below 100 and 150 ms. */
const GUARD_MS = 2000;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A program of a hundred lines whose last line is the text it prints. */
function program(): string {
  const filler = Array.from({ length: 80 }, (_, n) => `    addq $${n}, %rbx`).join('\n');
  return `#include "syscall.h"
    .text
    .globl _start
_start:
${filler}
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq message(%rip), %rsi
    movq $message_end - message, %rdx
    syscall
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall
    .section .rodata
message: .ascii "edit 0\\n"
message_end:
`;
}

/**
 * From a key press to the frame in which what it leads to is seen: a squiggle, or a text in the terminal. Measured in the
 * page, so that the test's own round trips do not count.
 */
async function timed(page: Page, key: string, wanted: 'squiggle' | { readonly text: string }): Promise<number> {
  const clock = await page.evaluateHandle((what) => {
    const seen = (): boolean =>
      what === 'squiggle'
        ? document.querySelector('.squiggly-error') !== null
        : (document.querySelector('[role=log]')?.textContent ?? '').includes(what.text);
    const measured = new Promise<number>((resolve) => {
      const begin = (): void => {
        const from = performance.now();
        const look = (): unknown => (seen() ? resolve(performance.now() - from) : requestAnimationFrame(look));
        look();
      };
      addEventListener('keydown', begin, { once: true, capture: true });
    });
    return { measured };
  }, wanted);
  await page.keyboard.press(key);
  return clock.evaluate(({ measured }) => measured);
}

test('keys to squiggles and to output', async ({ page }) => {
  test.setTimeout(120_000);
  const [playground, editor] = [new PlaygroundPage(page), new EditorPage(page)];
  await playground.open();
  await editor.ready();
  await editor.replaceAll(program());
  await expect(playground.terminalLog).toContainText('edit 0');
  // The last line is empty, above it stands message_end, above that the text.
  await page.keyboard.press('ControlOrMeta+End');
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowUp');
  const squiggles: number[] = [];
  const outputs: number[] = [];
  for (let n = 0; n < EDITS; n++) {
    await page.keyboard.press('End');
    squiggles.push(await timed(page, 'x', 'squiggle'));
    await page.keyboard.press('Backspace');
    await expect(editor.squiggles).toHaveCount(0);
    await page.keyboard.press('End');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    const text = `edit 0${LETTERS.slice(0, n + 1)}`;
    outputs.push(await timed(page, LETTERS.charAt(n), { text }));
  }
  console.log(
    `editing, medians of ${EDITS}: key to squiggle ${median(squiggles).toFixed(0)} ms, ` +
      `key to output ${median(outputs).toFixed(0)} ms (debounce included)`,
  );
  expect(median(squiggles)).toBeLessThan(GUARD_MS);
  expect(median(outputs)).toBeLessThan(GUARD_MS);
});
