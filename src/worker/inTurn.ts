/** One command after the other: a command that takes several slices is not disturbed by the next one. */

type Commands = Readonly<Record<string, (...args: never[]) => unknown>>;

/** `commands` with each call waiting until the calls before it have ended. */
export function inTurn<Some extends Commands>(commands: Some): Some {
  let last: Promise<unknown> = Promise.resolve();
  const waiting = Object.entries(commands).map(([name, command]) => [
    name,
    (...args: never[]) => {
      const mine = last.then(() => command(...args));
      last = mine.catch(() => undefined);
      return mine;
    },
  ]);
  return Object.fromEntries(waiting) as Some;
}
