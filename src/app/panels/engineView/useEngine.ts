import { useEffect, useState } from 'react';
import type { EngineView } from '../../../worker/protocol.ts';
import { fail, machine } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';

/** Milliseconds between two looks while the machine runs. */
const LOOK_EVERY = 500;

/** What the engine has done so far, also while the machine runs; null until it is there. */
export function useEngine(): EngineView | null {
  const view = useMachine((state) => state.view);
  const running = useMachine((state) => state.running !== null);
  const booting = useMachine((state) => state.booting);
  const [engine, setEngine] = useState<EngineView | null>(null);
  useEffect(() => {
    if (view === null || booting) return;
    let wanted = true;
    const look = (): void => {
      machine()
        .engine()
        .then((found) => {
          if (wanted) setEngine(found);
        }, fail);
    };
    look();
    const timer = running ? setInterval(look, LOOK_EVERY) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [view, running, booting]);
  return engine;
}
