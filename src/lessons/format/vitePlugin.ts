/** Lesson files as modules: read when the site is built, so that a mistake in one stops the build. */
import type { LessonSummary } from '../lesson.ts';
import { parseLesson } from './parse.ts';

/** "01-what-a-ring-is.mdx" is the lesson "what-a-ring-is"; the number is its place in the list. */
export const lessonName = (path: string): string => (/(?:\d+-)?([\w-]+)\.mdx$/.exec(path)?.[1] ?? path).toLowerCase();

interface Context {
  error(problem: { message: string; id: string; loc: { file: string; line: number; column: number } }): never;
}

/** `import lesson from './x.mdx'` gives a Lesson, with `?summary` a LessonSummary. A plugin for Vite. */
export const lessonModules = () => ({
  name: 'lesson-modules',
  enforce: 'pre' as const,
  async transform(this: Context, source: string, id: string) {
    const [path = '', query = ''] = id.split('?', 2);
    if (!path.endsWith('.mdx')) return undefined;
    const parsed = await parseLesson(source);
    if (!parsed.ok) {
      const [{ line, column, message, hint } = { line: 1, column: 1, message: 'unreadable', hint: '' }] =
        parsed.problems;
      return this.error({ message: `${message}. ${hint}`, id: path, loc: { file: path, line, column: column - 1 } });
    }
    const { lesson } = parsed;
    const { title, minutes, summary, sections } = lesson;
    const short: LessonSummary = { name: lessonName(path), title, minutes, summary, sections: sections.length };
    const wanted = query.split('&').includes('summary') ? short : lesson;
    return { code: `export default ${JSON.stringify(wanted)};`, map: null };
  },
});
