/** The built kernel and programs of `public/kernel`, those that are kept too. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BuiltFiles } from '../debugger/links/builtFiles.ts';
import { buildProgram } from '../debugger/building/program.ts';
import { resolverOf } from '../debugger/links/resolve.ts';
import { problem } from '../machine/loader/problem.ts';
import { presentParts } from './kernelParts.ts';

const BUILT = fileURLToPath(new URL('../../public/kernel/', import.meta.url));

export const builtFiles = new BuiltFiles(async (path) => {
  try {
    return new Uint8Array(readFileSync(BUILT + path));
  } catch {
    return null;
  }
});

/** For links with built files, and with sources to be assembled. */
export const resolveBuilt = resolverOf(builtFiles, async (name, text) => {
  const { headers } = presentParts();
  const answer = buildProgram({ file: `user/${name}.S`, text, others: {} }, headers);
  return answer.ok ? answer.build.executable : problem('It cannot be assembled', 'Something in it is wrong.');
});
