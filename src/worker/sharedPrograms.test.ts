/** The command line makes of a link's source text the very bytes that the page makes of it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resolveShared } from '../cli/run/sharedFiles.ts';
import { buildProgram } from '../debugger/building/program.ts';

const read = (path: string): string => readFileSync(new URL(`../kernel/${path}`, import.meta.url), 'utf8');

test('an edited program is the same file on the page and at the command line', async () => {
  const text = `${read('user/userprog.S')}\n        nop\n`;
  const headers = { 'syscall.h': read('arch/x86_64/include/syscall.h') };
  const built = buildProgram({ file: 'user/userprog.S', text, others: {} }, headers);
  const files = await resolveShared({ kernel: null, commandLine: '', modules: [{ name: 'userprog', text }] });
  if (!built.ok || 'title' in files) throw new Error('not built');
  expect(files.modules[0]?.bytes).toEqual(built.build.executable);
});
