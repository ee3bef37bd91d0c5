/** Every lesson is walked to its end as a learner would who asks for all the help there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseLesson } from '../src/lessons/format/parse.ts';
import { lessonName } from '../src/lessons/format/vitePlugin.ts';
import type { Lesson, Section } from '../src/lessons/lesson.ts';
import { expect as plainExpect, test } from './fixtures.ts';
import { LessonsPage } from './pages/LessonsPage.ts';

/** A hang guard: a program that was edited is assembled and run first. */
const expect = plainExpect.configure({ timeout: 15_000 });

const FOLDER = fileURLToPath(new URL('../src/lessons/content/', import.meta.url));
const FILES = readdirSync(FOLDER).sort();

async function read(file: string): Promise<Lesson> {
  const parsed = await parseLesson(readFileSync(FOLDER + file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file} cannot be read`);
  return parsed.lesson;
}

async function walkSection(lessons: LessonsPage, section: Section): Promise<void> {
  await expect(lessons.heading).toHaveText(section.title);
  const at = { predict: 0, task: 0 };
  for (const block of section.blocks) {
    if (block.kind === 'step') {
      await lessons.button(block.label).click();
      await expect(lessons.button(block.label)).toBeEnabled();
    } else if (block.kind === 'predict') {
      const card = lessons.card('predict', at.predict++);
      await lessons.answer(card, block.choices[0] ?? '0');
      await expect(card.getByText('The machine says')).toBeVisible();
    } else if (block.kind === 'task') {
      const card = lessons.card('task', at.task++);
      await expect(lessons.state(block.title)).toContainText('Not yet.');
      await lessons.giveUp(card);
      await expect(lessons.state(block.title)).toContainText('Done.');
    }
  }
}

/** A few lessons in one page: opening the page takes longer than most sections. */
for (const first of [0, 3, 6, 9]) {
  const files = FILES.slice(first, first + 3);
  test(`lessons ${files.map(lessonName).join(', ')}`, async ({ page }) => {
    test.setTimeout(120_000);
    const lessons = new LessonsPage(page);
    for (const [n, file] of files.entries()) {
      const lesson = await read(file);
      if (n === 0) await lessons.openByName(lessonName(file));
      else await lessons.entry(lesson.title).click();
      await lessons.ready();
      for (const [index, section] of lesson.sections.entries()) {
        if (index > 0) await lessons.next();
        await walkSection(lessons, section);
      }
      await expect(lessons.pane.getByText('Lesson finished.')).toBeVisible();
      await lessons.backToList();
      await expect(lessons.entry(lesson.title)).toContainText('finished');
    }
  });
}

test('no lesson is left out', () => {
  expect(FILES.length).toBe(12);
});
