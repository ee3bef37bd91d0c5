/** `--trace-privilege`: one line for each change of CPL. */
import type { Machine } from '../../machine/machine.ts';
import type { Transition } from '../../machine/observers.ts';
import type { Places } from './places.ts';

/** Calls `print` with each line from now on. */
export function tracePrivilege(machine: Machine, places: Places, json: boolean, print: (line: string) => void): void {
  machine.observers.onTransition((transition) => {
    if (transition.from.cpl === 3 || transition.to.cpl === 3) places.refresh();
    print(json ? JSON.stringify(dataOf(transition, places)) : textOf(transition, places));
  });
}

function textOf({ at, cause, from, to }: Transition, places: Places): string {
  const head = `${String(at).padStart(12)}  ${cause.padEnd(14)}  CPL ${from.cpl} -> ${to.cpl}`;
  return `${head}  ${places.text(from)} -> ${places.text(to)}`;
}

function dataOf({ at, cause, from, to }: Transition, places: Places): Record<string, unknown> {
  return { at, cause, from: places.data(from), to: places.data(to) };
}
