import type { EditScope } from '../../components/editScope.ts';
import type { Target } from '../../store/history.ts';
import { addWatch, isWatched, removeWatch, useWatches } from '../../store/watches.ts';

/** Whether a piece of state is watched, and the switch for it. */
export function useWatch(name: string, target: Target): NonNullable<EditScope['watch']> {
  const on = useWatches(({ watches }) => watches.length > 0 && isWatched(watches, target));
  return { on, toggle: () => (on ? removeWatch(target) : addWatch({ name, target })) };
}
