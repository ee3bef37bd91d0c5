/** The lesson that is open, and what is done with the machine for it. */
import { create } from 'zustand';
import { builtInLesson } from '../../../lessons/catalogue.ts';
import {
  actionsBefore,
  duties,
  type Lesson,
  type Predict,
  type Section,
  type Setup,
  setupOf,
  type Task,
} from '../../../lessons/lesson.ts';
import type { LessonProblem } from '../../../lessons/problem.ts';
import type { Problem, Verdict } from '../../../worker/protocol.ts';
import { boot, fail, machine, once, stopAt } from '../../store/commands.ts';
import { assembleNow } from '../../store/editing.ts';
import type { WantedLesson } from '../../store/lessonDoor.ts';
import { readLesson } from '../../store/lessonReader.ts';
import { canTravel, initialSetup, useMachine } from '../../store/machine.ts';
import { initialPrograms, programFile, usePrograms } from '../../store/programs.ts';
import { selectFile } from '../../store/sources.ts';
import { advance, keepOwn, keyOfText, progressOf } from './progress.ts';

interface Course {
  /** What progress is kept under; null while no lesson is open. */
  readonly key: string | null;
  readonly lesson: Lesson | null;
  /** The file it was read from, for a link; null for one that comes with the page. */
  readonly text: string | null;
  readonly section: number;
  readonly loading: boolean;
  /** The machine of this section is being made. */
  readonly settingUp: boolean;
  /** The machine is that of this lesson. */
  readonly ready: boolean;
  /** What is to be seen of tasks that are not done. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Why a lesson could not be opened. */
  readonly refused: { readonly title: string; readonly problems: readonly LessonProblem[] } | null;
}

const closed: Course = {
  key: null,
  lesson: null,
  text: null,
  section: 0,
  loading: false,
  settingUp: false,
  ready: false,
  verdicts: {},
  refused: null,
};

export const useCourse = create<Course>()(() => closed);

const refuse = (title: string, problems: readonly LessonProblem[] = []): void =>
  useCourse.setState({ ...closed, refused: { title, problems } });

export async function openWanted(wanted: WantedLesson): Promise<void> {
  useCourse.setState({ ...closed, loading: true });
  try {
    if (wanted.kind === 'built-in') return await openBuiltIn(wanted.name);
    if (wanted.kind === 'text') return await openText(wanted.text);
    const text = await machine().unpackText(wanted.packed);
    if (typeof text === 'string') await openText(text);
    else refuse(text.detail);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

async function openBuiltIn(name: string): Promise<void> {
  const lesson = await builtInLesson(name);
  if (lesson === null) return refuse(`There is no lesson “${name}”.`);
  await begin(name, lesson, null);
}

async function openText(text: string): Promise<void> {
  const parsed = await readLesson(text);
  if (!parsed.ok) return refuse('This lesson cannot be read', parsed.problems);
  const key = keyOfText(text);
  keepOwn({ key, title: parsed.lesson.title, text });
  await begin(key, parsed.lesson, text);
}

async function begin(key: string, lesson: Lesson, text: string | null): Promise<void> {
  const section = Math.min(progressOf(key).section, lesson.sections.length - 1);
  useCourse.setState({ ...closed, key, lesson, text });
  await goToSection(section, true);
}

export function closeLesson(): void {
  tidy(null);
  // The next machine is the person's own again.
  useMachine.setState(({ setup: { only: _, ...setup } }) => ({ setup }));
  useCourse.setState(closed);
}

/** Shows a section. The machine is made anew when it has one of its own, or when `anew` says so. */
export async function goToSection(index: number, anew = false): Promise<void> {
  const { key, lesson } = useCourse.getState();
  const section = lesson?.sections[index];
  if (key === null || lesson === null || section === undefined) return;
  useCourse.setState({ section: index, verdicts: {} });
  advance(key, ({ reached }) => ({ section: index, reached: Math.max(reached, index) }));
  if (section.setup !== null || anew) await setUp();
  else await lookAtTasks();
}

/** Makes the machine of the present section. */
export async function setUp(): Promise<void> {
  const { lesson, section, settingUp } = useCourse.getState();
  if (lesson === null || settingUp) return;
  useCourse.setState({ settingUp: true, ready: false });
  try {
    const setup = setupOf(lesson, section);
    await bootFor(setup);
    for (const actions of [setup.begin, ...actionsBefore(lesson, section)]) if (actions !== '') await perform(actions);
    // The section begins here: nothing has changed yet.
    useMachine.setState({ baseline: null });
    if (useMachine.getState().problem === null) useCourse.setState({ ready: true });
  } finally {
    useCourse.setState({ settingUp: false });
  }
  await lookAtTasks();
}

/** Files that lessons have put into the editor, with the text they had then. */
const lent = new Map<string, string>();

/** Takes lessons' programs out of the editor that nobody has changed. */
function tidy(except: string | null): void {
  for (const [file, text] of lent) {
    if (file === except) continue;
    lent.delete(file);
    usePrograms.setState(({ programs, builds, problems, running }) => {
      if (programs[file]?.text !== text) return {};
      const without = <Value>(all: Readonly<Record<string, Value>>): Record<string, Value> =>
        Object.fromEntries(Object.entries(all).filter(([name]) => name !== file));
      return {
        programs: without(programs),
        builds: without(builds),
        problems: without(problems),
        running: running === file ? initialPrograms.running : running,
      };
    });
  }
}

export const sourceFile = (setup: Setup): string | null =>
  setup.source === null ? null : programFile(setup.source.file.replace(/\.S$/, ''));

/** Puts a program into the editor. What the learner has made of it stays. */
async function lend(setup: Setup, anew: boolean): Promise<string | null> {
  const file = sourceFile(setup);
  tidy(file);
  if (file === null || setup.source === null) return null;
  const { text } = setup.source;
  const before = usePrograms.getState().programs[file];
  if (before === undefined || anew) putText(file, text);
  lent.set(file, text);
  selectFile(file);
  await assembleNow(file, false);
  return file;
}

function putText(file: string, text: string): void {
  usePrograms.setState(({ programs }) => ({
    programs: { ...programs, [file]: { text, revision: (programs[file]?.revision ?? 0) + 1 } },
  }));
}

/** Gives the learner the program of this section as it was at first. */
export async function resetProgram(): Promise<void> {
  const { lesson, section } = useCourse.getState();
  if (lesson === null) return;
  await lend(setupOf(lesson, section), true);
  await setUp();
}

async function bootFor(setup: Setup): Promise<void> {
  const file = await lend(setup, false);
  const bytes = file === null ? undefined : usePrograms.getState().builds[file];
  if (file !== null) usePrograms.setState({ running: file });
  else usePrograms.setState({ running: initialPrograms.running });
  const edited = bytes && [
    { name: (setup.source?.file ?? '').replace(/\.S$/, ''), bytes: bytes.executable, text: bytes.text },
  ];
  await boot({
    ...initialSetup,
    commandLine: setup.commandLine,
    memoryMiB: setup.memoryMiB,
    cpu: setup.cpu,
    stopAt: setup.stopAt,
    only: edited === undefined ? { program: setup.program } : { edited },
  });
}

/** Has the machine do what a step says. */
export async function perform(actions: string): Promise<void> {
  const { running } = useMachine.getState();
  if (running !== null) stopAt(await machine().pause());
  await once((m) => m.act(actions), canTravel);
}

export async function predict(block: Predict, typed: string): Promise<Problem | null> {
  const { key } = useCourse.getState();
  if (key === null) return null;
  const { of, after, before } = block;
  try {
    const found = await machine().predict({ of, after, before, answer: typed });
    if ('title' in found) return found;
    advance(key, ({ answers }) => ({ answers: { ...answers, [block.id]: { ...found, typed } } }));
    noteFinish();
    return null;
  } catch (error) {
    return { title: 'The machine did not answer', detail: error instanceof Error ? error.message : String(error) };
  }
}

export function openHint({ id }: Task): void {
  const { key } = useCourse.getState();
  if (key !== null) advance(key, ({ hints }) => ({ hints: { ...hints, [id]: (hints[id] ?? 0) + 1 } }));
}

/** Does a task for the learner. */
export async function solve({ solution }: Task): Promise<void> {
  const { lesson, section } = useCourse.getState();
  if (lesson === null || solution === null) return;
  const file = sourceFile(setupOf(lesson, section));
  if (solution.program !== null && file !== null) {
    putText(file, solution.program);
    await assembleNow(file, true);
  }
  if (solution.do !== '') await perform(solution.do);
}

export const isDone = (key: string, block: Predict | Task): boolean => {
  const { answers, done } = progressOf(key);
  return block.kind === 'predict' ? answers[block.id] !== undefined : done[block.id] !== undefined;
};

export const sectionDone = (key: string, section: Section): boolean =>
  duties(section).every((block) => isDone(key, block));

function noteFinish(): void {
  const { key, lesson } = useCourse.getState();
  if (key === null || lesson === null || progressOf(key).finished) return;
  if (lesson.sections.every((section) => sectionDone(key, section))) advance(key, () => ({ finished: true }));
}

const LONG = 1_000_000;
const CALM_MS = 400;

let looking = false;
let lookAgain = false;

/** Looks whether tasks of this section have been done meanwhile. */
export async function lookAtTasks(): Promise<void> {
  if (looking) {
    lookAgain = true;
    return;
  }
  looking = true;
  try {
    do {
      lookAgain = false;
      await lookOnce();
    } while (lookAgain);
  } catch (error) {
    fail(error);
  } finally {
    looking = false;
  }
}

/** Tasks are done in their order: what a later one asks for may be so before the earlier one is begun. */
async function lookOnce(): Promise<void> {
  const { key, lesson, section, ready } = useCourse.getState();
  const { running, booting, view } = useMachine.getState();
  if (key === null || lesson === null || !ready || running !== null || booting || view === null) return;
  const task = (lesson.sections[section]?.blocks ?? []).find(
    (block): block is Task => block.kind === 'task' && !isDone(key, block),
  );
  if (task === undefined) return;
  const found = await machine().check([task.check]);
  if (found === null || useCourse.getState().key !== key || useCourse.getState().section !== section) return;
  const [verdict] = 'title' in found ? [] : found;
  if (verdict === undefined) return;
  useCourse.setState({ verdicts: { [task.id]: verdict } });
  if (!verdict.passed) return;
  advance(key, ({ done }) => ({ done: { ...done, [task.id]: verdict.why } }));
  noteFinish();
  lookAgain = true;
}

/** From now on tasks are looked at after every stop; gives what ends that. */
export function followMachine(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return useMachine.subscribe((state, before) => {
    if (state.view === before.view && !(state.running === null && before.running !== null)) return;
    clearTimeout(timer);
    // A long history takes a moment to look through: not between two steps of somebody in a hurry.
    if ((state.view?.instructions ?? 0) < LONG) lookAtTasks();
    else timer = setTimeout(lookAtTasks, CALM_MS);
  });
}
