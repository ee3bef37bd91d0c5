/** Lesson files of this computer. */
import { report } from './commands.ts';
import { chooseFiles } from './kernelFile.ts';
import { openLessons } from './lessonDoor.ts';

const LARGEST = 400_000;

export const isLessonFile = ({ name }: File): boolean => /\.mdx?$/i.test(name);

export async function openLessonFile(file: File): Promise<void> {
  if (file.size > LARGEST) {
    return report({ title: `${file.name} is too large`, detail: `A lesson has at most ${LARGEST / 1000} kB.` });
  }
  try {
    openLessons({ kind: 'text', text: await file.text() });
  } catch (error) {
    report({ title: `${file.name} cannot be read`, detail: error instanceof Error ? error.message : String(error) });
  }
}

export async function chooseLessonFile(): Promise<void> {
  const [file] = await chooseFiles(false);
  if (file !== undefined) await openLessonFile(file);
}
