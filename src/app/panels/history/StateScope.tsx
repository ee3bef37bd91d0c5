import type { ReactNode } from 'react';
import { EditScopeContext } from '../../components/editScope.ts';
import { poke, type Target, whoSet } from '../../store/history.ts';
import { useWatch } from './useWatch.ts';
import { canTravel, useMachine } from '../../store/machine.ts';

interface StateScopeProps {
  readonly name: string;
  readonly target: Target;
  readonly value: bigint;
  readonly bits?: number;
  readonly children: ReactNode;
}

/** Makes what is inside editable as a part of one piece of state, while the machine stands. */
export function StateScope({ name, target, value, bits = 64, children }: StateScopeProps) {
  const standing = useMachine(canTravel);
  const watch = useWatch(name, target);
  const scope = standing
    ? { name, value, bits, write: (now: bigint) => poke(target, now), askWho: () => whoSet(target), watch }
    : null;
  return <EditScopeContext value={scope}>{children}</EditScopeContext>;
}
