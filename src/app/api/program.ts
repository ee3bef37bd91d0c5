/** A program given by a script, in place of the one that runs. */
import { assembleNow } from '../store/editing.ts';
import { keepAside } from '../store/programStorage.ts';
import { firstProgram, usePrograms } from '../store/programs.ts';

/** Fails with the assembler's words. The person's own programs stay saved as they were. */
export async function takeProgram(text: string): Promise<void> {
  keepAside();
  const file = firstProgram;
  usePrograms.setState(({ programs }) => ({
    programs: { ...programs, [file]: { text, revision: (programs[file]?.revision ?? 0) + 1 } },
    running: file,
  }));
  await assembleNow(file, false);
  const { problems, builds } = usePrograms.getState();
  const found = problems[file] ?? [];
  if (found.length > 0 || builds[file]?.text !== text) {
    const said = found.map(({ line, message, hint }) => `line ${line}: ${message}${hint === '' ? '' : `. ${hint}`}`);
    throw new Error(`The program cannot be assembled. ${said.join('; ')}`);
  }
}
