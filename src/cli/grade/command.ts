import { existsSync, readFileSync } from 'node:fs';
import { finish } from '../../debugger/history/history.ts';
import { Session } from '../../debugger/session.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { readArguments } from '../arguments.ts';
import { type Command, Status } from '../command.ts';
import { openReplay } from '../run/replay.ts';
import { builtLessons, readLesson, readProgram, Unusable } from './files.ts';
import { type Grade, gradeHistory, gradeProgram } from './grade.ts';

const USAGE = `usage: npm run -s machine -- grade LESSON PROGRAM [OPTION]...

Runs PROGRAM through the tasks of LESSON and prints what has become of each as
JSON: {lesson, passed, tasks: [{id, title, passed, why, at}]}.

  LESSON    the name of a lesson of the page, or a lesson file (.mdx)
  PROGRAM   an assembly source (.S), an ELF64 executable, or what a learner handed
            in from the page: a saved machine or a link
  --task ID grade only this task; may be given several times. Without it, every task:
            a lesson may have tasks that no one program can all do.
  --max-instructions N
            how long a program may run; 100000000 when it is not given

A task that only a person can do has passed: null for a program. Exit status: 0
every graded task is passed, 1 one is not, 2 the lesson or the program is unusable.

Lessons: ${builtLessons().join(', ')}.
`;

const DEFAULT_BUDGET = 100_000_000;
/** First bytes of a saved machine (src/debugger/FORMAT.md). */
const SAVED = 'EMRG';

function isRecorded(program: string): boolean {
  if (!existsSync(program)) return program.includes('#') || /^\d+\.[\w-]{20,}$/.test(program);
  return readFileSync(program).subarray(0, SAVED.length).toString('latin1') === SAVED;
}

async function grade(name: string, lesson: Lesson, program: string, budget: number): Promise<Grade> {
  if (isRecorded(program)) {
    const opened = await openReplay(program);
    if (isProblem(opened)) throw new Unusable(`${opened.title}: ${opened.detail}\n`);
    const wrong = finish(opened.arrive());
    if (wrong !== undefined) throw new Unusable(`${wrong.title}: ${wrong.detail}\n`);
    const { history } = opened;
    return gradeHistory(name, lesson, { session: new Session(history.machine, history), history }, budget);
  }
  const graded = gradeProgram(name, lesson, readProgram(program), budget);
  if (isProblem(graded)) throw new Unusable(`${graded.title}: ${graded.detail}\n`);
  return graded;
}

const taskIds = (lesson: Lesson): readonly string[] =>
  lesson.sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'task' ? [block.id] : [])));

/** The lesson with these of its tasks; with all of them when none is named. */
function only(lesson: Lesson, ids: readonly string[]): Lesson {
  if (ids.length === 0) return lesson;
  const sections = lesson.sections.map((section) => ({
    ...section,
    blocks: section.blocks.filter((block) => block.kind !== 'task' || ids.includes(block.id)),
  }));
  return { ...lesson, sections };
}

async function run(args: readonly string[]): Promise<number> {
  const refuse = (message: string): number => {
    process.stderr.write(`grade: ${message}`);
    return Status.badArguments;
  };
  const read = readArguments(args, { 'max-instructions': 'value', task: 'values' });
  if (isProblem(read)) return refuse(`${read.detail}\n`);
  const [lessonName, program, ...others] = read.positional;
  if (lessonName === undefined || program === undefined || others.length > 0) {
    return refuse('give a lesson and a program; try --help\n');
  }
  const wanted = read.options.get('task') ?? [];
  const limit = read.options.get('max-instructions')?.[0] ?? String(DEFAULT_BUDGET);
  const budget = /^\d{1,12}$/.test(limit) ? Number(limit) : 0;
  if (budget === 0) return refuse(`--max-instructions must be a whole number above 0, not ${limit}\n`);
  try {
    const { name, lesson } = await readLesson(lessonName);
    const unknown = wanted.find((id) => !taskIds(lesson).includes(id));
    if (unknown !== undefined)
      throw new Unusable(`there is no task ${unknown}; tasks are ${taskIds(lesson).join(', ')}\n`);
    const result = await grade(name, only(lesson, wanted), program, budget);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return result.passed ? Status.ok : Status.failed;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return refuse(error.message);
  }
}

export const gradeCommand: Command = {
  name: 'grade',
  summary: 'runs a program through the tasks of a lesson',
  usage: USAGE,
  run,
};
