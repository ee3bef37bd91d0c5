/** Arguments of `as` and `ld`, written as for the GNU tools: `-o FILE`, `-oFILE`, `-D NAME=VALUE`. */
export interface ToolArguments {
  /** Values by option letter, in order. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly string[];
}

/** Reads arguments whose options are these letters, each with a value; a text says what is wrong. */
export function readToolArguments(args: readonly string[], letters: string): ToolArguments | string {
  const options = new Map<string, string[]>();
  const files: string[] = [];
  for (let n = 0; n < args.length; n++) {
    const arg = args[n] ?? '';
    if (!arg.startsWith('-') || arg === '-') {
      files.push(arg);
      continue;
    }
    const letter = arg.charAt(1);
    if (letter === '' || !letters.includes(letter)) return `unknown option ${arg}; try --help`;
    const value = arg.length > 2 ? arg.slice(2) : args[++n];
    if (value === undefined) return `-${letter} needs a value`;
    const before = options.get(letter);
    if (before === undefined) options.set(letter, [value]);
    else before.push(value);
  }
  return { options, files };
}
