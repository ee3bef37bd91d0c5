/** `run --replay LINK|FILE`: repeats a shared run to the place where it was shared. */
import { readFileSync } from 'node:fs';
import { decodeFile, decodeLink } from '../../debugger/links/decode.ts';
import { type Opened, openMachine } from '../../debugger/links/share.ts';
import type { SharedMachine } from '../../debugger/links/shared.ts';
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import { resolveShared } from './sharedFiles.ts';
import type { Sink } from './sink.ts';

function decode(linkOrFile: string): Promise<SharedMachine | Problem> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(linkOrFile));
  } catch {
    return decodeLink(linkOrFile.slice(linkOrFile.indexOf('#') + 1));
  }
  return decodeFile(bytes);
}

/** The machine before its first instruction. */
export async function openReplay(linkOrFile: string): Promise<Opened | Problem> {
  const shared = await decode(linkOrFile);
  return isProblem(shared) ? shared : openMachine(shared, resolveShared);
}

/** Runs it, handing on what it prints. Undefined: it stands where it should and in the same state. */
export async function replay(
  { history, arrive }: Opened,
  output: Sink,
  stop: () => boolean,
): Promise<Problem | undefined> {
  const work = arrive();
  let shown = 0;
  for (;;) {
    const step = work.next();
    for (const byte of history.output.slice(shown, history.output.length)) output.byte(byte);
    shown = history.output.length;
    await output.flush();
    if (step.done) return step.value;
    if (stop()) return undefined;
    await new Promise(setImmediate);
  }
}
