import { spokenStep } from '../../format/spoken.ts';
import { type MachineState, useMachine } from '../../store/machine.ts';
import { stateText } from './stateText.ts';

/** What is shown at the foot, or inside an instruction the step that was made, as sentences. */
function spokenText(state: MachineState): string {
  const { view, running, booting } = state;
  const step = view === null || view.microcode === null ? null : spokenStep(view.microcode);
  return step === null || running !== null || booting ? stateText(state) : step;
}

/** Speaks each stop to a screen reader, once it is polite to do so. */
export function Announcer() {
  const text = useMachine(spokenText);
  return (
    <div className="visually-hidden" aria-live="polite" role="status" aria-label="Machine state">
      {text}
    </div>
  );
}
