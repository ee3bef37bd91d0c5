/** The crossing micro-step by micro-step: drawn, gone back over, spoken; interrupts and page walks alike. */
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/** What a screen reader says while one SYSCALL is micro-stepped. */
const SPOKEN = [
  'SYSCALL, step 1 of 10. IA32_EFER.SCE = 1. This holds, found 1.',
  'SYSCALL, step 2 of 10. CS.L = 1 and IA32_EFER.LMA = 1: 64-bit mode. This holds, found 64-bit code.',
  'SYSCALL, step 3 of 10. RCX becomes address of the next instruction. It is 40001Eh now.',
  'SYSCALL, step 4 of 10. R11 becomes RFLAGS, RF cleared. It is 202h now.',
  'SYSCALL, step 5 of 10. RIP becomes IA32_LSTAR. It is FFFFFFFF80100340h now.',
  'SYSCALL, step 6 of 10. RFLAGS becomes RFLAGS and not IA32_FMASK. It is 2h now.',
  'SYSCALL, step 7 of 10. CS becomes STAR bits 47 to 32 with RPL 0. Hidden part fixed: base 0, limit 4 GiB, DPL 0, L = 1. It is 8h now.',
  'SYSCALL, step 8 of 10. SS becomes STAR bits 47 to 32 + 8. Hidden part fixed: base 0, limit 4 GiB, DPL 0, writable. It is 10h now.',
  'SYSCALL, step 9 of 10. CPL becomes 0. It is 0 now.',
  "SYSCALL, step 10 of 10. RSP stays: still the user's stack. It is 7FFFFFFFEFD0h, unchanged. SYSCALL does not switch stacks; the kernel has to.",
];

test('one SYSCALL reads as sentences, and its fields are joined by arrows', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  for (const [index, sentence] of SPOKEN.entries()) {
    await playground.microStep();
    await expect(playground.stateText).toHaveText(sentence);
    if (index === 5)
      await expect(playground.happening.getByRole('button', { name: 'IF cleared, was 1' })).toBeVisible();
    if (index === 6) await expect(playground.drawing).toHaveAccessibleName(/IA32_STAR\[47:32\] → cs/);
    if (index === 6) await expect(playground.arrows).toHaveCount(1);
  }
});

test('presses that come while the machine is busy are steps too', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const spoken = (n: number): Promise<void> => expect(playground.stateText).toContainText(`step ${n} of 10.`);
  // In one task of the page: no answer can come between them.
  const press = (name: string, times: number): Promise<void> =>
    playground.button(name).evaluate((button, times) => {
      for (let n = 0; n < times; n++) (button as HTMLElement).click();
    }, times);
  await press('Micro-step', 7);
  await spoken(7);
  await press('Micro-step back', 4);
  await spoken(3);
});

test('fields in the panels are lit and joined, wherever both are in sight', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.wires).toHaveCount(0);
  await playground.microStepUntil(/^CS ←/);
  const cs = playground.register('CS');
  await expect(cs).toHaveAttribute('data-lit', 'target');
  await expect(playground.msr('IA32_STAR').getByRole('button', { name: /47:32/ })).toHaveAttribute(
    'data-lit',
    'source',
  );
  await expect(playground.wires).toHaveCount(1);
  await expect.poll(() => endsAt(playground.wires, cs)).toBe(true);

  // The line goes with what it joins.
  await page.setViewportSize({ width: 1500, height: 960 });
  await expect.poll(() => endsAt(playground.wires, cs)).toBe(true);
  await playground.openTab('System', 'Paging');
  await expect(playground.wires).toHaveCount(0);
  await playground.openTab('System', 'MSRs');
  await expect(playground.wires).toHaveCount(1);

  await playground.button('Micro-step back').click();
  await expect(cs).not.toHaveAttribute('data-lit');
  await expect(page.locator('[data-wire="IA32_FMASK rflags"]')).toHaveCount(1);
  await playground.toNextRingChange();
  await expect(playground.wires).toHaveCount(0);
});

/** Whether the one wire on the page ends at a side of this element. */
async function endsAt(wire: Locator, element: Locator): Promise<boolean> {
  const box = await element.boundingBox();
  const end = await wire
    .locator('path')
    .nth(1)
    .evaluate((path) => {
      const line = path as SVGPathElement;
      const { x, y } = line.getPointAtLength(line.getTotalLength());
      return { x, y };
    });
  if (box === null) return false;
  const atSide = Math.min(Math.abs(end.x - box.x), Math.abs(end.x - box.x - box.width)) < 2;
  return atSide && Math.abs(end.y - box.y - box.height / 2) < 2;
}

test('micro-steps are taken back one by one, to where the instruction began', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.microStepUntil(/^CPL ← 0/);
  await expect(playground.ringBadge).toContainText('CPL 0');
  await playground.button('Micro-step back').click();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await expect(playground.stateText).toContainText('step 8 of 10');
  for (let step = 7; step > 0; step--) {
    await playground.button('Micro-step back').click();
    await expect(playground.stateText).toContainText(`step ${step} of 10`);
  }
  await playground.button('Micro-step back').click();
  await expect(playground.happening).toContainText('SYSCALL is next');
  expect(await playground.registerValue('RCX')).toBe(0x400000n);
});

test('a page fault is brought to its handler: gate, stack of the TSS, frame pushed', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.editRegister('RIP', '1000');
  await playground.microStep();
  await expect(playground.why).toContainText('#PF');
  await expect(playground.happening).toContainText('#PF is next');
  await playground.microStep();
  await expect(playground.happening).toContainText('#PF after step 1');
  await expect(playground.happening.locator('[aria-current="step"]')).toBeInViewport({ ratio: 0.95 });
  await playground.microStepUntil(/^choose the stack/);
  await expect(playground.drawing).toHaveAccessibleName(/tss\.RSP0 → top/);
  await playground.microStepUntil(/^push SS, RSP/);
  await expect(playground.arrows).toHaveCount(5);
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.microStepUntil(/^RFLAGS: TF/);
  await expect(playground.ringBadge).toContainText('CPL 0');
  expect(await playground.registerValue('CS')).toBe(8n);
});

test('a page walk is gone level by level, as far as it is allowed', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.openTab('System', 'Paging');
  const system = playground.region('System');
  await system.getByText('go it step by step').click();
  const walk = playground.region('Walk step by step');
  await expect(walk).toContainText('step 1 of 10');
  await expect(walk.getByRole('group', { name: /cr3 → PML4E/ })).toBeVisible();
  for (let n = 0; n < 9; n++) await walk.getByRole('button', { name: 'Walk on' }).click();
  await expect(walk.getByRole('button', { name: 'Walk on' })).toBeDisabled();
  // RIP stands on a page that ring 3 may not write.
  await expect(walk.getByRole('listitem').filter({ hasText: 'a write: R/W = 1' })).toHaveAttribute(
    'data-state',
    'failed',
  );
  await walk.getByRole('button', { name: 'Walk back' }).click();
  await expect(walk).toContainText('step 9 of 10');
  await system.getByRole('button', { name: /^PML4\[0\]/ }).click();
  await expect(system.getByRole('button', { name: /^PDPT\[0\]/ })).toBeVisible();
});
