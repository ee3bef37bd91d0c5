/** How far a person has come in each lesson; kept in this browser. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Prediction } from '../../../worker/protocol.ts';

export interface GivenAnswer extends Prediction {
  readonly typed: string;
}

export interface LessonProgress {
  readonly section: number;
  /** Farthest section that was shown. */
  readonly reached: number;
  readonly answers: Readonly<Record<string, GivenAnswer>>;
  /** Tasks that were done, with what was seen then. */
  readonly done: Readonly<Record<string, string>>;
  /** How many hints of a task are open. */
  readonly hints: Readonly<Record<string, number>>;
  readonly finished: boolean;
}

export const fresh: LessonProgress = { section: 0, reached: 0, answers: {}, done: {}, hints: {}, finished: false };

/** A lesson file that the person opened. */
export interface OwnLesson {
  readonly key: string;
  readonly title: string;
  readonly text: string;
}

interface Progress {
  readonly lessons: Readonly<Record<string, LessonProgress>>;
  /** The newest first. */
  readonly own: readonly OwnLesson[];
}

const MOST_OWN = 5;
const MOST_LESSONS = 60;

export const useProgress = create<Progress>()(
  persist((): Progress => ({ lessons: {}, own: [] }), { name: 'emergence.lessons', version: 1 }),
);

export const progressOf = (key: string): LessonProgress => useProgress.getState().lessons[key] ?? fresh;

export function advance(key: string, change: (before: LessonProgress) => Partial<LessonProgress>): void {
  useProgress.setState(({ lessons }) => {
    const before = lessons[key] ?? fresh;
    const { [key]: _, ...others } = lessons;
    const kept = Object.entries(others).slice(-MOST_LESSONS + 1);
    return { lessons: { ...Object.fromEntries(kept), [key]: { ...before, ...change(before) } } };
  });
}

export const startOver = (key: string): void => advance(key, () => fresh);

export function keepOwn(lesson: OwnLesson): void {
  useProgress.setState(({ own }) => ({
    own: [lesson, ...own.filter(({ key }) => key !== lesson.key)].slice(0, MOST_OWN),
  }));
}

/** A key for a lesson file: the same text, the same progress. FNV-1a, 32 bits; only this browser ever sees it. */
export function keyOfText(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `file:${(hash >>> 0).toString(16)}:${text.length}`;
}
