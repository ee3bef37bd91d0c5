/** Lessons of teachers, lessons done by hand, and what survives a reload. */
import AxeBuilder from '@axe-core/playwright';
import { expect as plainExpect, test } from './fixtures.ts';
import { EditorPage } from './pages/EditorPage.ts';
import { LessonsPage } from './pages/LessonsPage.ts';
import { PlaygroundPage } from './pages/PlaygroundPage.ts';

/** The parser and the editor are fetched on the way. */
const expect = plainExpect.configure({ timeout: 15_000 });

const OWN = `# A lesson of my own

<Lesson minutes="5" summary="Short." />

## Cross once

<Setup commandLine="timer=off" />

A text with \`code\` and <b>no markup</b>.

<Predict of="CPL" after="step" before="syscall" choices="0, 3">Which CPL?</Predict>

<Task by="hand" check="rings go 3, 0">Cross.</Task>
`;
const BEHAVES = `#include "syscall.h"
    .globl _start
_start:
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq message(%rip), %rsi
    movq $9, %rdx
    syscall
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall
message:
    .ascii "RING3 OK\\n"
`;
/** Nested so deeply that reading takes many seconds. */
const SLOW = '> '.repeat(45_000);
const FIXED = OWN.replace('<b>no markup</b>', 'no markup');

test('a lesson done by hand: a wrong answer, a step, an edited program', async ({ page }) => {
  const lessons = new LessonsPage(page);
  const playground = new PlaygroundPage(page);
  await lessons.openByName('what-a-ring-is');
  await lessons.answer(lessons.card('predict', 0), '3');
  await expect(lessons.card('predict', 0)).toContainText('Not this time. You said 3. The machine says 0.');
  await expect(lessons.state('Cross from ring 3 to ring 0')).toContainText('Not yet.');
  await playground.step();
  await expect(lessons.state('Cross from ring 3 to ring 0')).toContainText('Done.');
  // It stays done, wherever the machine goes.
  await playground.stepBack();
  await expect(lessons.state('Cross from ring 3 to ring 0')).toContainText('Done.');

  await lessons.next();
  await expect(lessons.heading).toBeFocused();
  const editor = new EditorPage(page);
  await editor.ready();
  await expect(editor.line('cli')).toBeVisible();
  await editor.replaceAll(BEHAVES);
  await expect(lessons.state('Make the program behave')).toContainText('Done.');
  await expect(playground.terminalLog).toContainText('RING3 OK');
});

test('a bit flipped in a panel does a task, and the machine answers for the world as it is then', async ({ page }) => {
  const lessons = new LessonsPage(page);
  const playground = new PlaygroundPage(page);
  await lessons.openByName('four-msrs');
  await lessons.button('Show the MSRs').click();
  await playground.msrField('IA32_EFER', 'SCE').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear SCE to 0', exact: true }).click();
  await expect(lessons.state('Switch SYSCALL off')).toContainText('Done.');
  await lessons.answer(lessons.card('predict', 0), '#UD');
  await expect(lessons.card('predict', 0)).toContainText('Right. The machine says #UD.');
  await expect(lessons.card('predict', 0)).toContainText('IA32_EFER.SCE = 1');
});

test('an answer that cannot be read says so; a machine elsewhere can be set up again', async ({ page }) => {
  const lessons = new LessonsPage(page);
  const playground = new PlaygroundPage(page);
  await lessons.openByName('life-of-a-syscall');
  const rcx = lessons.card('predict', 0);
  await lessons.answer(rcx, '12 apples');
  await expect(rcx.getByRole('alert')).toContainText('This answer cannot be read');
  await playground.step();
  await lessons.answer(rcx, 'RIP');
  await expect(rcx.getByRole('alert')).toContainText('The machine stands somewhere else');
  await rcx.getByRole('button', { name: 'Set the machine up again' }).click();
  await lessons.ready();
  await lessons.answer(rcx, '_start+0x1e');
  await expect(rcx).toContainText('Right. The machine says 0x40001e (_start+0x1e).');
  await expect(rcx).toContainText('RCX ← address of the next instruction');
});

test('a teacher’s file: what is wrong is told with its place, and the mended file becomes a link', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lessons = new LessonsPage(page);
  await new PlaygroundPage(page).open();
  await lessons.open();
  await lessons.openFile('mine.mdx', OWN);
  await expect(lessons.pane.getByRole('alert')).toContainText('line 9, column 24 <b> cannot stand inside a text');
  await lessons.openFile('mine.mdx', FIXED);
  await lessons.ready();
  await expect(lessons.pane.getByRole('heading', { level: 2 })).toHaveText('A lesson of my own');
  await lessons.button('Copy a link to this lesson').click();
  await expect(page.getByRole('main')).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#lesson=');

  await page.goto('about:blank');
  await page.goto(link);
  await lessons.ready();
  await expect(lessons.heading).toHaveText('Cross once');
  await page.goto('about:blank');
  await page.goto(link.slice(0, -40));
  await expect(lessons.pane.getByRole('alert')).toBeVisible();
});

test('a file made to be slow does not hold up the page, and gets an answer', async ({ page }) => {
  const lessons = new LessonsPage(page);
  const playground = new PlaygroundPage(page);
  await playground.open();
  await lessons.open();
  await lessons.openFile('slow.md', `# T\n\n## S\n\n${SLOW}`);
  await playground.step();
  await expect(playground.ringBadge).toContainText('CPL 0');
  await expect(lessons.pane.getByRole('alert')).toContainText('This lesson cannot be read');
});

test('progress survives a reload', async ({ page }) => {
  const lessons = new LessonsPage(page);
  await lessons.openByName('what-a-ring-is');
  await lessons.answer(lessons.card('predict', 0), '0');
  await expect(lessons.card('predict', 0)).toContainText('Right.');
  await lessons.next();
  await lessons.openByName('what-a-ring-is');
  await expect(lessons.heading).toHaveText('Instructions that are not for everyone');
  await lessons.button('Back').click();
  await lessons.ready();
  await expect(lessons.card('predict', 0)).toContainText('Right.');
  await lessons.backToList();
  await expect(lessons.entry('What a ring is')).toContainText('section 2 of 3');
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the lessons, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const lessons = new LessonsPage(page);
    await lessons.openByName('life-of-a-syscall');
    await lessons.answer(lessons.card('predict', 0), 'RIP');
    await lessons.answer(lessons.card('predict', 1), 'nonsense at all');
    await lessons.task('Stop in the middle').getByRole('button', { name: 'Give me a hint' }).click();
    const scan = async () =>
      (await new AxeBuilder({ page }).include('section[aria-label="Lessons"]').analyze()).violations;
    expect(await scan()).toEqual([]);
    await lessons.backToList();
    expect(await scan()).toEqual([]);
  });
}
