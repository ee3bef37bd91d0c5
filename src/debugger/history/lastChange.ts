/** Going back to the last change of any of several watched pieces of state. */
import type { History, Work } from './history.ts';
import { compare, type Position } from './position.ts';
import { whoSet } from './search.ts';
import type { Target } from './target.ts';

/** To right before the instruction that changed one of them last, and which; undefined, and the machine stays, when none did. */
export function* lastChange(history: History, targets: readonly Target[]): Work<Target | undefined> {
  const here = history.position;
  let last: { readonly position: Position; readonly target: Target } | undefined;
  for (const target of targets) {
    yield* history.seek(here);
    if (!(yield* whoSet(history, target))) continue;
    const { position } = history;
    if (last === undefined || compare(position, last.position) > 0) last = { position, target };
  }
  yield* history.seek(last?.position ?? here);
  return last?.target;
}
