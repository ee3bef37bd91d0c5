/** Every lesson that comes with the page is walked to its end: each prediction, each step, each task by its solution. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { assembled } from './files.ts';
import { parseLesson } from '../../lessons/format/parse.ts';
import { readActions } from '../../lessons/language/actions.ts';
import { readCheck } from '../../lessons/language/checks.ts';
import {
  actionsBefore,
  type Block,
  duties,
  type Lesson,
  type Predict,
  type Setup,
  setupOf,
  type Task,
} from '../../lessons/lesson.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { builtFile } from '../../testing/emergence.ts';
import { look, PAGE_LIMITS } from '../../debugger/checks/check.ts';
import type { Verdict } from '../../debugger/checks/verdict.ts';
import { finish } from '../../debugger/history/history.ts';
import { act } from '../../debugger/lessons/act.ts';
import { predict, type Prediction } from '../../debugger/lessons/predict.ts';
import { moduleOf, type Stage, stageFor, toBeginning } from '../../debugger/lessons/stage.ts';

const FOLDER = fileURLToPath(new URL('../../lessons/content/', import.meta.url));
const FILES = readdirSync(FOLDER).sort();

async function read(file: string): Promise<Lesson> {
  const parsed = await parseLesson(readFileSync(FOLDER + file, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${file}:${p.line}:${p.column} ${p.message}`).join('\n'));
  return parsed.lesson;
}

function begin(setup: Setup): Stage {
  const module = moduleOf(setup);
  const { source } = setup;
  const bytes = source === null ? builtFile(module.split(' ')[0] ?? '') : assembled(source.file, source.text);
  const stage = stageFor(setup, builtFile('emergence'), [{ name: module, bytes }]);
  if (isProblem(stage)) throw new Error(`${stage.title}: ${stage.detail}`);
  expect(finish(toBeginning(stage, setup))).toBeUndefined();
  return stage;
}

function ask(stage: Stage, block: Predict, answer: string): Prediction {
  const found = finish(predict(stage.session, stage.history, { ...block, answer }));
  if (isProblem(found)) throw new Error(`${found.title}: ${found.detail}`);
  return found;
}

/** Some answer is given, and then the right one. */
function answer(stage: Stage, block: Predict): void {
  const before = stage.session.view();
  const first = ask(stage, block, block.choices[0] ?? '0');
  expect(first.because.join(' '), 'an answer says why').toMatch(/\w/);
  expect(ask(stage, block, first.actual)).toMatchObject({ right: true, actual: first.actual });
  if (block.choices.length > 0) {
    expect(
      block.choices.some((choice) => ask(stage, block, choice).right),
      'one of the choices is right',
    ).toBe(true);
  }
  expect(stage.session.view(), 'a prediction leaves no trace').toEqual(before);
}

function verdict(stage: Stage, { check }: Task): Verdict {
  return finish(look(stage.session, stage.history, [readCheck(check)], PAGE_LIMITS))[0] as Verdict;
}

function solve(stage: Stage, { solution }: Task): void {
  if (solution === null) throw new Error('a task needs a solution');
  if (solution.program !== null) {
    const { setup } = stage.session.machine;
    const [first] = setup.modules;
    const name = first?.name ?? 'lesson';
    const bytes = assembled(`${name}.S`, solution.program);
    expect(stage.session.load({ ...setup, modules: [{ name, bytes }] }, name)).toBeUndefined();
    stage.session.begin('ever');
    expect(stage.session.advance(5_000_000), 'the program ends').toBe(true);
  }
  if (solution.do !== '') expect(finish(act(stage.session, stage.history, readActions(solution.do)))).toBeUndefined();
}

const where = ({ session }: Stage) => session.view().registers;

/** Where the machine stands for somebody who opens a section without the ones before it. */
function jumpTo(lesson: Lesson, index: number): ReturnType<typeof where> {
  const stage = begin(setupOf(lesson, index));
  for (const actions of actionsBefore(lesson, index)) finish(act(stage.session, stage.history, readActions(actions)));
  return where(stage);
}

function walk(stage: Stage, block: Block): void {
  switch (block.kind) {
    case 'predict':
      return answer(stage, block);
    case 'step':
      return expect(finish(act(stage.session, stage.history, readActions(block.do)))).toBeUndefined();
    case 'task': {
      expect(verdict(stage, block), 'a task is not done before it is begun').toMatchObject({ passed: false });
      solve(stage, block);
      const { passed, why } = verdict(stage, block);
      return expect(passed, why).toBe(true);
    }
    default:
      return undefined;
  }
}

describe.each(FILES)('%s', (file) => {
  test('is walked to its end', async () => {
    const lesson = await read(file);
    let stage: Stage | undefined;
    for (const [index, section] of lesson.sections.entries()) {
      if (section.setup !== null) stage = begin(section.setup);
      if (stage === undefined) throw new Error('the first section sets no machine up');
      if (section.setup === null) expect(jumpTo(lesson, index), 'whoever jumps here stands here').toEqual(where(stage));
      section.blocks.forEach((block, n) => {
        try {
          walk(stage as Stage, block);
        } catch (error) {
          const what = block.kind === 'task' ? block.title : block.kind === 'predict' ? block.of : '';
          const where = `${section.title}, ${block.kind} ${n + 1} ${what}, at ${stage?.session.view().stop.text}`;
          throw new Error(`${where}: ${error instanceof Error ? error.message : error}`);
        }
      });
    }
  });

  test('asks, sets tasks and helps', async () => {
    const lesson = await read(file);
    expect(lesson.minutes).toBeGreaterThanOrEqual(5);
    expect(lesson.minutes).toBeLessThanOrEqual(15);
    const all = lesson.sections.flatMap(duties);
    expect(all.filter(({ kind }) => kind === 'predict').length).toBeGreaterThanOrEqual(2);
    lesson.sections.forEach(({ blocks }, index) => {
      const graded = blocks.some((block) => block.kind === 'task' && block.by === 'program');
      expect(graded && setupOf(lesson, index).source === null, 'a program is handed in for a section with one').toBe(
        false,
      );
    });
    expect(all.some((one) => one.kind === 'task' && one.hints.length > 0)).toBe(true);
  });
});

test('there are at least ten lessons', () => {
  expect(FILES.length).toBeGreaterThanOrEqual(10);
});
