import { useEffect, useState } from 'react';
import type { WalkView } from '../../../worker/protocol.ts';
import { walk } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';

/** The walk of an address, made again at every stop; null until it is there. */
export function useWalk(address: bigint): WalkView | null {
  const view = useMachine((state) => state.view);
  const [answer, setAnswer] = useState<WalkView | null>(null);
  useEffect(() => {
    if (view === null) return;
    let wanted = true;
    walk(address).then((found) => {
      if (wanted) setAnswer(found);
    });
    return () => {
      wanted = false;
    };
  }, [address, view]);
  return answer;
}
