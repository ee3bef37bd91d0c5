/** Lesson files are read in a worker of their own: whoever asked can end it when a file takes too long. */
import * as Comlink from 'comlink';
import { type LessonReader, parseLesson } from '../lessons/format/parse.ts';

const worker: LessonReader = { read: parseLesson };

Comlink.expose(worker);
