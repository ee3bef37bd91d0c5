/** The programs that the built kernel gets as modules when a link names none (FORMAT.md). */

/** Runs when nothing else is said. */
const FIRST = 'userprog';
/** What a command line with init= may name, and what the shell starts by name. */
const OTHERS = [
  'shell',
  'hello',
  'echo',
  'counters',
  'forktree',
  'memory',
  'errors',
  'zoo',
  'doors',
  'fuzz',
  'numbers',
  'registers',
];

/** All programs when the command line chooses one, else the first alone. */
export function usualPrograms(commandLine: string): readonly string[] {
  return /(^|\s)init=/.test(commandLine) ? [FIRST, ...OTHERS] : [FIRST];
}
