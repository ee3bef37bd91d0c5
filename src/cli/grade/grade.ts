/** Runs a program through the tasks of a lesson, without a page. */
import { look } from '../../debugger/checks/check.ts';
import type { Verdict } from '../../debugger/checks/verdict.ts';
import { finish } from '../../debugger/history/history.ts';
import { moduleOf, type Stage, stageFor } from '../../debugger/lessons/stage.ts';
import { readCheck } from '../../lessons/language/checks.ts';
import { type Lesson, type Setup, setupOf, type Task } from '../../lessons/lesson.ts';
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import { builtKernel } from './files.ts';

export interface GradedTask {
  readonly id: string;
  readonly title: string;
  /** Null: only a person at the page can do it. */
  readonly passed: boolean | null;
  readonly why: string;
  /** Instruction count at which it was seen, or null. */
  readonly at: number | null;
}

export interface Grade {
  readonly lesson: string;
  readonly passed: boolean;
  readonly tasks: readonly GradedTask[];
}

interface Group {
  readonly setup: Setup;
  readonly tasks: Task[];
}

/** Tasks by the machine they are done on. */
function groups(lesson: Lesson): readonly Group[] {
  const found: Group[] = [];
  lesson.sections.forEach(({ blocks }, index) => {
    const setup = setupOf(lesson, index);
    const tasks = blocks.filter((block) => block.kind === 'task');
    const last = found.at(-1);
    if (last?.setup === setup) last.tasks.push(...tasks);
    else if (tasks.length > 0) found.push({ setup, tasks: [...tasks] });
  });
  return found;
}

/** Clauses of "at stop" hold where the program ended, whatever it was run to. */
function judge(stage: Stage, tasks: readonly Task[], budget: number): readonly Verdict[] {
  const checks = tasks.map(({ check }) => readCheck(check));
  return finish(look(stage.session, stage.history, checks, { instructions: budget }));
}

const told = ({ id, title }: Task, { passed, why, at }: GradedTask | Verdict): GradedTask => ({
  id,
  title,
  passed,
  why,
  at,
});

const BY_HAND = 'This task is done by hand on the page; hand in a saved machine or a link to have it graded.';

/** A program as process 1, run to its end or for `budget` instructions at most. */
export function gradeProgram(name: string, lesson: Lesson, program: Uint8Array, budget: number): Grade | Problem {
  const tasks: GradedTask[] = [];
  for (const { setup, tasks: some } of groups(lesson)) {
    const graded = some.filter(({ by }) => by === 'program');
    let verdicts: readonly Verdict[] = [];
    if (graded.length > 0) {
      const stage = stageFor(setup, builtKernel(), [{ name: moduleOf(setup), bytes: program }]);
      if (isProblem(stage)) return stage;
      stage.session.begin('ever');
      const ended = stage.session.advance(budget);
      if (!ended) stage.session.pause();
      verdicts = judge(stage, graded, budget).map((verdict) =>
        ended || verdict.passed
          ? verdict
          : { ...verdict, why: `${verdict.why} (Stopped after ${budget} instructions.)` },
      );
    }
    for (const task of some) {
      const verdict = verdicts[graded.indexOf(task)];
      tasks.push(told(task, verdict ?? { id: '', title: '', passed: null, why: BY_HAND, at: null }));
    }
  }
  return summed(name, tasks);
}

/** A run that somebody recorded on the page: every task looks at the same history. */
export function gradeHistory(name: string, lesson: Lesson, stage: Stage, budget: number): Grade {
  const tasks = groups(lesson).flatMap((group) => group.tasks);
  const verdicts = judge(stage, tasks, budget);
  return summed(
    name,
    tasks.map((task, n) => told(task, verdicts[n] as Verdict)),
  );
}

function summed(lesson: string, tasks: readonly GradedTask[]): Grade {
  const graded = tasks.filter(({ passed }) => passed !== null);
  return { lesson, passed: graded.length > 0 && graded.every(({ passed }) => passed === true), tasks };
}
