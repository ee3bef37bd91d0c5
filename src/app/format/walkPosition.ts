import type { MicrocodeView, MicroStepView } from '../../worker/protocol.ts';

/** The step that refuses, or how many there are: as far as a walk can be gone. */
export function walkEnd({ steps }: MicrocodeView): number {
  const failing = steps.findIndex(({ state }) => state === 'failed');
  return failing < 0 ? steps.length : failing + 1;
}

/** A walk, which is known to its end, as it stands after `position` steps. */
export function walkAt(walk: MicrocodeView, position: number): MicrocodeView {
  const stateOf = ({ state }: MicroStepView, index: number): MicroStepView['state'] => {
    if (index < position) return state;
    return index === position ? 'next' : 'waiting';
  };
  const steps = walk.steps.map((step, index): MicroStepView => {
    const state = stateOf(step, index);
    return { ...step, state, value: index < position ? step.value : null };
  });
  return { ...walk, position, steps };
}
