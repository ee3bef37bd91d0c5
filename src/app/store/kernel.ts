import { useEffect, useState } from 'react';
import type { KernelView } from '../../worker/protocol.ts';
import { fail, machine } from './commands.ts';
import { useMachine } from './machine.ts';

/** What is known of the kernel at the present stop, looked for when something shows it; null until it is there. */
export function useKernel(): KernelView | null {
  const view = useMachine((state) => state.view);
  const idle = useMachine((state) => state.running === null && !state.busy && !state.booting);
  const [kernel, setKernel] = useState<KernelView | null>(null);
  useEffect(() => {
    if (view === null || !idle) return;
    let wanted = true;
    machine()
      .kernel()
      .then((found) => {
        if (wanted && found !== null) setKernel(found);
      }, fail);
    return () => {
      wanted = false;
    };
  }, [view, idle]);
  return kernel;
}
