/** The built kernel and programs of `public/kernel`, those that are kept too. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BuiltFiles } from '../debugger/links/builtFiles.ts';
import { resolverOf } from '../debugger/links/resolve.ts';
import { problem } from '../machine/loader/problem.ts';

const BUILT = fileURLToPath(new URL('../../public/kernel/', import.meta.url));

export const builtFiles = new BuiltFiles(async (path) => {
  try {
    return new Uint8Array(readFileSync(BUILT + path));
  } catch {
    return null;
  }
});

/** For links without source texts. */
export const resolveBuilt = resolverOf(builtFiles, async () => problem('No assembler', 'Not in this test.'));
