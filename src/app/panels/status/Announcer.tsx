import { useMachine } from '../../store/machine.ts';
import { stateText } from './stateText.ts';

/** Speaks each stop to a screen reader, once it is polite to do so. */
export function Announcer() {
  const text = useMachine(stateText);
  return (
    <div className="visually-hidden" aria-live="polite" role="status" aria-label="Machine state">
      {text}
    </div>
  );
}
