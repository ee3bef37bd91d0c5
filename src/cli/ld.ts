import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { type LinkInput, link } from '../assembler/index.ts';
import { type Command, Status } from './command.ts';
import { problemText } from './problemText.ts';
import { readToolArguments } from './toolArguments.ts';

const USAGE = `usage: npm run -s machine -- ld FILE.o... -o PROGRAM [-T SCRIPT]

Links relocatable files to a static ELF64 executable: a user program of the
Emergence kernel, at 4 MiB, or what a linker script says.

  -o PROGRAM  the file to write
  -T SCRIPT   a linker script
`;

function run(args: readonly string[]): number {
  const fail = (message: string, status: number): number => {
    process.stderr.write(`ld: ${message}\n`);
    return status;
  };
  const read = readToolArguments(args, 'oT');
  if (typeof read === 'string') return fail(read, Status.badArguments);
  const target = read.options.get('o')?.at(-1);
  if (read.files.length === 0) return fail('give the files to link; try --help', Status.badArguments);
  if (target === undefined) return fail('say with -o which file to write', Status.badArguments);
  const scriptName = read.options.get('T')?.at(-1);
  try {
    const inputs = read.files.map((name): LinkInput => ({ name, object: new Uint8Array(readFileSync(name)) }));
    const script = scriptName === undefined ? {} : { script: readFileSync(scriptName, 'utf8'), scriptName };
    const result = link(inputs, script);
    if ('problems' in result) {
      for (const problem of result.problems) process.stderr.write(problemText(problem, null));
      return Status.failed;
    }
    writeFileSync(target, result.program);
    chmodSync(target, 0o755);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), Status.failed);
  }
  return Status.ok;
}

export const ldCommand: Command = {
  name: 'ld',
  summary: 'links relocatable files to a program',
  usage: USAGE,
  run: async (args) => run(args),
};
