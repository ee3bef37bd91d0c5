import { type ComponentType, useEffect, useState } from 'react';
import { whenIdle } from '../../components/whenIdle.ts';
import { useMachine } from '../../store/machine.ts';

let loaded: ComponentType | null = null;

/** The xterm view of the serial line; null until it has been loaded, which begins after the first machine has been shown. */
export function useXterm(): ComponentType | null {
  const [component, setComponent] = useState<ComponentType | null>(() => loaded);
  const shown = useMachine((state) => state.view !== null);
  useEffect(() => {
    if (!shown || component !== null) return;
    let mounted = true;
    const cancel = whenIdle(async () => {
      // Without xterm the output stays readable as plain text.
      const module = await import('./XtermView.tsx').catch(() => null);
      if (module === null) return;
      loaded = module.XtermView;
      if (mounted) setComponent(() => module.XtermView);
    });
    return () => {
      mounted = false;
      cancel();
    };
  }, [shown, component]);
  return component;
}
