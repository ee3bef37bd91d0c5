import { type ComponentType, useEffect, useState } from 'react';
import { useMachine } from '../../store/machine.ts';

let loaded: ComponentType | null = null;

/** The xterm view of the serial line; null until it has been loaded, which begins after the first machine is shown. */
export function useXterm(): ComponentType | null {
  const [component, setComponent] = useState<ComponentType | null>(() => loaded);
  const shown = useMachine((state) => state.view !== null);
  useEffect(() => {
    if (!shown || component !== null) return;
    let mounted = true;
    import('./XtermView.tsx').then(
      ({ XtermView }) => {
        loaded = XtermView;
        if (mounted) setComponent(() => XtermView);
      },
      // Without xterm the output stays readable as plain text.
      () => undefined,
    );
    return () => {
      mounted = false;
    };
  }, [shown, component]);
  return component;
}
