/** The first screen and the first SYSCALL, as a newcomer meets them. */
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/** A hang guard. The figure itself is printed; on an idle machine it is below two seconds. */
const FIRST_STOP_MS = 10_000;

test('the machine stands before the first SYSCALL of ring 3 soon after navigation', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const took = await page.evaluate(() => performance.now());
  test.info().annotations.push({ type: 'first stop', description: `${Math.round(took)} ms after navigation` });
  console.log(`first stop: ${Math.round(took)} ms after navigation`);
  expect(took).toBeLessThan(FIRST_STOP_MS);
  expect(await playground.registerValue('RIP')).toBe(0x40001cn);
  expect(await playground.registerValue('CS')).toBe(0x23n);
  expect(await playground.registerValue('SS')).toBe(0x1bn);
  expect(await playground.terminalText()).toContain('[user] pid 1 userprog: entry 400000');
});

test('micro-steps change RCX, R11, RIP, RFLAGS, CS, SS and CPL one by one, and not RSP', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const names = ['RCX', 'R11', 'RIP', 'RFLAGS', 'CS', 'SS', 'RSP'];
  const read = async (): Promise<Record<string, bigint>> => {
    const entries: [string, bigint][] = [];
    for (const name of names) entries.push([name, await playground.registerValue(name)]);
    entries.push(['CPL', BigInt(await playground.cpl())]);
    return Object.fromEntries(entries);
  };
  const start = await read();
  const steps = await playground.microSteps();
  expect(steps.length).toBeGreaterThanOrEqual(8);
  const order: string[] = [];
  let before = start;
  for (let done = 1; done <= steps.length; done++) {
    await playground.microStep();
    await expect.poll(async () => (await playground.microSteps()).filter((s) => s.state === 'done').length).toBe(done);
    const now = await read();
    const changed = Object.keys(now).filter((name) => now[name] !== before[name]);
    expect(changed.length, `step ${done} changes one thing at most`).toBeLessThanOrEqual(1);
    order.push(...changed);
    before = now;
  }
  // R11 holds these flags already when SYSRET brought the program here.
  expect(order.filter((name) => name !== 'R11')).toEqual(['RCX', 'RIP', 'RFLAGS', 'CS', 'SS', 'CPL']);
  expect(before['R11']).toBe(start['RFLAGS']);
  expect(before['RSP']).toBe(start['RSP']);
  expect(before['RCX']).toBe(0x40001en);
  expect(before['CS']).toBe(0x8n);
  expect(before['SS']).toBe(0x10n);
  expect(before['CPL']).toBe(0n);
  expect(before['RIP']).toBe(await playground.msrValue('IA32_LSTAR'));
});

test('running on prints the program’s text; the panels show the correct layout', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  expect(await playground.msrValue('IA32_STAR')).toBe(0x0013_0008_0000_0000n);
  expect(await playground.msrValue('IA32_FMASK')).toBe(0x44700n);
  expect((await playground.msrValue('IA32_EFER')) & 1n).toBe(1n);
  const rows: readonly (readonly [string, string])[] = [
    ['08', '00209b0000000000'],
    ['10', '0000930000000000'],
    ['18', '00cff2000000ffff'],
    ['20', '00affa000000ffff'],
  ];
  for (const [selector, raw] of rows) await expect(playground.descriptor(selector)).toContainText(raw);
  await expect(playground.descriptor('20')).toContainText('code 64-bit');
  await expect(playground.descriptor('28')).toContainText('TSS');
  await playground.run();
  await expect(playground.terminalLog).toContainText('RING3 OK');
  await expect(playground.terminalLog).toContainText('exited with code: 0');
  await expect(playground.stateText).toContainText('exit code 0');
});

test('steps go from ring to ring and over a SYSCALL; reset starts again', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.toNextRingChange();
  await expect(playground.ringBadge).toContainText('CPL 0');
  await expect(playground.stateText).toContainText('CPL 3 to 0, RIP now syscall_entry');
  await playground.toNextRingChange();
  await expect(playground.ringBadge).toContainText('CPL 3');
  await playground.reset();
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001cn);
  await playground.stepOver();
  await expect.poll(() => playground.registerValue('RIP')).toBe(0x40001en);
  expect(await playground.registerValue('RAX')).toBe(9n);
  await expect(playground.terminalLog).toContainText('RING3 OK');
});
