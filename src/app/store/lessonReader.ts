/** Reads lesson files, which come from anywhere. */
import * as Comlink from 'comlink';
import type { LessonReader, ParsedLesson } from '../../lessons/format/parse.ts';

/** Markdown can be written so that reading it takes for ever; a lesson takes a few milliseconds. */
const PATIENCE_MS = 8_000;

const tooLong: ParsedLesson = {
  ok: false,
  problems: [
    {
      line: 1,
      column: 1,
      length: 1,
      message: 'Reading this file takes too long',
      hint: 'Something is nested or repeated too often.',
    },
  ],
};

/** Never throws for what a file says, and always answers. */
export async function readLesson(text: string): Promise<ParsedLesson> {
  const worker = new Worker(new URL('../../worker/lesson.worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => resolve(tooLong), PATIENCE_MS);
      worker.addEventListener('error', () => reject(new Error('The reader of lessons could not be loaded.')));
      Comlink.wrap<LessonReader>(worker).read(text).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
