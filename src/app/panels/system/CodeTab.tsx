import { instructionView, useMachine } from '../../store/machine.ts';
import { CodeListing } from './CodeListing.tsx';

export function CodeTab() {
  const view = useMachine(instructionView);
  return view === null ? null : <CodeListing view={view} />;
}
