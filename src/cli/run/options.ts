/** The options of `run`. */
import type { CpuModel } from '../../cpu/profile.ts';
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';
import { type OptionKind, readArguments } from '../arguments.ts';

export interface RunOptions {
  /** Path of the kernel; null: the built Emergence kernel. */
  readonly kernel: string | null;
  readonly commandLine: string;
  /** `FILE` or `FILE=ARGS`, as given. */
  readonly modules: readonly string[];
  readonly memoryBytes: number;
  readonly cpu: CpuModel;
  /** Infinity: no limit. */
  readonly maxInstructions: number;
  readonly until: RegExp | null;
  readonly tracePrivilege: boolean;
  /** Everything on standard error is JSON, one object a line. */
  readonly json: boolean;
  /** File to write the run to when it has ended; null: none. */
  readonly record: string | null;
  /** Link or file of a run to repeat; null: none. */
  readonly replay: string | null;
}

export const RUN_USAGE = `usage: npm run -s machine -- run [OPTION]...

Boots a multiboot kernel. Its serial line is standard output and standard input. The last line of standard error is a
JSON object: instructions, reason, exitCode, cpl, rip, hash, mips.

  --kernel FILE          the kernel, ELF32 or ELF64 (default: Emergence, with its user programs)
  --append TEXT          the kernel's command line
  --module FILE[=ARGS]   a boot module; may be given several times
  --memory MiB           2 to 3072 (default 128)
  --cpu intel|amd        (default intel)
  --max-instructions N   stop after exactly N instructions
  --until REGEX          stop when the output so far matches
  --trace-privilege      a line on standard error for each change of CPL
  --json                 every line on standard error is a JSON object
  --record FILE          write start and input of the run to a file that the page opens and --replay repeats
  --replay LINK|FILE     repeat a run that was shared, to the place where it was shared; its own machine is used

Exit status: 0 --until matched or the guest ended well, 1 the guest ended with an error code, 2 bad arguments or a
kernel that cannot be started, 3 triple fault, 4 --max-instructions reached, 130 interrupted.
`;

const KINDS: Readonly<Record<string, OptionKind>> = {
  kernel: 'value',
  append: 'value',
  module: 'values',
  memory: 'value',
  cpu: 'value',
  'max-instructions': 'value',
  until: 'value',
  'trace-privilege': 'flag',
  json: 'flag',
  record: 'value',
  replay: 'value',
};
const BAD = 'Bad arguments';
const DEFAULT_MEBIBYTES = 128;
const MAX_MEBIBYTES = 3072;

export function readRunOptions(args: readonly string[]): RunOptions | Problem {
  const read = readArguments(args, KINDS);
  if (isProblem(read)) return read;
  const { options, positional } = read;
  if (positional.length > 0) {
    return problem(BAD, `unexpected argument ${positional[0]} (a kernel is given as --kernel FILE)`);
  }
  const value = (name: string): string | undefined => options.get(name)?.[0];
  const memory = wholeNumber('memory', value('memory') ?? String(DEFAULT_MEBIBYTES), 2, MAX_MEBIBYTES);
  if (typeof memory !== 'number') return memory;
  const limit = value('max-instructions');
  const maxInstructions =
    limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('max-instructions', limit, 0, Number.MAX_SAFE_INTEGER);
  if (typeof maxInstructions !== 'number') return maxInstructions;
  const cpu = value('cpu') ?? 'intel';
  if (cpu !== 'intel' && cpu !== 'amd') return problem(BAD, `--cpu must be intel or amd, not ${cpu}`);
  const until = readPattern(value('until'));
  if (until !== null && !(until instanceof RegExp)) return until;
  if (value('kernel') === '') return problem(BAD, '--kernel needs the name of a file');
  return {
    kernel: value('kernel') ?? null,
    commandLine: value('append') ?? '',
    modules: options.get('module') ?? [],
    memoryBytes: memory * 2 ** 20,
    cpu,
    maxInstructions,
    until,
    tracePrivilege: options.has('trace-privilege'),
    json: options.has('json'),
    record: value('record') ?? null,
    replay: value('replay') ?? null,
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number | Problem {
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  return problem(BAD, `--${name} must be a whole number from ${least} to ${most}, not ${text === '' ? 'empty' : text}`);
}

function readPattern(text: string | undefined): RegExp | Problem | null {
  if (text === undefined) return null;
  try {
    return new RegExp(text);
  } catch (e) {
    const reason = e instanceof Error ? e.message.replace(/^Invalid regular expression: /, '') : String(e);
    return problem(BAD, `--until is not a regular expression: ${reason.replaceAll('\n', ' ')}`);
  }
}
