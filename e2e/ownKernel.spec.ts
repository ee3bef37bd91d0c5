/** Files of the user's own: bad ones are refused with a reason, and the machine that was there goes on. */
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

const built = readFileSync(new URL('../public/kernel/emergence.elf', import.meta.url));
const file = (buffer: Buffer) => ({ name: 'kernel.elf', mimeType: 'application/octet-stream', buffer });

/** A 32-bit ELF kernel of one segment that is loaded at 1.75 GiB: ELF header, program header, multiboot header. */
function outsideMemory(): Buffer {
  const bytes = Buffer.alloc(0x1020);
  bytes.write('\x7fELF\x01\x01\x01', 'latin1');
  bytes.writeUInt16LE(2, 16); // executable
  bytes.writeUInt16LE(3, 18); // 386
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(0x7000_0000, 24); // entry
  bytes.writeUInt32LE(52, 28); // program headers
  bytes.writeUInt16LE(52, 40);
  bytes.writeUInt16LE(32, 42);
  bytes.writeUInt16LE(1, 44);
  [1, 0x1000, 0x7000_0000, 0x7000_0000, 0x20, 0x20, 5, 0x1000].forEach((word, i) =>
    bytes.writeUInt32LE(word, 52 + 4 * i),
  );
  [0x1badb002, 0, -0x1badb002 | 0].forEach((word, i) => bytes.writeInt32LE(word, 0x1000 + 4 * i));
  return bytes;
}

const bad: readonly (readonly [string, Buffer])[] = [
  ['that is not ELF', Buffer.from('#!/bin/sh\necho this is no kernel\n')],
  ['that is cut off', built.subarray(0, 6000)],
  ['with segments outside memory', outsideMemory()],
];

for (const [what, buffer] of bad) {
  test(`a kernel file ${what} gets a message, and the page goes on`, async ({ page }) => {
    const playground = new PlaygroundPage(page);
    await playground.open();
    await expect(playground.ringBadge).toContainText('CPL 3');
    await playground.openKernel(file(buffer));
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^(Boot|Start|Open)/ });
    if (await confirm.isVisible({ timeout: 1000 }).catch(() => false)) await confirm.click();
    const message = page.getByRole('alert').filter({ hasText: /\w/ }).first();
    await expect(message).toBeVisible();
    expect((await message.innerText()).length).toBeGreaterThan(20);
    const close = page.getByRole('dialog').getByRole('button', { name: /^(Cancel|Close)/ });
    if (
      await close
        .first()
        .isVisible()
        .catch(() => false)
    )
      await close.first().click();
    await playground.toNextRingChange();
    await expect(playground.ringBadge).toContainText('CPL 0');
  });
}
