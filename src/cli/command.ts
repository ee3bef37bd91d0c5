/** A subcommand of `npm run -s machine -- NAME ...`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Text of `NAME --help`. */
  readonly usage: string;
  /** Runs it with the arguments behind its name; gives the exit status. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** Exit statuses shared by all subcommands. */
export const Status = { ok: 0, failed: 1, badArguments: 2, tripleFault: 3, limit: 4, interrupted: 130 } as const;
