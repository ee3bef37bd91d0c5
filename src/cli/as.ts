import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, isRejected } from '../assembler/index.ts';
import { type Command, Status } from './command.ts';
import { problemText } from './problemText.ts';
import { readToolArguments } from './toolArguments.ts';

const USAGE = `usage: npm run -s machine -- as FILE.S -o FILE.o [-I DIR]... [-D NAME=VALUE]...

Assembles a GNU as source to an ELF64 relocatable file. Files named .S go through
the C preprocessor first (#include, #define, #if), others do not.

  -o FILE        the file to write
  -I DIR         where to look for included files, besides the source's own folder
  -D NAME=VALUE  defines a macro; without =VALUE as 1
`;

/** The text of a file, or null when it cannot be read. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function run(args: readonly string[]): number {
  const fail = (message: string, status: number): number => {
    process.stderr.write(`as: ${message}\n`);
    return status;
  };
  const read = readToolArguments(args, 'oID');
  if (typeof read === 'string') return fail(read, Status.badArguments);
  const [file, ...others] = read.files;
  const target = read.options.get('o')?.at(-1);
  if (file === undefined || others.length > 0) return fail('give one source file; try --help', Status.badArguments);
  if (target === undefined) return fail('say with -o which file to write', Status.badArguments);
  const source = readText(file);
  if (source === null) return fail(`${file} cannot be read`, Status.failed);
  const folders = read.options.get('I') ?? [];
  const defines = Object.fromEntries(
    (read.options.get('D') ?? []).map((define) => {
      const [name = '', ...value] = define.split('=');
      return [name, define.includes('=') ? value.join('=') : '1'];
    }),
  );
  const include = (path: string): string | null => {
    for (const candidate of [path, ...folders.map((folder) => join(folder, path))]) {
      const text = readText(candidate);
      if (text !== null) return text;
    }
    return null;
  };
  const result = assemble(source, { fileName: file, include, defines });
  const textOf = (path: string): string | null => (path === file ? source : include(path));
  if (isRejected(result)) {
    for (const problem of result.problems) process.stderr.write(problemText(problem, textOf(problem.file)));
    return Status.failed;
  }
  for (const warning of result.warnings) process.stderr.write(`warning: ${problemText(warning, textOf(warning.file))}`);
  try {
    writeFileSync(target, result.object);
  } catch (error) {
    return fail(`${target} cannot be written: ${error instanceof Error ? error.message : error}`, Status.failed);
  }
  return Status.ok;
}

export const asCommand: Command = {
  name: 'as',
  summary: 'assembles a GNU as source to a relocatable file',
  usage: USAGE,
  run: async (args) => run(args),
};
