/** The machine without a page: `npm run -s machine -- COMMAND ...`. */
import { type Command, Status } from './command.ts';
import { asCommand } from './as.ts';
import { gradeCommand } from './grade/command.ts';
import { ldCommand } from './ld.ts';
import { runCommand } from './run/run.ts';

const COMMANDS: readonly Command[] = [runCommand, asCommand, ldCommand, gradeCommand];

const USAGE = `usage: npm run -s machine -- COMMAND [OPTION]...

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}

COMMAND --help tells its options.
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return Status.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    process.stderr.write(name === undefined ? USAGE : `machine: unknown command ${name}; try --help\n`);
    return Status.badArguments;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.usage);
    return Status.ok;
  }
  return command.run(rest);
}

process.exitCode = await main(process.argv.slice(2));
