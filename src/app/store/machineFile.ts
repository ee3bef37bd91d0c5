/** Saved machines as files of this computer. */
import { bootFile, chooseFiles, readFile } from './kernelFile.ts';
import { isLessonFile, openLessonFile } from './lessonFile.ts';
import { openFile } from './opening.ts';

/** "EMRG": what a saved machine begins with. */
const magic = [0x45, 0x4d, 0x52, 0x47];

async function isMachine(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, magic.length).arrayBuffer());
  return magic.every((byte, n) => start[n] === byte);
}

/** Opens a saved machine; anything else is booted as a kernel. */
export async function openAnyFile(file: File): Promise<void> {
  if (isLessonFile(file)) return openLessonFile(file);
  if (!(await isMachine(file).catch(() => false))) return bootFile(file);
  const bytes = await readFile(file);
  if (bytes !== null) await openFile(bytes);
}

export async function openMachineFile(): Promise<void> {
  const [file] = await chooseFiles(false);
  const bytes = file === undefined ? null : await readFile(file);
  if (bytes !== null) await openFile(bytes);
}
