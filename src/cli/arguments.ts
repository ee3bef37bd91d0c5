/** Command-line arguments, read strictly: whatever is not understood is a problem, never ignored. */
import { isProblem, type Problem, problem } from '../machine/loader/problem.ts';

/** What an option takes: nothing, one value, or one value each time it is given. */
export type OptionKind = 'flag' | 'value' | 'values';

export interface Arguments {
  /** Values of each option that was given, in order; a flag has one empty value. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly positional: readonly string[];
}

const BAD = 'Bad arguments';

/** Reads `--name value`, `--name=value` and `--flag`. Names are without their dashes; `--` ends the options. */
export function readArguments(
  args: readonly string[],
  kinds: Readonly<Record<string, OptionKind>>,
): Arguments | Problem {
  const options = new Map<string, string[]>();
  const positional: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      positional.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positional.push(arg);
      continue;
    }
    const option = readOption(arg, args[i + 1], kinds);
    if (isProblem(option)) return option;
    const { name, value, tookNext } = option;
    if (tookNext) i++;
    const before = options.get(name);
    if (before === undefined) options.set(name, [value]);
    else if (kinds[name] === 'value') return problem(BAD, `--${name} is given twice`);
    else before.push(value);
  }
  return { options, positional };
}

interface ReadOption {
  readonly name: string;
  readonly value: string;
  readonly tookNext: boolean;
}

function readOption(
  arg: string,
  next: string | undefined,
  kinds: Readonly<Record<string, OptionKind>>,
): ReadOption | Problem {
  const equals = arg.indexOf('=');
  const written = equals < 0 ? arg : arg.slice(0, equals);
  const name = written.slice(2);
  const kind = written.startsWith('--') && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) return unknownOption(written, Object.keys(kinds));
  if (kind === 'flag') {
    return equals < 0 ? { name, value: '', tookNext: false } : problem(BAD, `${written} takes no value`);
  }
  if (equals >= 0) return { name, value: arg.slice(equals + 1), tookNext: false };
  if (next === undefined) return problem(BAD, `${written} needs a value`);
  if (next.startsWith('--')) return problem(BAD, `${written} needs a value; write ${written}=${next} if that is it`);
  return { name, value: next, tookNext: true };
}

function unknownOption(written: string, names: readonly string[]): Problem {
  const wanted = written.replace(/^-+/, '');
  const near = names.find((name) => wanted.length > 1 && (name.startsWith(wanted) || wanted.startsWith(name)));
  return problem(BAD, `unknown option ${written}${near === undefined ? '' : ` (did you mean --${near}?)`}`);
}
