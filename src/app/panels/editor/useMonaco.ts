import { type ComponentType, useEffect, useState } from 'react';
import { whenIdle } from '../../components/whenIdle.ts';
import { useMachine } from '../../store/machine.ts';
import type { SourceProps } from './sourceProps.ts';

type MonacoSource = ComponentType<SourceProps>;
let loaded: MonacoSource | null = null;

/** The Monaco view of a source; null until it has been loaded, which begins after the first machine is shown. */
export function useMonaco(wanted: boolean): MonacoSource | null {
  const [component, setComponent] = useState<MonacoSource | null>(() => loaded);
  const shown = useMachine((state) => state.view !== null);
  useEffect(() => {
    if (!wanted || !shown || component !== null) return;
    let mounted = true;
    const cancel = whenIdle(async () => {
      // A page that cannot fetch the editor keeps the plain listing, which shows the same.
      const module = await import('./MonacoSource.tsx').catch(() => null);
      if (module === null) return;
      loaded = module.MonacoSource;
      if (mounted) setComponent(() => module.MonacoSource);
    });
    return () => {
      mounted = false;
      cancel();
    };
  }, [wanted, shown, component]);
  return wanted ? component : null;
}
