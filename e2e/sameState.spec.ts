/** The same machine in Chromium's worker and in Node: every bit of its state agrees. */
import { readFileSync } from 'node:fs';
import { Machine } from '../src/machine/machine.ts';
import { Session } from '../src/debugger/session.ts';
import { expect, test } from './fixtures.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

const file = (name: string) => readFileSync(new URL(`../public/kernel/${name}.elf`, import.meta.url));

test('state hashes agree with Node’s at the first SYSCALL, after steps, and at the end', async ({ page }) => {
  const setup = {
    kernel: file('emergence'),
    commandLine: '',
    modules: [{ name: 'userprog', bytes: file('userprog') }],
    memoryBytes: 128 << 20,
    cpu: 'intel',
  } as const;
  const machine = Machine.create(setup);
  if (!(machine instanceof Machine)) throw new Error(machine.detail);
  const session = new Session(machine);
  const expected: string[] = [];
  session.begin('first-syscall');
  session.advance(50_000_000);
  expected.push(machine.hash());
  for (let i = 0; i < 40; i++) {
    session.begin('step');
    session.advance(1);
  }
  expected.push(machine.hash());
  session.begin('ever');
  session.advance(50_000_000);
  expected.push(machine.hash());

  const playground = new PlaygroundPage(page);
  await playground.open();
  await expect(playground.ringBadge).toContainText('CPL 3');
  const hash = (): Promise<string | undefined> => page.evaluate(() => window.playground?.stateHash());
  const actual = [await hash()];
  await page.evaluate(async () => {
    for (let i = 0; i < 40; i++) await window.playground?.step();
  });
  actual.push(await hash());
  await playground.run();
  await expect(playground.stateText).toContainText('exit code 0');
  actual.push(await hash());
  expect(actual).toEqual(expected);
});
