/** Links to machines and saved machines. Loaded when the first one is made or opened. */
import { decodeFile, decodeLink, MOST_FILE_MIB, MOST_LINK_MIB } from '../debugger/links/decode.ts';
import { encodeFile, encodeLink } from '../debugger/links/encode.ts';
import type { SharedMachine } from '../debugger/links/shared.ts';
import { isProblem, type Problem, problem } from '../machine/loader/problem.ts';

export { bringUp } from './opening.ts';
export { describe, filesView } from './sharing.ts';
export { decodeFile, decodeLink };

/** The fragment of a link to a machine. What could not be opened is not to be sent. */
export async function linkTo(machine: SharedMachine): Promise<string | Problem> {
  const fragment = await encodeLink(machine);
  if (machine.memoryMiB <= MOST_LINK_MIB && !isProblem(await decodeLink(fragment))) return fragment;
  return problem('Too much for a link', 'Save the machine as a file and send that.');
}

export async function fileOf(machine: SharedMachine): Promise<Uint8Array | Problem> {
  const bytes = await encodeFile(machine);
  if (!isProblem(await decodeFile(bytes))) return bytes;
  const detail = `A saved machine has at most 12 MiB of files and events, and ${MOST_FILE_MIB} MiB of memory.`;
  return problem('Too much for a file', detail);
}
