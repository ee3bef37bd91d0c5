/** The lessons that come with the page. Only for what Vite builds; each is a file of its own that is fetched when opened. */
import type { Lesson, LessonSummary } from './lesson.ts';

const SUMMARIES = import.meta.glob<LessonSummary>('./content/*.mdx', {
  query: '?summary',
  import: 'default',
  eager: true,
});
const LESSONS = import.meta.glob<Lesson>('./content/*.mdx', { import: 'default' });

const paths = Object.keys(SUMMARIES).sort();

/** In the order in which they build on each other. */
export const catalogue: readonly LessonSummary[] = paths.flatMap((path) => SUMMARIES[path] ?? []);

/** Null: there is no such lesson. */
export async function builtInLesson(name: string): Promise<Lesson | null> {
  const path = paths.find((candidate) => SUMMARIES[candidate]?.name === name);
  return (path === undefined ? undefined : await LESSONS[path]?.()) ?? null;
}
