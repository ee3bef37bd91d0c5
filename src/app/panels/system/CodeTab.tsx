import { useMachine } from '../../store/machine.ts';
import { CodeListing } from './CodeListing.tsx';

export function CodeTab() {
  const view = useMachine((state) => state.view);
  return view === null ? null : <CodeListing view={view} />;
}
